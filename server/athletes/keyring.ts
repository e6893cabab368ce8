import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { LRUCache } from 'lru-cache';
import { BELIEVED } from './belief.ts';
import { KEY_BYTES } from './seal.ts';
import { Wrapping } from './wrapping.ts';

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
  #mine: Wrapping;
  /** The other master key, while the one is changed for the other. */
  #other: Wrapping | null = null;
  readonly #kept = new LRUCache<string, Kept>({ max: MOST_KEPT });

  /** `masterKey`: 32 bytes. */
  constructor(db: Knex, masterKey: Buffer) {
    this.#db = db;
    this.#mine = new Wrapping(masterKey);
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
      wrapped: this.#mine.wrap(athleteId, randomBytes(KEY_BYTES)),
      master_id: this.#mine.id,
    });
  }

  /** From now on works with another master key, to which the data keys were changed. */
  adopt(masterKey: Buffer): void {
    this.#mine = new Wrapping(masterKey);
  }

  /** Throws WrongMasterKey when any key cannot be opened: better said at the start than at a tile. */
  async check(): Promise<void> {
    const { id } = this.#mine;
    const others = await this.#db('data_keys')
      .whereNot({ master_id: id })
      .distinct()
      .pluck<Buffer[]>('master_id');
    // asked only then: a backup of an older schema has no such table yet when it is checked
    if (others.length === 0) return;
    const known = await this.#db('master_keys').where({ sealed_by: id }).pluck<Buffer[]>('master_id');
    if (others.some((other) => !known.some((one) => one.equals(other)))) throw new WrongMasterKey();
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
    return (await this.#wrappingOf(row.master_id)).unwrap(athleteId, row.wrapped);
  }

  async #wrappingOf(masterId: Buffer): Promise<Wrapping> {
    const known = [this.#mine, this.#other].find((one) => one?.id.equals(masterId));
    if (known) return known;
    const link = await this.#db('master_keys')
      .where({ master_id: masterId, sealed_by: this.#mine.id })
      .first<{ sealed: Buffer } | undefined>('sealed');
    if (!link) throw new WrongMasterKey();
    this.#other = this.#mine.reveal(link.sealed);
    return this.#other;
  }
}
