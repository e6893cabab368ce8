/**
 * A truecolour PNG written band by band, so that a picture of any size takes the memory of one band. Each band is one
 * IDAT chunk: whoever reads the stream can count them, and so knows how far it has come.
 */
import { constants, createDeflate } from 'node:zlib';
import { chunk, header, TRUECOLOUR } from '../heat/png.ts';

export interface PngStreamOptions {
  width: number;
  height: number;
  dpi: number;
}

const METRES_PER_INCH = 0.0254;

/**
 * Runs of one colour repeat every three bytes, which Z_RLE does not see, and filtering costs more than it saves: the
 * fastest search for matches is the fastest of all that were measured.
 */
const DEFLATE = { level: 1 };

/**
 * `bands` hold whole rows of red, green and blue, `width` pixels each, `height` rows in all. Throws RangeError when they
 * do not.
 */
export async function* pngStream(
  { width, height, dpi }: PngStreamOptions,
  bands: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  const density = Buffer.alloc(9);
  density.writeUInt32BE(Math.round(dpi / METRES_PER_INCH), 0);
  density.writeUInt32BE(Math.round(dpi / METRES_PER_INCH), 4);
  density[8] = 1;
  yield Buffer.concat([header(width, height, 8, TRUECOLOUR), chunk('pHYs', density)]);

  const deflate = createDeflate(DEFLATE);
  const compressed: Buffer[] = [];
  deflate.on('data', (bytes: Buffer) => compressed.push(bytes));
  const failed = new Promise<never>((_, reject) => deflate.once('error', reject));
  failed.catch(() => {});
  const taken = () => chunk('IDAT', Buffer.concat(compressed.splice(0)));
  const line = width * 3;
  // kept from band to band: every row begins with its filter type, 0, none
  let rowsFiltered = Buffer.alloc(0);
  try {
    let rows = 0;
    for await (const band of bands) {
      const count = band.length / line;
      rows += count;
      if (!Number.isInteger(count) || rows > height) throw new RangeError('a band is not made of whole rows');
      if (rowsFiltered.length < count * (line + 1)) rowsFiltered = Buffer.alloc(count * (line + 1));
      const filtered = rowsFiltered.subarray(0, count * (line + 1));
      for (let row = 0; row < count; row++) {
        filtered.set(band.subarray(row * line, (row + 1) * line), row * (line + 1) + 1);
      }
      const written = new Promise<void>((resolve) => {
        deflate.write(filtered);
        deflate.flush(constants.Z_SYNC_FLUSH, resolve);
      });
      await Promise.race([written, failed]);
      yield taken();
    }
    if (rows !== height) throw new RangeError('rows are missing');
    const ended = new Promise<void>((resolve) => deflate.once('end', resolve));
    deflate.end();
    await Promise.race([ended, failed]);
    yield Buffer.concat([taken(), chunk('IEND', Buffer.alloc(0))]);
  } finally {
    deflate.destroy();
  }
}
