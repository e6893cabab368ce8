import { createHash, createHmac } from 'node:crypto';

/**
 * What names a recording: a keyed digest of its file's bytes and of the part of the file it was
 * (one file may hold several activities). Keyed, so that a copy of the database does not tell whether
 * somebody has a file which others have too.
 */

export const DIGEST_BYTES = 32;

/** The digest of part `part` of a file whose bytes hash (SHA-256) to `hash`. */
export function partDigest(key: Uint8Array, hash: Uint8Array, part: number): Buffer {
  return createHmac('sha256', key).update(hash).update(`:${part}`).digest();
}

/** The digest of an activity that came without a file, from the words that describe it. */
export function wordsDigest(key: Uint8Array, words: readonly (string | number | null)[]): Buffer {
  return partDigest(key, createHash('sha256').update(JSON.stringify(words)).digest(), 0);
}

/**
 * The digests an athlete already has, in one shared block that worker threads search without copying.
 * A digest not found here may have been added since: saving decides, this only spares the parsing.
 */
export interface KnownDigests {
  /** Digests in ascending order, one after the other. */
  bytes: SharedArrayBuffer;
}

/** Takes digests in any order. */
export function knownDigests(digests: readonly Buffer[]): KnownDigests {
  const bytes = new SharedArrayBuffer(digests.length * DIGEST_BYTES);
  const all = new Uint8Array(bytes);
  [...digests].sort(Buffer.compare).forEach((digest, i) => {
    all.set(digest, i * DIGEST_BYTES);
  });
  return { bytes };
}

/** Binary search. */
export function isKnown({ bytes }: KnownDigests, digest: Buffer): boolean {
  const all = Buffer.from(bytes);
  let low = 0;
  let high = all.length / DIGEST_BYTES;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = all.compare(digest, 0, DIGEST_BYTES, middle * DIGEST_BYTES, (middle + 1) * DIGEST_BYTES);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}
