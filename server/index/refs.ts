import { blockOf, wordOf } from './arena.ts';
import type { Level } from './level.ts';

/**
 * Chunks, found in any order, as a render wants them: by activity, [chunkCount, block, byteOffset, block,
 * byteOffset, …, chunkCount, …]. `slots` is how many slots there are, `activities` how many the chunks are of.
 */
export function groupByActivity(
  { slots: owners, positions }: Level,
  chunks: readonly number[],
  slots: number,
  activities: number,
): Uint32Array {
  const next = new Uint32Array(slots);
  for (const chunk of chunks) next[owners[chunk]]++;
  const refs = new Uint32Array(activities + chunks.length * 2);
  let at = 0;
  for (let slot = 0; slot < slots; slot++) {
    const count = next[slot];
    if (count === 0) continue;
    refs[at] = count;
    // from here on: where the slot's next chunk goes
    next[slot] = at + 1;
    at += 1 + count * 2;
  }
  for (const chunk of chunks) {
    const to = next[owners[chunk]];
    refs[to] = blockOf(positions[chunk]);
    refs[to + 1] = wordOf(positions[chunk]) * 4;
    next[owners[chunk]] = to + 2;
  }
  return refs;
}
