import { forEachChunk, writeChunks } from '../geo/chunks.ts';

/**
 * What a render is given, from plain lines: each activity is some lines of x, y interleaved in world units, encoded
 * as they are (not simplified) at `level`.
 */
export function drawingOf(activities: readonly ArrayLike<number>[][], level: number) {
  const encoded = activities.map((lines) => lines.map((line) => writeChunks(line, level)));
  const length = encoded.flat().reduce((sum, chunks) => sum + chunks.length, 0);
  const block = new SharedArrayBuffer(length);
  const bytes = new Uint8Array(block);
  const refs: number[] = [];
  let offset = 0;
  for (const lines of encoded) {
    const count = refs.length;
    refs.push(0);
    for (const chunks of lines) {
      const from = offset;
      bytes.set(chunks, from);
      forEachChunk(chunks, (at) => {
        refs[count]++;
        refs.push(0, from + at);
      });
      offset += chunks.length;
    }
  }
  return { blocks: [block], refs: Uint32Array.from(refs) };
}
