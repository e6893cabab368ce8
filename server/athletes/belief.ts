import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';

/**
 * Milliseconds for which a process believes what it read of a session or a key before it reads it again. What is
 * revoked or deleted is confirmed only after so long: from then on no process answers from what it once read.
 */
export const BELIEVED = 1000;

/** Clocks of processes on one machine tick alike, but a timer may fire a little early. */
const MARGIN = 50;

/** Resolves when no process believes any more what was true when it was called. */
export async function beliefPassed(): Promise<void> {
  await sleep(BELIEVED + MARGIN);
}

/**
 * Answers read from the database and believed from when their reading began, one read for all who ask meanwhile: a map
 * asks for dozens of tiles at once.
 */
export class Believed<Value> {
  readonly #read: (key: string) => Promise<Value>;
  readonly #known = new LRUCache<string, Promise<Value>>({ max: 10_000, ttl: BELIEVED });

  constructor(read: (key: string) => Promise<Value>) {
    this.#read = read;
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

  /** Lets go of everything: this process reads anew at once. */
  forget(): void {
    this.#known.clear();
  }
}
