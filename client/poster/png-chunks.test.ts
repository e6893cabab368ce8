import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pngStream } from '../../server/posters/png-stream.ts';
import fc from '../../server/testing/fast-check.ts';
import { PngChunks } from './png-chunks.ts';

const WIDTH = 20;
const BANDS = [3, 1, 16, 5];

async function picture(): Promise<Buffer> {
  const height = BANDS.reduce((sum, rows) => sum + rows, 0);
  const bands = BANDS.map((rows) =>
    Uint8Array.from({ length: rows * WIDTH * 3 }, (_, at) => (at * 77) % 256),
  );
  const parts: Buffer[] = [];
  const options = { width: WIDTH, height, dpi: 72 };
  for await (const part of pngStream(options, bands)) parts.push(part);
  return Buffer.concat(parts);
}

test('every band is counted once, however the bytes are cut into pieces', async () => {
  const png = await picture();
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sizes) => {
      const chunks = new PngChunks();
      const counts: number[] = [];
      for (let at = 0, turn = 0; at < png.length; turn++) {
        const to = at + sizes[turn % sizes.length];
        chunks.push(png.subarray(at, to));
        counts.push(chunks.count);
        at = to;
      }
      // the last chunk ends the stream of deflate
      assert.equal(chunks.count, BANDS.length + 1);
      assert.deepEqual(
        counts,
        [...counts].sort((a, b) => a - b),
      );
    }),
  );
});
