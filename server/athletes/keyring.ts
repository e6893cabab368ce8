import { createHash, randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { LRUCache } from 'lru-cache';
import { deriveKey, KEY_BYTES, open, seal } from './seal.ts';

/** Thrown for an athlete who does not, or does no longer, exist. */
export class UnknownAthlete extends Error {
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

const MOST_KEPT = 10_000;

/** The athletes' data keys, wrapped in the database by the master key and kept open in memory. */
export class Keyring {
  readonly #db: Knex;
  readonly #wrapping: Buffer;
  readonly #masterId: Buffer;
  readonly #kept = new LRUCache<string, Promise<Buffer>>({ max: MOST_KEPT });

  /** `masterKey`: 32 bytes. */
  constructor(db: Knex, masterKey: Buffer) {
    this.#db = db;
    this.#wrapping = deriveKey(masterKey, 'data keys');
    this.#masterId = createHash('sha256').update(deriveKey(masterKey, 'name')).digest().subarray(0, 8);
  }

  /** The athlete's data key: the same Buffer for as long as it is kept. Throws UnknownAthlete, WrongMasterKey. */
  dataKey(athleteId: string): Promise<Buffer> {
    const kept = this.#kept.get(athleteId);
    if (kept) return kept;
    const key = this.#read(athleteId);
    this.#kept.set(athleteId, key);
    key.catch(() => {
      if (this.#kept.peek(athleteId) === key) this.#kept.delete(athleteId);
    });
    return key;
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
