/** Counts the IDAT chunks of a PNG that arrives piece by piece: the server sends one for each band it has drawn. */
const SIGNATURE_BYTES = 8;
const HEAD_BYTES = 8;
const CHECKSUM_BYTES = 4;

export class PngChunks {
  /** IDAT chunks that have begun so far. */
  count = 0;
  /** Bytes until the next chunk's head. */
  #skip = SIGNATURE_BYTES;
  /** What of a head has come. */
  readonly #head: number[] = [];

  push(piece: Uint8Array): void {
    let at = 0;
    while (at < piece.length) {
      if (this.#skip > 0) {
        const passed = Math.min(this.#skip, piece.length - at);
        this.#skip -= passed;
        at += passed;
        continue;
      }
      this.#head.push(piece[at++]);
      if (this.#head.length < HEAD_BYTES) continue;
      const [a, b, c, d, ...name] = this.#head.splice(0);
      if (String.fromCharCode(...name) === 'IDAT') this.count++;
      this.#skip = ((a << 24) | (b << 16) | (c << 8) | d) + CHECKSUM_BYTES;
    }
  }
}
