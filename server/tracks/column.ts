import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/**
 * A column of numbers that follow each other closely, as bytes. What is stored is by how much each differs from
 * where the two before it (or the one before it, whichever gives smaller numbers) pointed:
 *
 *     zstd( first │ step │ order │ small codes, a byte each │ what did not fit into a byte, as varints )
 *
 * Code 0 is an unknown value (NaN), 255 one that did not fit. `step` is the greatest common divisor of all
 * differences: coordinates of five decimals, altitudes in fifths of a metre, times in whole seconds.
 */

const ESCAPE = 255;

/** Values are integers, at most 2^44 apart and from zero, or NaN. */
export function packColumn(values: ArrayLike<number>): Buffer {
  const { first, step } = gridOf(values);
  const order = quieterOrder(values);
  const codes = Buffer.alloc(values.length);
  const large: number[] = [];
  let before = first;
  let slope = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (Number.isNaN(value)) continue;
    const code = 1 + zigzag((value - before - slope) / step);
    if (code < ESCAPE) codes[at] = code;
    else {
      codes[at] = ESCAPE;
      pushVarint(large, code - ESCAPE);
    }
    if (order === 2) slope = value - before;
    before = value;
  }
  const head: number[] = [];
  pushVarint(head, zigzag(first));
  pushVarint(head, step);
  head.push(order);
  return compress(Buffer.concat([Buffer.from(head), codes, Buffer.from(large)]));
}

/** A packed column that holds as many values as it should. */
export interface Column {
  /** Calls `put` with each value in its order. Throws RangeError on damaged bytes. */
  forEach(put: (value: number, at: number) => void): void;
}

/** Throws RangeError unless there are `count` values: before anybody makes room for them. */
export function openColumn(packed: Uint8Array, count: number): Column {
  const reader = new ByteReader(decompress(packed, count * 9 + 32));
  const first = unzigzag(reader.varint());
  const step = reader.varint();
  const order = reader.byte();
  if (step < 1 || (order !== 1 && order !== 2)) throw new RangeError('damaged column');
  const codes = reader.bytes(count);
  return {
    forEach(put) {
      let before = first;
      let slope = 0;
      for (let at = 0; at < count; at++) {
        let code = codes[at];
        if (code === 0) {
          put(Number.NaN, at);
          continue;
        }
        if (code === ESCAPE) code += reader.varint();
        const value = before + slope + unzigzag(code - 1) * step;
        if (order === 2) slope = value - before;
        before = value;
        put(value, at);
      }
      reader.expectEnd();
    },
  };
}

/** Compressed with a check sum of what it holds. */
export function compress(bytes: Uint8Array): Buffer {
  return zstdCompressSync(bytes, {
    params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 },
  });
}

/** Throws RangeError on damaged bytes, or where they unpack to more than `most`. */
export function decompress(packed: Uint8Array, most: number): Buffer {
  try {
    return zstdDecompressSync(packed, { maxOutputLength: Math.max(1, most) });
  } catch (cause) {
    throw new RangeError('damaged bytes cannot be unpacked', { cause });
  }
}

/** Reads bytes from their beginning to their end. Throws RangeError where they end too early. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byte(): number {
    if (this.#at >= this.#bytes.length) throw new RangeError('bytes are missing');
    return this.#bytes[this.#at++];
  }

  bytes(count: number): Uint8Array {
    if (this.#at + count > this.#bytes.length) throw new RangeError('bytes are missing');
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; factor < 2 ** 53; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    throw new RangeError('a number is too long');
  }

  double(): number {
    const bytes = this.bytes(8);
    return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true);
  }

  expectEnd(): void {
    if (this.#at !== this.#bytes.length) throw new RangeError('bytes are left over');
  }
}

/** A whole number from 0 to 2^53 - 1, seven bits a byte, the lowest first. */
export function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

/** Whole numbers to whole numbers from 0 on: 0, -1, 1, -2, 2 … */
export function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

export function unzigzag(code: number): number {
  return code % 2 === 0 ? code / 2 : -(code + 1) / 2;
}

/** The first known value, and the largest step that leads from it to all others. */
function gridOf(values: ArrayLike<number>): { first: number; step: number } {
  let first = Number.NaN;
  let step = 0;
  for (let at = 0; at < values.length && step !== 1; at++) {
    const value = values[at];
    if (Number.isNaN(value)) continue;
    if (Number.isNaN(first)) first = value;
    let rest = Math.abs(value - first);
    while (rest !== 0) [step, rest] = [rest, step % rest];
  }
  return { first: Number.isNaN(first) ? 0 : first, step: Math.max(1, step) };
}

/** 2 where the values keep their course, 1 where they do not. */
function quieterOrder(values: ArrayLike<number>): 1 | 2 {
  let one = 0;
  let two = 0;
  let before = Number.NaN;
  let slope = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (Number.isNaN(value)) continue;
    const difference = Number.isNaN(before) ? 0 : value - before;
    one += Math.log2(1 + Math.abs(difference));
    two += Math.log2(1 + Math.abs(difference - slope));
    slope = difference;
    before = value;
  }
  return two < one ? 2 : 1;
}
