import { chunkPoints, forEachChunk } from '../geo/chunks.ts';
import { type Circle, onMap, outside } from '../geo/circle.ts';
import { COARSE_LEVELS } from '../geo/levels.ts';
import { worldXToLng, worldYToLat } from '../geo/mercator.ts';
import { Slices } from '../index/slices.ts';
import type { Store } from '../index/stored.ts';
import { openGeometry, readCoarse } from '../index/stored.ts';

/** A place where many activities begin or end, as a zone around it would be. */
export interface Suggestion extends Circle {
  /** Activities that begin or end there. */
  activities: number;
}

interface End {
  activityId: string;
  lng: number;
  lat: number;
}

/** Rows read at once. */
const ROWS = 200;
/** Metres across a cell: ends in a cell and those around it belong to one place. */
const CELL = 150;
/** Metres: the radius suggested. */
const RADIUS = 200;
const FEWEST = 3;
const MOST = 5;
const METRES_PER_DEGREE = 111_195;

/** The places of an athlete where most activities begin or end and which no circle covers yet, the busiest first. */
export async function suggestZones(
  store: Store,
  key: Buffer,
  covered: readonly Circle[],
): Promise<Suggestion[]> {
  const circles = covered.map(onMap);
  const isOpen = (x: number, y: number) =>
    circles.every((circle) => outside(Float64Array.of(x, y), circle).length > 0);
  const ends: End[] = [];
  const slices = new Slices();
  for (let after = '0'; ; ) {
    const rows = await readCoarse(store, after, ROWS);
    const last = rows.at(-1);
    if (!last) break;
    after = last.activityId;
    for (const { activityId, coarse } of rows) {
      for (const [x, y] of endsOf(openGeometry(key, coarse))) {
        if (isOpen(x, y)) ends.push({ activityId, lng: worldXToLng(x), lat: worldYToLat(y) });
      }
      await slices.pause();
    }
  }
  return placesOf(ends);
}

/** Where the finest of the coarse lines begin and end: to some metres. */
function endsOf(geometry: Uint8Array): [number, number][] {
  let first: number | null = null;
  let last = 0;
  forEachChunk(geometry, (offset, level) => {
    if (level !== COARSE_LEVELS - 1) return;
    first ??= offset;
    last = offset;
  });
  if (first === null) return [];
  const begin = chunkPoints(geometry, first);
  const end = chunkPoints(geometry, last);
  return [
    [begin[0], begin[1]],
    [end[end.length - 2], end[end.length - 1]],
  ];
}

/** The busiest places, each with the ends around it taken away before the next is looked for. */
function placesOf(ends: readonly End[]): Suggestion[] {
  const cells = new Map<string, End[]>();
  for (const end of ends) {
    const name = cellOf(end.lng, end.lat).join();
    const cell = cells.get(name);
    if (cell) cell.push(end);
    else cells.set(name, [end]);
  }
  const places: Suggestion[] = [];
  while (places.length < MOST) {
    let busiest: { cell: [number, number]; activities: number } | null = null;
    for (const [name, inside] of cells) {
      const cell = name.split(',').map(Number) as [number, number];
      const activities = new Set(inside.map(({ activityId }) => activityId)).size;
      if (activities > (busiest?.activities ?? 0)) busiest = { cell, activities };
    }
    if (!busiest) break;
    const around = takeAround(cells, busiest.cell);
    const activities = new Set(around.map(({ activityId }) => activityId)).size;
    // the busiest cell of those left may be at the edge of a place: others may be busier together, but not by much
    if (activities < FEWEST) break;
    places.push({ ...middleOf(around), radius: RADIUS, activities });
  }
  return places.sort((a, b) => b.activities - a.activities);
}

function takeAround(cells: Map<string, End[]>, [column, row]: [number, number]): End[] {
  const around: End[] = [];
  for (let east = -1; east <= 1; east++) {
    for (let north = -1; north <= 1; north++) {
      const name = [column + east, row + north].join();
      around.push(...(cells.get(name) ?? []));
      cells.delete(name);
    }
  }
  return around;
}

/** To about a metre: more was not known either. */
function middleOf(ends: readonly End[]): { lng: number; lat: number } {
  const mean = (of: (end: End) => number) =>
    Math.round((ends.reduce((sum, end) => sum + of(end), 0) / ends.length) * 1e5) / 1e5;
  return { lng: mean(({ lng }) => lng), lat: mean(({ lat }) => lat) };
}

/** Cells are as wide as the row's latitude makes them. */
function cellOf(lng: number, lat: number): [column: number, row: number] {
  const row = Math.floor((lat * METRES_PER_DEGREE) / CELL);
  const wide = Math.cos(((row * CELL) / METRES_PER_DEGREE) * (Math.PI / 180)) * METRES_PER_DEGREE;
  return [Math.floor((lng * wide) / CELL), row];
}
