import type { Track } from './recording.ts';
import { sameFamily } from './sports.ts';

/** How much of the longer recording both must share, in time and on the ground. */
const SHARED = 0.8;
/** Metres: positions of two devices on one body differ by less than a cell and its neighbours. */
const CELL = 40;
/** Cells of a track beyond which no more are compared: some thousand kilometres. */
const MOST_CELLS = 100_000;

/**
 * Whether two tracks are recordings of one outing (watch and phone, a file and its copy at a service): sports that
 * may be mistaken for each other, at the same time where both know it, along the same way. Start times alone
 * give false hits with warm-ups; a long recording that contains a short one is not the same outing.
 */
export function sameOuting(a: Track, b: Track, sportA: string, sportB: string): boolean {
  if (!sameFamily(sportA, sportB)) return false;
  const inTime = sharedTime(a, b);
  if (inTime !== null && inTime <= SHARED) return false;
  if (a.pointCount === 0 || b.pointCount === 0) return false;
  const cellsA = cellsOf(a, a);
  const cellsB = cellsOf(b, a);
  return nearShare(cellsA, cellsB) > SHARED && nearShare(cellsB, cellsA) > SHARED;
}

/**
 * The better recording of two of one outing: one that knows its times before one that does not, one that is
 * longer by a tenth, then the denser one. `a` where they are alike.
 */
export function better(a: Track, b: Track): Track {
  if ((a.elapsed === null) !== (b.elapsed === null)) return a.elapsed === null ? b : a;
  if (a.distance > b.distance * 1.1) return a;
  if (b.distance > a.distance * 1.1) return b;
  return b.pointCount > a.pointCount ? b : a;
}

/** What both share of the longer's time, 0 to 1; null where one of them does not know when it was. */
function sharedTime(a: Track, b: Track): number | null {
  if (a.startedAt === null || b.startedAt === null || a.elapsed === null || b.elapsed === null) return null;
  const overlap =
    Math.min(a.startedAt + a.elapsed, b.startedAt + b.elapsed) - Math.max(a.startedAt, b.startedAt);
  const longer = Math.max(a.elapsed, b.elapsed);
  if (longer === 0) return a.startedAt === b.startedAt ? 1 : 0;
  return Math.max(0, overlap) / longer;
}

const METRES_PER_DEGREE = 111_195;

/** The cells of a grid that a track passes through, sampled finely enough not to skip one; `grid` sets its width. */
function cellsOf(track: Track, grid: Track): Set<number> {
  const perLat = METRES_PER_DEGREE / CELL / 1e7;
  const latitude = Math.min(85, Math.abs(grid.lines[0].lat[0] / 1e7));
  const perLng = perLat * Math.cos((latitude * Math.PI) / 180);
  const cells = new Set<number>();
  for (const { lng, lat } of track.lines) {
    let x = lng[0] * perLng;
    let y = lat[0] * perLat;
    cells.add(keyOf(Math.floor(x), Math.floor(y)));
    for (let at = 1; at < lng.length; at++) {
      const toX = lng[at] * perLng;
      const toY = lat[at] * perLat;
      // across the antimeridian the other side counts alone
      const way = Math.max(Math.abs(toX - x), Math.abs(toY - y));
      const steps = way > MOST_CELLS ? 1 : Math.max(1, Math.ceil(way * 2));
      for (let step = 1; step <= steps && cells.size < MOST_CELLS; step++) {
        const share = step / steps;
        cells.add(keyOf(Math.floor(x + (toX - x) * share), Math.floor(y + (toY - y) * share)));
      }
      x = toX;
      y = toY;
    }
  }
  return cells;
}

/** Cells of `a` that lie in or beside one of `b`, as a share of all. */
function nearShare(a: Set<number>, b: Set<number>): number {
  let near = 0;
  for (const cell of a) {
    if (b.has(cell) || NEIGHBOURS.some((offset) => b.has(cell + offset))) near++;
  }
  return near / a.size;
}

const ROW = 2 ** 24;
const NEIGHBOURS = [-1, 1].flatMap((x) => [x, x - ROW, x + ROW]).concat([-ROW, ROW]);

function keyOf(x: number, y: number): number {
  return y * ROW + x;
}
