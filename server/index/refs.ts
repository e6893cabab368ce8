import { blockOf, wordOf } from './arena.ts';
import type { Level } from './level.ts';

/** What a render needs: groups of one activity, [chunkCount, block, byteOffset, block, byteOffset, …]. */
export interface Drawing {
  blocks: readonly SharedArrayBuffer[];
  refs: Uint32Array;
}

/**
 * Chunks, found in any order, as a render wants them: by activity. `slots` is how many slots there are, `activities`
 * how many the chunks are of. Only the blocks that they lie in are handed over: a thread that is given a block counts
 * its bytes as its own, and soon collects garbage for nothing.
 */
export function groupByActivity(
  { slots: owners, positions, arena }: Level,
  chunks: readonly number[],
  slots: number,
  activities: number,
): Drawing {
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
  const blocks: SharedArrayBuffer[] = [];
  /** By block: one more than its place among those handed over. */
  const places = new Uint32Array(arena.blocks.length);
  for (const chunk of chunks) {
    const to = next[owners[chunk]];
    const block = blockOf(positions[chunk]);
    places[block] ||= blocks.push(arena.blocks[block]);
    refs[to] = places[block] - 1;
    refs[to + 1] = wordOf(positions[chunk]) * 4;
    next[owners[chunk]] = to + 2;
  }
  return { blocks, refs };
}
