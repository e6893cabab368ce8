import { getRandomValues } from 'node:crypto';
import type { Knex } from 'knex';
import type { HiddenPlace } from '../activities/public-drawing.ts';
import type { WriteDeps } from '../activities/write.ts';
import { open, seal } from '../athletes/seal.ts';
import type { Circle } from '../geo/circle.ts';
import { EARTH_RADIUS } from '../geo/ground.ts';
import { MAX_LATITUDE } from '../geo/mercator.ts';
import { changeHiding } from './hiding.ts';

/** A place whose inside nobody but the athlete sees. Degrees, metres. */
export interface Zone extends Circle {
  id: string;
  name: string;
}

export type ZoneWords = Omit<Zone, 'id'>;

/** More than anybody lives and works in; each is cut out of every line. */
export const MOST_ZONES = 100;

/** Thrown when an athlete has as many zones as there may be. */
export class TooManyZones extends Error {
  constructor() {
    super(`there are ${MOST_ZONES} zones already`);
    this.name = 'TooManyZones';
  }
}

/** A zone as it is sealed: with the way its cut is off, made once, so that no two cuts of it give it away. */
interface Place extends ZoneWords {
  /** East and north, in a circle of radius 1. */
  offset: [number, number];
}

const PLACE = 'zone';
/** Of its radius, but not more metres than this: how far the middle of what is cut may lie from the zone's. */
const OFFSET = 0.5;
const MOST_OFFSET = 500;
/** The Earth is no sphere: what is so many metres on one may be a little less on the other. */
const ROUND = 1.01;

/** In the order they were made. `key` is the athlete's data key. */
export async function listZones(db: Knex, athleteId: string, key: Buffer): Promise<Zone[]> {
  return (await readPlaces(db, athleteId, key)).map(({ offset: _, ...zone }) => zone);
}

/** What is cut out of an athlete's lines for their zones. */
export async function hiddenPlaces(db: Knex, athleteId: string, key: Buffer): Promise<HiddenPlace[]> {
  return (await readPlaces(db, athleteId, key)).map((place) => ({ cut: cutOf(place), asked: place.radius }));
}

/** Resolves when it is in force in every process. Throws TooManyZones, UnknownAthlete. */
export function createZone(deps: WriteDeps, athleteId: string, words: ZoneWords): Promise<Zone> {
  return changeHiding(deps, athleteId, async ({ trx, key }) => {
    const [{ count }] = await trx('zones').where({ athlete_id: athleteId }).count<{ count: string }[]>();
    if (Number(count) >= MOST_ZONES) throw new TooManyZones();
    const [{ id }] = await trx('zones')
      .insert({ athlete_id: athleteId, place: sealed(key, { ...words, offset: someOffset() }) })
      .returning<{ id: string }[]>('id');
    return { id, ...words };
  });
}

/**
 * Moves, resizes or renames a zone; null when the athlete has no such zone. Resolves when it is in force in every
 * process; another name is at once, as nothing is cut otherwise for it.
 */
export async function changeZone(
  deps: WriteDeps,
  athleteId: string,
  id: string,
  words: Partial<ZoneWords>,
): Promise<Zone | null> {
  const rewrite = async (trx: Knex.Transaction, key: Buffer) => {
    const mine = trx('zones').where({ id, athlete_id: athleteId });
    const row = await mine.clone().forUpdate().first<{ place: Buffer } | undefined>('place');
    if (!row) return null;
    const place = { ...opened(key, row.place), ...words };
    await mine.update({ place: sealed(key, place) });
    const { offset: _, ...zone } = place;
    return { id, ...zone };
  };
  const moves = words.lng !== undefined || words.lat !== undefined || words.radius !== undefined;
  if (moves) return changeHiding(deps, athleteId, ({ trx, key }) => rewrite(trx, key));
  const key = await deps.keyring.dataKey(athleteId);
  return deps.db.transaction((trx) => rewrite(trx, key));
}

/** Resolves when it is gone in every process; null when the athlete has no such zone. */
export function deleteZone(deps: WriteDeps, athleteId: string, id: string): Promise<true | null> {
  return changeHiding(deps, athleteId, async ({ trx }) => {
    return (await trx('zones').where({ id, athlete_id: athleteId }).delete()) > 0 || null;
  });
}

async function readPlaces(db: Knex, athleteId: string, key: Buffer): Promise<(Place & { id: string })[]> {
  const rows = await db('zones')
    .where({ athlete_id: athleteId })
    .orderBy('id')
    .select<{ id: string; place: Buffer }[]>('id', 'place');
  return rows.map(({ id, place }) => ({ id, ...opened(key, place) }));
}

/**
 * The circle that is cut: of a size that tells nothing but the zone's, its middle anywhere such that it still contains
 * the zone. So whoever finds its middle from where lines end does not know the zone's.
 */
export function cutOf({ lng, lat, radius, offset: [east, north] }: Place): Circle {
  const furthest = Math.min(radius * OFFSET, MOST_OFFSET);
  // beyond the map there is nothing to cut, and near a pole no east
  if (Math.abs(lat) > MAX_LATITUDE + 1) return { lng, lat, radius };
  const degrees = (180 / Math.PI / EARTH_RADIUS) * furthest;
  return {
    lng: lng + (east * degrees) / Math.cos((lat * Math.PI) / 180),
    lat: lat + north * degrees,
    radius: radius * ROUND + furthest,
  };
}

/** Evenly from all of the circle of radius 1. */
function someOffset(): [number, number] {
  const [first, second] = getRandomValues(new Uint32Array(2));
  const away = Math.sqrt(first / 2 ** 32);
  const angle = (second / 2 ** 32) * 2 * Math.PI;
  return [away * Math.cos(angle), away * Math.sin(angle)];
}

function sealed(key: Buffer, place: Place): Buffer {
  const { name, lng, lat, radius, offset } = place;
  return seal(key, Buffer.from(JSON.stringify({ name, lng, lat, radius, offset })), PLACE);
}

function opened(key: Buffer, place: Buffer): Place {
  return JSON.parse(open(key, place, PLACE).toString()) as Place;
}
