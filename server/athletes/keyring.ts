import { createHash, randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { LRUCache } from 'lru-cache';
import { BELIEVED } from './belief.ts';
import { deriveKey, KEY_BYTES, open, seal } from './seal.ts';

/** Thrown for an athlete who does not, or does no longer, exist. */
export class UnknownAthlete extends Error {
  /** A request of theirs is one of nobody. */
  readonly statusCode = 401;

  constructor(athleteId: string) {
    super(`there is no athlete ${athleteId}`);
    this.name = 'UnknownAthlete';
  }
}

/** Thrown when the data keys were wrapped with another master key than this one. */
export class WrongMasterKey extends Error {
  constructor() {
    super('the data here was encrypted with another master key than the one given');
    this.name = 'WrongMasterKey';
  }
}

/** What an error of the database means for a row of an athlete's who was deleted meanwhile: UnknownAthlete. */
export function withoutAthlete(error: unknown, athleteId: string): unknown {
  const FOREIGN_KEY_VIOLATION = '23503';
  const { code } = error as { code?: unknown };
  return code === FOREIGN_KEY_VIOLATION ? new UnknownAthlete(athleteId) : error;
}

const MOST_KEPT = 10_000;

interface Kept {
  key: Promise<Buffer>;
  /** performance.now() when it was last read. */
  readAt: number;
}

/** The athletes' data keys, wrapped in the database by the master key and kept open in memory while they exist. */
export class Keyring {
  readonly #db: Knex;
  readonly #wrapping: Buffer;
  readonly #masterId: Buffer;
  readonly #kept = new LRUCache<string, Kept>({ max: MOST_KEPT });

  /** `masterKey`: 32 bytes. */
  constructor(db: Knex, masterKey: Buffer) {
    this.#db = db;
    this.#wrapping = deriveKey(masterKey, 'data keys');
    this.#masterId = createHash('sha256').update(deriveKey(masterKey, 'name')).digest().subarray(0, 8);
  }

  /**
   * The athlete's data key: the same Buffer for as long as it is kept. That the key was not destroyed is looked up
   * again once in `BELIEVED`. Throws UnknownAthlete, WrongMasterKey.
   */
  dataKey(athleteId: string): Promise<Buffer> {
    const kept = this.#kept.get(athleteId);
    const now = performance.now();
    if (kept && now - kept.readAt < BELIEVED) return kept.key;
    const fresh: Kept = { key: this.#again(athleteId, kept), readAt: now };
    this.#kept.set(athleteId, fresh);
    fresh.key.catch(() => {
      if (this.#kept.peek(athleteId) === fresh) this.#kept.delete(athleteId);
    });
    return fresh.key;
  }

  /** Lets go of a key that was destroyed. */
  forget(athleteId: string): void {
    this.#kept.delete(athleteId);
  }

  /** Makes and stores the key of a new athlete, in the transaction that creates them. */
  async create(trx: Knex, athleteId: string): Promise<void> {
    await trx('data_keys').insert({
      athlete_id: athleteId,
      wrapped: seal(this.#wrapping, randomBytes(KEY_BYTES), contextOf(athleteId)),
      master_id: this.#masterId,
    });
  }

  /** Throws WrongMasterKey when any key was wrapped with another master key: better said at the start than at a tile. */
  async check(): Promise<void> {
    const other = await this.#db('data_keys').whereNot({ master_id: this.#masterId }).first('athlete_id');
    if (other) throw new WrongMasterKey();
  }

  /** Others hang what they derived on the Buffer, so it stays the one it was. */
  async #again(athleteId: string, kept: Kept | undefined): Promise<Buffer> {
    const [key, before] = await Promise.all([this.#read(athleteId), kept?.key.catch(() => null)]);
    return before?.equals(key) ? before : key;
  }

  async #read(athleteId: string): Promise<Buffer> {
    const row = await this.#db('data_keys')
      .where({ athlete_id: athleteId })
      .first<{ wrapped: Buffer; master_id: Buffer } | undefined>('wrapped', 'master_id');
    if (!row) throw new UnknownAthlete(athleteId);
    if (!row.master_id.equals(this.#masterId)) throw new WrongMasterKey();
    return open(this.#wrapping, row.wrapped, contextOf(athleteId));
  }
}

/** Binds a wrapped key to its athlete, so that no row can stand in for another. */
function contextOf(athleteId: string): string {
  return `data-key:${athleteId}`;
}
