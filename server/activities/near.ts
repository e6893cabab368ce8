import type { Knex } from 'knex';
import { open } from '../athletes/seal.ts';
import { type LngLatBox, worldBoxes } from '../geo/box.ts';
import { COARSE_LEVELS } from '../geo/levels.ts';
import { WORLD_SIZE, worldXToLng, worldYToLat } from '../geo/mercator.ts';
import { MAX_ZOOM } from '../geo/tile.ts';
import { EVERYTHING, type Filter } from '../index/filter.ts';
import { drawnLevel, type Nearby, type Place, windowsAt } from '../index/near.ts';
import type { IndexPool, Part } from '../index/pool.ts';

export interface NearDeps {
  db: Knex;
  indexes: IndexPool;
  dataKey(athleteId: string): Promise<Buffer>;
  /** Where Strava shows activities, without a slash at the end. */
  stravaWebsite: string;
}

/** An activity that passes a place, as a list of them shows it. */
export interface PassingActivity {
  id: string;
  name: string | null;
  sport: string;
  /** Unix seconds. */
  startedAt: number | null;
  /** Metres. */
  distance: number | null;
  /** Where Strava shows it; null when Strava does not have it, as far as we know. */
  link: string | null;
}

export interface Passing {
  /** Of all that pass, listed or not. */
  count: number;
  /** Unix seconds: the first and the last start of all that pass and have one. */
  first: number | null;
  last: number | null;
  /** The latest first, those without a start last. */
  activities: PassingActivity[];
}

/** Tiles of 512 px side by side on a screen. */
const TILES_ACROSS = 4;

/** Which of an athlete's activities pass a place, by the lines that are drawn there. Throws what the index pool throws. */
export async function passingBy(
  deps: NearDeps,
  athleteId: string,
  { place, filter, limit }: { place: Place; filter: Filter; limit: number },
): Promise<Passing> {
  const index = await deps.indexes.current(athleteId, partOf(place.zoom));
  // beside the antimeridian one activity may pass on both sides
  const found = new Map<string, Nearby>();
  for (const window of windowsAt(place)) {
    for (const one of index.near(window, filter)) found.set(one.activityId, one);
  }
  const latest = [...found.values()].sort(byStart);
  return {
    count: latest.length,
    first: latest.findLast(({ startedAt }) => startedAt !== null)?.startedAt ?? null,
    last: latest[0]?.startedAt ?? null,
    activities: await described(deps, athleteId, latest.slice(0, limit)),
  };
}

/**
 * The ids of an athlete's activities whose lines run through a box, in no order; as exact as the lines are drawn where the
 * box fills a screen. Throws what the index pool throws.
 */
export async function idsWithin(indexes: IndexPool, athleteId: string, box: LngLatBox): Promise<string[]> {
  const areas = worldBoxes(box);
  const width = areas.reduce((sum, { minX, maxX }) => sum + maxX - minX, 0);
  const height = areas[0].maxY - areas[0].minY;
  const fitting = Math.floor(Math.log2((TILES_ACROSS * WORLD_SIZE) / Math.max(width, height)));
  const zoom = Math.min(MAX_ZOOM, fitting);
  const index = await indexes.current(athleteId, partOf(zoom));
  const level = drawnLevel(zoom);
  const found = areas.flatMap((area) => index.near({ level, area, reach: 0 }, EVERYTHING));
  return [...new Set(found.map(({ activityId }) => activityId))];
}

/** Degrees, as GeoJSON has them. */
export interface TrackShape {
  type: 'Feature';
  id: string;
  properties: Record<string, never>;
  geometry: { type: 'MultiLineString'; coordinates: [number, number][][] };
}

/** An activity's lines as they are drawn at a zoom; null when the athlete has no such activity to draw. */
export async function trackShape(
  { indexes }: Pick<NearDeps, 'indexes'>,
  athleteId: string,
  { id, zoom }: { id: string; zoom: number },
): Promise<TrackShape | null> {
  const index = await indexes.current(athleteId, partOf(zoom));
  const lines = index.lines(id, drawnLevel(zoom));
  if (!lines) return null;
  return {
    type: 'Feature',
    id,
    properties: {},
    geometry: { type: 'MultiLineString', coordinates: lines.map(positionsOf) },
  };
}

function positionsOf(line: Float64Array): [number, number][] {
  const positions: [number, number][] = [];
  for (let at = 0; at < line.length; at += 2) {
    positions.push([rounded(worldXToLng(line[at])), rounded(worldYToLat(line[at + 1]))]);
  }
  // a line has two ends: a dot is one that goes nowhere
  if (positions.length === 1) positions.push(positions[0]);
  return positions;
}

/** To a centimetre: what world coordinates can tell. */
function rounded(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7;
}

function partOf(zoom: number): Part {
  return drawnLevel(zoom) < COARSE_LEVELS ? 'coarse' : 'fine';
}

function byStart(a: Nearby, b: Nearby): number {
  const from = a.startedAt ?? Number.NEGATIVE_INFINITY;
  const to = b.startedAt ?? Number.NEGATIVE_INFINITY;
  // of one second the one saved later, as in every list
  return from === to ? Number(BigInt(b.activityId) - BigInt(a.activityId)) : to - from;
}

async function described(
  { db, dataKey, stravaWebsite }: NearDeps,
  athleteId: string,
  found: readonly Nearby[],
): Promise<PassingActivity[]> {
  if (found.length === 0) return [];
  const rows = await db('activities')
    .where({ athlete_id: athleteId })
    .whereIn(
      'id',
      found.map(({ activityId }) => activityId),
    )
    .select<
      { id: string; name: Buffer | null; sport: string; distance: number | null; strava_id: string | null }[]
    >('id', 'name', 'sport', 'distance', 'strava_id');
  const key = await dataKey(athleteId);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return found.flatMap(({ activityId, startedAt }) => {
    const row = byId.get(activityId);
    // deleted a moment ago
    if (!row) return [];
    return {
      id: activityId,
      name: row.name && open(key, row.name, 'activity-name').toString(),
      sport: row.sport,
      startedAt,
      distance: row.distance,
      link: row.strava_id && `${stravaWebsite}/activities/${encodeURIComponent(row.strava_id)}`,
    };
  });
}
