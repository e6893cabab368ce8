import { CHUNK_HEADER_BYTES, CHUNK_MAX_POINTS, chunkBytes, forEachChunk } from '../geo/chunks.ts';
import { LEVELS, levelUnit } from '../geo/levels.ts';
import { ByteReader, compress, decompress, pushVarint, unzigzag, zigzag } from './column.ts';

/*
 * Geometry for storage. In memory a chunk's steps lie side by side as they are drawn; stored, they are taken
 * apart, so that what is alike lies together. A step is written as its difference from the step before it, the
 * low bytes of all of them apart from the high ones, which are nearly always 0:
 *
 *     number of chunks │ zstd(heads) │ zstd(low bytes of dx, of dy) │ zstd(high bytes of dx, of dy)
 *
 * A head is level, points, and how far the chunk begins from where the one before it ended: mostly 0, 0.
 * That is a little over half of what zstd alone makes of the chunks.
 */

/** Throws RangeError on what is no geometry. */
export function packGeometry(geometry: Uint8Array): Uint8Array {
  const view = new DataView(geometry.buffer, geometry.byteOffset, geometry.byteLength);
  let chunks = 0;
  let steps = 0;
  forEachChunk(geometry, (_, __, points) => {
    chunks++;
    steps += points - 1;
  });
  const heads: number[] = [];
  const low = new Uint8Array(steps * 2);
  const high = new Uint8Array(steps * 2);
  let x = 0;
  let y = 0;
  let dx = 0;
  let dy = 0;
  let to = 0;
  forEachChunk(geometry, (offset, level, points) => {
    const unit = levelUnit(level);
    const originX = view.getInt32(offset, true);
    const originY = view.getInt32(offset + 4, true);
    heads.push(level, points);
    pushVarint(heads, zigzag(originX - x));
    pushVarint(heads, zigzag(originY - y));
    x = originX;
    y = originY;
    const end = offset + chunkBytes(points);
    for (let at = offset + CHUNK_HEADER_BYTES; at < end; at += 4) {
      const nextX = view.getInt16(at, true);
      const nextY = view.getInt16(at + 2, true);
      const codeX = fold(nextX - dx);
      const codeY = fold(nextY - dy);
      low[to] = codeX;
      high[to] = codeX >> 8;
      low[steps + to] = codeY;
      high[steps + to] = codeY >> 8;
      to++;
      dx = nextX;
      dy = nextY;
      x += dx * unit;
      y += dy * unit;
    }
  });
  const count: number[] = [];
  pushVarint(count, chunks);
  return Buffer.concat([Buffer.from(count), ...[Buffer.from(heads), low, high].flatMap(framed)]);
}

/** The very bytes that were packed. Throws RangeError on damaged bytes. */
export function unpackGeometry(packed: Uint8Array): Uint8Array {
  const reader = new ByteReader(packed);
  const chunks = reader.varint();
  const heads = new ByteReader(decompress(reader.bytes(reader.varint()), chunks * 12));
  const most = chunks * (CHUNK_MAX_POINTS - 1) * 2;
  const low = decompress(reader.bytes(reader.varint()), most);
  const high = decompress(reader.bytes(reader.varint()), most);
  reader.expectEnd();
  const steps = low.length / 2;
  if (high.length !== low.length || !Number.isInteger(steps))
    throw new RangeError('damaged geometry: steps are missing');

  const geometry = new Uint8Array(chunks * CHUNK_HEADER_BYTES + steps * 4);
  const view = new DataView(geometry.buffer);
  let offset = 0;
  let from = 0;
  let x = 0;
  let y = 0;
  let dx = 0;
  let dy = 0;
  for (let chunk = 0; chunk < chunks; chunk++) {
    const level = heads.byte();
    const points = heads.byte();
    x += unzigzag(heads.varint());
    y += unzigzag(heads.varint());
    if (level >= LEVELS.length || points < 1 || from + points - 1 > steps) {
      throw new RangeError('damaged geometry: a chunk that cannot be');
    }
    const unit = levelUnit(level);
    view.setInt32(offset, x, true);
    view.setInt32(offset + 4, y, true);
    view.setUint16(offset + 8, points, true);
    view.setUint8(offset + 10, level);
    offset += CHUNK_HEADER_BYTES;
    for (const end = from + points - 1; from < end; from++) {
      dx = unfold(dx, low[from] | (high[from] << 8));
      dy = unfold(dy, low[steps + from] | (high[steps + from] << 8));
      view.setInt16(offset, dx, true);
      view.setInt16(offset + 2, dy, true);
      offset += 4;
      x += dx * unit;
      y += dy * unit;
    }
  }
  heads.expectEnd();
  if (from !== steps) throw new RangeError('damaged geometry: steps are left over');
  return geometry;
}

/** A difference of two int16, modulo 2^16, as an uint16 that is small where the difference is. */
function fold(difference: number): number {
  const wrapped = (difference << 16) >> 16;
  return ((wrapped << 1) ^ (wrapped >> 31)) & 0xffff;
}

function unfold(before: number, code: number): number {
  return ((before + ((code >> 1) ^ -(code & 1))) << 16) >> 16;
}

function framed(bytes: Uint8Array): Buffer[] {
  const packed = compress(bytes);
  const length: number[] = [];
  pushVarint(length, packed.length);
  return [Buffer.from(length), packed];
}
