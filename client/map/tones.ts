/**
 * The tones of a tile, for what is drawn of it here. Read from the file, not off a canvas: browsers that guard against
 * being recognised blur what is read there. See server/heat/png.ts for how a tile is made.
 */
import { isDrawnOn } from './paint.ts';

/** Pixels along a side of a tile. */
export const TILE_SIDE = 256;

const SIGNATURE_BYTES = 8;
/** Of a chunk, without its contents: length, type and checksum. */
const FRAME_BYTES = 12;

/** Row by row, of a tile of 256 px. Rejects what is no tile of ours. */
export async function tonesOf(png: ArrayBuffer): Promise<Uint8Array> {
  const tones = new Uint8Array(TILE_SIDE * TILE_SIDE);
  if (!isDrawnOn(png)) return tones;
  const rows = await unpacked(contents(png));
  // before each row stands how it is packed, which is always: not at all
  for (let row = 0; row < TILE_SIDE; row++) {
    const from = row * (TILE_SIDE + 1) + 1;
    tones.set(rows.subarray(from, from + TILE_SIDE), row * TILE_SIDE);
  }
  return tones;
}

/** What the only IDAT chunk holds. Throws a RangeError where there is none. */
function contents(png: ArrayBuffer): Uint8Array<ArrayBuffer> {
  const view = new DataView(png);
  let at = SIGNATURE_BYTES;
  while (view.getUint32(at + 4) !== IDAT) at += FRAME_BYTES + view.getUint32(at);
  return new Uint8Array(png, at + 8, view.getUint32(at));
}

/** The letters, as a number. */
const IDAT = 0x49444154;

async function unpacked(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
