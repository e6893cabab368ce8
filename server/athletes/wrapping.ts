import { createHash } from 'node:crypto';
import { deriveKey, open, seal } from './seal.ts';

/** A master key at work: it wraps data keys, and has a name that tells nothing of it. */
export class Wrapping {
  /** Eight bytes. */
  readonly id: Buffer;
  readonly #key: Buffer;
  readonly #master: Buffer;

  /** `masterKey`: 32 bytes. */
  constructor(masterKey: Buffer) {
    this.#master = masterKey;
    this.#key = deriveKey(masterKey, 'data keys');
    this.id = createHash('sha256').update(deriveKey(masterKey, 'name')).digest().subarray(0, 8);
  }

  wrap(athleteId: string, dataKey: Buffer): Buffer {
    return seal(this.#key, dataKey, contextOf(athleteId));
  }

  /** Throws SealError. */
  unwrap(athleteId: string, wrapped: Buffer): Buffer {
    return open(this.#key, wrapped, contextOf(athleteId));
  }

  /** Another master key, for those who know this one. */
  hide(other: Wrapping): Buffer {
    return seal(this.#key, other.#master, 'master key');
  }

  /** What `hide` made. Throws SealError. */
  reveal(sealed: Buffer): Wrapping {
    return new Wrapping(open(this.#key, sealed, 'master key'));
  }
}

/** Binds a wrapped key to its athlete, so that no row can stand in for another. */
function contextOf(athleteId: string): string {
  return `data-key:${athleteId}`;
}
