import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { LRUCache } from 'lru-cache';

/**
 * Keys that stand in URLs, of owner keys and shares: 256 random bits as 43 letters and digits. Nothing else may be in
 * them: editors of OpenStreetMap publish the URLs they drew from, and know how to leave out a key of letters and
 * digits. Only a key's hash is stored.
 */

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** 62^42 < 2^256 < 62^43. */
const LENGTH = 43;

/** A new key. */
export function makeUrlKey(): string {
  let number = BigInt(`0x${randomBytes(32).toString('hex')}`);
  let key = '';
  while (key.length < LENGTH) {
    key = DIGITS[Number(number % 62n)] + key;
    number /= 62n;
  }
  return key;
}

/** Whether a text could be one: what could not is asked of no database. */
export function isUrlKey(text: string): boolean {
  return /^[0-9A-Za-z]{43}$/.test(text);
}

/** Milliseconds between two notes of one key's use: a map asks for dozens of tiles at once. */
const NOTED_EVERY = 60_000;
/** Milliseconds for which uses are gathered, to be written together. */
const GATHERED = 1000;

/**
 * When the keys of one table (with columns `id` and `last_used_at`) were last used: a key's use is written at most
 * once a minute, together with those of others.
 */
export class KeyUses {
  readonly #db: Knex;
  readonly #table: string;
  readonly #onFailed: (error: unknown) => void;
  readonly #noted = new LRUCache<string, true>({ max: 10_000, ttl: NOTED_EVERY });
  #gathered: string[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(db: Knex, table: string, onFailed: (error: unknown) => void) {
    this.#db = db;
    this.#table = table;
    this.#onFailed = onFailed;
  }

  /** Costs nothing that a tile would feel. */
  note(id: string): void {
    if (this.#noted.has(id)) return;
    this.#noted.set(id, true);
    this.#gathered.push(id);
    this.#timer ??= setTimeout(() => void this.flush(), GATHERED).unref();
  }

  /** Writes what was gathered. Never rejects: a use that is not noted harms nobody. */
  async flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const ids = this.#gathered;
    this.#gathered = [];
    if (ids.length === 0) return;
    await this.#db(this.#table)
      .whereIn('id', ids)
      .update({ last_used_at: this.#db.fn.now() })
      .catch(this.#onFailed);
  }
}
