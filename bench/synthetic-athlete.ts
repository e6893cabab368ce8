/**
 * A seeded athlete for benches that need only geometry: most activities follow roads around one home, some start
 * in other regions; recorded each second with some metres of noise.
 */
import { forEachChunk, writeChunks } from '../server/geo/chunks.ts';
import { LEVELS, levelTolerance } from '../server/geo/levels.ts';
import { latToWorldY, lngToWorldX, metresPerWorldUnit } from '../server/geo/mercator.ts';
import { simplify } from '../server/geo/simplify.ts';
import type { Bounds } from '../server/geo/tile.ts';

/** One level of all activities: encoded, and where each chunk lies. */
export interface AthleteLevel {
  blocks: SharedArrayBuffer[];
  /** Activity, block, byte offset, minX, minY, maxX, maxY of each chunk, activity by activity. */
  chunks: Float64Array;
  points: number;
}

export interface SyntheticAthlete {
  activities: number;
  points: number;
  levels: AthleteLevel[];
  home: { x: number; y: number };
}

const HOME = { lng: 11.58, lat: 48.14 };
const REGIONS = [
  { lng: 11.35, lat: 46.5 },
  { lng: 2.65, lat: 39.6 },
  { lng: -122.4, lat: 37.77 },
  { lng: 153.02, lat: -27.47 },
];
const BLOCK_BYTES = 2 ** 20;
const CHUNK_COLUMNS = 7;

export function syntheticAthlete(options: {
  activities: number;
  pointsEach: number;
  seed?: number;
}): SyntheticAthlete {
  const { activities, pointsEach } = options;
  const random = mulberry32(options.seed ?? 1);
  const routes = Array.from({ length: 240 }, (_, index) =>
    route(random, index < 190 ? HOME : REGIONS[index % REGIONS.length]),
  );
  const writers = LEVELS.map(() => new LevelWriter());
  for (let activity = 0; activity < activities; activity++) {
    // few routes are taken often, most seldom
    const chosen = routes[Math.floor(random() ** 2 * routes.length)];
    let line: Float64Array = ride(random, chosen, pointsEach);
    for (let level = LEVELS.length - 1; level >= 0; level--) {
      const kept = simplify(line, levelTolerance(level));
      const next = new Float64Array(kept.length * 2);
      for (let at = 0; at < kept.length; at++) {
        next[at * 2] = line[kept[at] * 2];
        next[at * 2 + 1] = line[kept[at] * 2 + 1];
      }
      line = next;
      writers[level].append(activity, writeChunks(line, level));
    }
  }
  return {
    activities,
    points: activities * pointsEach,
    levels: writers.map((writer) => writer.finish()),
    home: { x: lngToWorldX(HOME.lng), y: latToWorldY(HOME.lat) },
  };
}

/** What a render is given for an area: the chunks whose bounds come near it, grouped by activity. */
export function refsNear(
  level: AthleteLevel,
  area: Bounds,
  reach: number,
): { refs: Uint32Array; activities: number } {
  const refs: number[] = [];
  let activities = 0;
  let current = -1;
  let count = 0;
  const { chunks } = level;
  for (let at = 0; at < chunks.length; at += CHUNK_COLUMNS) {
    if (chunks[at + 3] > area.maxX + reach || chunks[at + 5] < area.minX - reach) continue;
    if (chunks[at + 4] > area.maxY + reach || chunks[at + 6] < area.minY - reach) continue;
    if (chunks[at] !== current) {
      current = chunks[at];
      activities++;
      count = refs.length;
      refs.push(0);
    }
    refs[count]++;
    refs.push(chunks[at + 1], chunks[at + 2]);
  }
  return { refs: Uint32Array.from(refs), activities };
}

class LevelWriter {
  readonly #blocks: SharedArrayBuffer[] = [];
  readonly #chunks: number[] = [];
  #used = BLOCK_BYTES;
  #points = 0;

  append(activity: number, chunks: Uint8Array) {
    if (this.#used + chunks.length > BLOCK_BYTES) {
      this.#blocks.push(new SharedArrayBuffer(Math.max(BLOCK_BYTES, chunks.length)));
      this.#used = 0;
    }
    const block = this.#blocks.length - 1;
    new Uint8Array(this.#blocks[block]).set(chunks, this.#used);
    const start = this.#used;
    forEachChunk(chunks, (offset, _, pointCount, { minX, minY, maxX, maxY }) => {
      this.#chunks.push(activity, block, start + offset, minX, minY, maxX, maxY);
      this.#points += pointCount;
    });
    this.#used += chunks.length;
  }

  finish(): AthleteLevel {
    return { blocks: this.#blocks, chunks: Float64Array.from(this.#chunks), points: this.#points };
  }
}

/** A winding loop of roads: x, y in metres from a start, a point each 40 m or so. */
function route(random: () => number, { lng, lat }: { lng: number; lat: number }) {
  const x0 = lngToWorldX(lng);
  const y0 = latToWorldY(lat);
  const metre = 1 / metresPerWorldUnit(y0);
  const startX = x0 + (random() - 0.5) * 3000 * metre;
  const startY = y0 + (random() - 0.5) * 3000 * metre;
  const points: number[] = [];
  let x = startX;
  let y = startY;
  let heading = random() * 2 * Math.PI;
  for (let at = 0; at < 700; at++) {
    points.push(x, y);
    // streets turn seldom and sharply, roads bend; after half the way it leans homeward
    if (random() < 0.05) heading += (random() < 0.5 ? -1 : 1) * (Math.PI / 2);
    heading += (random() - 0.5) * 0.25;
    if (at > 350) {
      const home = Math.atan2(startY - y, startX - x);
      heading += Math.sin(home - heading) * 0.2;
    }
    x += Math.cos(heading) * 40 * metre;
    y += Math.sin(heading) * 40 * metre;
  }
  return { points, metre };
}

/** The route at 4 to 9 m/s, a point each second, with noise that drifts as GPS does. */
function ride(
  random: () => number,
  { points, metre }: ReturnType<typeof route>,
  count: number,
): Float64Array {
  const xy = new Float64Array(count * 2);
  const speed = 4 + random() * 5;
  let driftX = 0;
  let driftY = 0;
  const start = random() < 0.5 ? 0 : Math.floor(random() * 100);
  for (let at = 0; at < count; at++) {
    const place = (start + (at * speed) / 40) % (points.length / 2 - 1);
    const index = Math.floor(place);
    const share = place - index;
    driftX = driftX * 0.95 + (random() - 0.5) * 1.6;
    driftY = driftY * 0.95 + (random() - 0.5) * 1.6;
    xy[at * 2] = points[index * 2] * (1 - share) + points[index * 2 + 2] * share + driftX * metre;
    xy[at * 2 + 1] = points[index * 2 + 1] * (1 - share) + points[index * 2 + 3] * share + driftY * metre;
  }
  return xy;
}

/** Tommy Ettinger's small generator: uniform in [0, 1). */
export function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
