/**
 * Tiles as indexed PNGs. A pixel is the tone; what colour a tone has stands in two small chunks (PLTE, tRNS)
 * that are put in when a tile is answered. Stored tiles lack them and are about 1 KB from being a valid PNG:
 *
 *     signature  IHDR │            │ IDAT  IEND
 *                     └ PLTE  tRNS ┘
 */
import { constants, crc32, deflateSync, inflateSync } from 'node:zlib';
import type { TileSize } from '../geo/tile.ts';
import type { Palette } from './palette.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Colour types: pixels are red, green and blue, or numbers of a palette. */
export const TRUECOLOUR = 2;
const INDEXED = 3;

/** Where the colours go: after the signature and IHDR. */
const COLOURS_AT = SIGNATURE.length + 12 + 13;

const HEADS: Record<TileSize, Buffer> = { 256: header(256, 256, 8), 512: header(512, 512, 8) };
const TAIL = chunk('IEND', Buffer.alloc(0));

/**
 * Runs are what a tile is made of: empty land, and lines whose inside has one tone. Looking for nothing else
 * (Z_RLE, which has no use for a level) is faster than the fastest search for matches, and about as small. A
 * smaller window than the default, though runs need none, makes zlib slide it all the time.
 */
const DEFLATE = { level: 1, strategy: constants.Z_RLE, chunkSize: 65536 };

/** The tile without heat: 256 px square for maps that insist, one bit a pixel, transparent. Coloured already. */
export const EMPTY_TILE: Buffer = Buffer.concat([
  header(256, 256, 1),
  chunk('PLTE', Buffer.alloc(3)),
  chunk('tRNS', Buffer.alloc(1)),
  chunk('IDAT', deflateSync(Buffer.alloc(256 * (1 + 256 / 8)), { level: 9 })),
  TAIL,
]);

/** Kept from tile to tile. Every row begins with its filter type: 0, none. */
const ROWS: Record<TileSize, Uint8Array> = {
  256: new Uint8Array(256 * 257),
  512: new Uint8Array(512 * 513),
};

/** A tile's tones, row by row, as a PNG without colours: the bytes that `colour` wants. */
export function encodeTile(tone: Uint8Array, size: TileSize): Buffer {
  const rows = ROWS[size];
  for (let row = 0; row < size; row++) {
    rows.set(tone.subarray(row * size, row * size + size), row * (size + 1) + 1);
  }
  return Buffer.concat([HEADS[size], chunk('IDAT', deflateSync(rows, DEFLATE)), TAIL]);
}

/**
 * A valid PNG of the tile in these colours, in pieces: its pixels are not copied. What is no tile of ours without colours
 * (like the empty tile) stays as it is.
 */
export function colour(png: Buffer, { plte, trns }: Palette): Buffer[] {
  if (png.toString('latin1', COLOURS_AT + 4, COLOURS_AT + 8) !== 'IDAT') return [png];
  return [png.subarray(0, COLOURS_AT), plte, trns, png.subarray(COLOURS_AT)];
}

/** The tones of a tile of ours, coloured or not, the empty one too. Throws RangeError on anything else. */
export function readTone(png: Buffer): Uint8Array {
  if (png.length < COLOURS_AT || !png.subarray(0, 8).equals(SIGNATURE)) throw new RangeError('not a PNG');
  if (png.equals(EMPTY_TILE)) return new Uint8Array(256 * 256);
  const size = png.readUInt32BE(16);
  const tones = new Uint8Array(size * size);
  for (let at = COLOURS_AT; at + 12 <= png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) !== 'IDAT') continue;
    const rows = inflateSync(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
    if (rows.length !== size * (size + 1)) break;
    for (let row = 0; row < size; row++) {
      const from = row * (size + 1) + 1;
      tones.set(rows.subarray(from, from + size), row * size);
    }
    return tones;
  }
  throw new RangeError('not a tile of ours');
}

/** A PNG chunk: length, type, bytes, CRC. */
export function chunk(type: string, bytes: Uint8Array): Buffer {
  const whole = Buffer.allocUnsafe(bytes.length + 12);
  whole.writeUInt32BE(bytes.length, 0);
  whole.write(type, 4, 'latin1');
  whole.set(bytes, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, bytes.length + 8)), bytes.length + 8);
  return whole;
}

/** Signature and IHDR of a picture. */
export function header(
  width: number,
  height: number,
  bitDepth: 1 | 8,
  colourType: typeof TRUECOLOUR | typeof INDEXED = INDEXED,
): Buffer {
  const bytes = Buffer.alloc(13);
  bytes.writeUInt32BE(width, 0);
  bytes.writeUInt32BE(height, 4);
  bytes[8] = bitDepth;
  bytes[9] = colourType;
  return Buffer.concat([SIGNATURE, chunk('IHDR', bytes)]);
}
