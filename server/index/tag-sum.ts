/**
 * Sums of 128-bit tags modulo 2^128. A tag is four unsigned 32-bit lanes, least significant first. Lanes are
 * added as doubles, which is exact for two million tags, and carried once at the end.
 */
export class TagSum {
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;
  /** How many tags were added. */
  count = 0;

  /** Adds the tag at `lanes[at … at + 3]`. */
  add(lanes: Uint32Array, at: number): void {
    this.#a += lanes[at];
    this.#b += lanes[at + 1];
    this.#c += lanes[at + 2];
    this.#d += lanes[at + 3];
    this.count++;
  }

  /** The sum as 16 bytes, least significant first. */
  bytes(): Buffer {
    const bytes = Buffer.alloc(16);
    let carry = 0;
    let at = 0;
    for (const lane of [this.#a, this.#b, this.#c, this.#d]) {
      const sum = lane + carry;
      carry = Math.floor(sum / 2 ** 32);
      bytes.writeUInt32LE(sum % 2 ** 32, at);
      at += 4;
    }
    return bytes;
  }
}

/** Writes a 16-byte tag as four lanes at `lanes[at … at + 3]`. */
export function writeTag(tag: Uint8Array, lanes: Uint32Array, at: number): void {
  if (tag.length !== 16) throw new RangeError('a tag has 16 bytes');
  const view = new DataView(tag.buffer, tag.byteOffset, tag.byteLength);
  for (let lane = 0; lane < 4; lane++) lanes[at + lane] = view.getUint32(lane * 4, true);
}

/** Whether the four lanes at `lanes[at … at + 3]` are this tag. */
export function hasTag(tag: Uint8Array, lanes: Uint32Array, at: number): boolean {
  const own = new Uint32Array(4);
  writeTag(tag, own, 0);
  return own.every((lane, number) => lane === lanes[at + number]);
}
