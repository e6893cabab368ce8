import { chunkPoints } from '../geo/chunks.ts';
import { blockOf, wordOf } from './arena.ts';
import type { Level } from './level.ts';

/** The lines that consecutive chunks are of: those that go on where the one before ended are joined. */
export function linesOf({ arena, positions }: Level, first: number, count: number): Float64Array[] {
  const lines: number[][] = [];
  for (let chunk = first; chunk < first + count; chunk++) {
    const block = new Uint8Array(arena.blocks[blockOf(positions[chunk])]);
    const points = chunkPoints(block, wordOf(positions[chunk]) * 4);
    const line = lines.at(-1);
    const goesOn = line !== undefined && line.at(-2) === points[0] && line.at(-1) === points[1];
    if (goesOn) line.push(...points.subarray(2));
    else lines.push([...points]);
  }
  return lines.map((line) => Float64Array.from(line));
}
