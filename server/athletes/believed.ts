import { LRUCache } from 'lru-cache';

/** Milliseconds for which what was read from the database is believed: a map asks for dozens of tiles at once. */
export const BELIEVED = 1000;

/**
 * Answers read from the database and believed for a second from when the reading began, one read for all who ask
 * meanwhile. So whoever asks a second after something was taken away is not told that it is there, in any process.
 */
export class Believed<Value> {
  readonly #read: (key: string) => Promise<Value>;
  readonly #known: LRUCache<string, Promise<Value>>;

  constructor(read: (key: string) => Promise<Value>, most = 10_000) {
    this.#read = read;
    this.#known = new LRUCache({ max: most, ttl: BELIEVED });
  }

  /** Rejects with what the read rejects with; the next one to ask tries again. */
  get(key: string): Promise<Value> {
    const known = this.#known.get(key);
    if (known) return known;
    const value = this.#read(key);
    this.#known.set(key, value);
    value.catch(() => {
      if (this.#known.peek(key) === value) this.#known.delete(key);
    });
    return value;
  }

  /** Lets go of everything: what changed is read anew at once by this process. */
  forget(): void {
    this.#known.clear();
  }
}
