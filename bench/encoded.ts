/** The made-up athlete's levels in shared memory, for benches that need only what a render is given. */
import { chunkBytes, forEachChunk } from '../server/geo/chunks.ts';
import { LEVELS } from '../server/geo/levels.ts';
import type { Bounds } from '../server/geo/tile.ts';
import { makeLevels } from '../server/tracks/levels.ts';
import { benchActivities } from './athlete.ts';

/** One level of all activities: encoded, and where each chunk lies. */
export interface EncodedLevel {
  blocks: SharedArrayBuffer[];
  /** Activity, block, byte offset, minX, minY, maxX, maxY of each chunk, activity by activity. */
  chunks: Float64Array;
}

export interface EncodedAthlete {
  activities: number;
  points: number;
  levels: EncodedLevel[];
}

const BLOCK_BYTES = 2 ** 20;
const CHUNK_COLUMNS = 7;

/** `points` are those of one activity in the mean. */
export function encodedAthlete(activities: number, points: number): EncodedAthlete {
  const writers = LEVELS.map(() => new LevelWriter());
  let activity = 0;
  let total = 0;
  for (const { track } of benchActivities(activities, points)) {
    const { coarse, fine } = makeLevels(track);
    for (const geometry of [coarse, fine]) {
      forEachChunk(geometry, (offset, level, pointCount, bounds) => {
        writers[level].append(activity, geometry.subarray(offset, offset + chunkBytes(pointCount)), bounds);
      });
    }
    activity++;
    total += track.pointCount;
  }
  return { activities, points: total, levels: writers.map((writer) => writer.finish()) };
}

/** What a render is given for an area: the chunks whose bounds come near it, grouped by activity. */
export function refsNear(
  level: EncodedLevel,
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

  append(activity: number, chunk: Uint8Array, { minX, minY, maxX, maxY }: Bounds) {
    if (this.#used + chunk.length > BLOCK_BYTES) {
      this.#blocks.push(new SharedArrayBuffer(BLOCK_BYTES));
      this.#used = 0;
    }
    const block = this.#blocks.length - 1;
    new Uint8Array(this.#blocks[block]).set(chunk, this.#used);
    this.#chunks.push(activity, block, this.#used, minX, minY, maxX, maxY);
    this.#used += chunk.length;
  }

  finish(): EncodedLevel {
    return { blocks: this.#blocks, chunks: Float64Array.from(this.#chunks) };
  }
}
