/** Most bytes of one block; the first ones are smaller. A chunk never crosses from one block into the next. */
const BLOCK_BYTES = 2 ** 20;

const FIRST_BLOCK_BYTES = 2 ** 15;

const WORDS_PER_BLOCK = BLOCK_BYTES / 4;

/**
 * Geometry in shared memory, append-only: a worker that was handed a position may read it at leisure, whatever
 * is added or removed meanwhile. What is removed leaves a hole until its athlete is loaded anew.
 *
 * A position is one unsigned 32-bit integer: block × words of a block + word within it (so up to 16 GiB).
 */
export class Arena {
  readonly blocks: SharedArrayBuffer[] = [];
  /** The same blocks as 32-bit words, for readers on this thread. */
  readonly words: Int32Array[] = [];
  #bytes: Uint8Array = new Uint8Array(0);
  #used = 0;
  #allocated = 0;

  /** Copies `geometry[from, to)`, a chunk (a multiple of 4 bytes, far fewer than a block's), and returns its position. */
  append(geometry: Uint8Array, from: number, to: number): number {
    const length = to - from;
    if (this.#used + length > this.#bytes.length) this.#grow();
    const start = this.#used;
    this.#bytes.set(geometry.subarray(from, to), start);
    this.#used = start + length;
    return (this.blocks.length - 1) * WORDS_PER_BLOCK + start / 4;
  }

  /** Bytes of the chunk whose header lies at `position`. */
  chunkBytes(position: number): number {
    const pointCount = this.words[blockOf(position)][wordOf(position) + 2] & 0xffff;
    return 12 + 4 * (pointCount - 1);
  }

  get bytes(): number {
    return this.#allocated;
  }

  #grow() {
    // at most half again as much as is used, so that many small athletes fit
    const block = new SharedArrayBuffer(
      Math.min(
        BLOCK_BYTES,
        Math.max(FIRST_BLOCK_BYTES, 2 ** Math.floor(Math.log2(this.#allocated / 2 || 1))),
      ),
    );
    this.#allocated += block.byteLength;
    this.blocks.push(block);
    this.words.push(new Int32Array(block));
    this.#bytes = new Uint8Array(block);
    this.#used = 0;
  }
}

export function blockOf(position: number): number {
  return Math.floor(position / WORDS_PER_BLOCK);
}

/** Words from the start of the block. */
export function wordOf(position: number): number {
  return position % WORDS_PER_BLOCK;
}
