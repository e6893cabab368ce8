import type { Knex } from 'knex';
import { Believed, beliefPassed } from './belief.ts';
import { withoutAthlete } from './keyring.ts';
import { hashOf } from './owner.ts';
import { open, seal } from './seal.ts';
import { isUrlKey, KeyUses, makeUrlKey } from './url-keys.ts';

/** A key by which an athlete's own map programs fetch the athlete's own tiles. */
export interface OwnerKey {
  id: string;
  name: string;
  /** Unix seconds. */
  createdAt: number;
  /** To a minute or so; null: never. */
  lastUsedAt: number | null;
}

/** Thrown when an athlete has as many keys as there may be. */
export class TooManyKeys extends Error {
  constructor() {
    super(`there are ${MOST_KEYS} keys already`);
    this.name = 'TooManyKeys';
  }
}

export const MOST_KEYS = 100;

export interface OwnerKeysOptions {
  db: Knex;
  /** The athlete's data key: seals the names. */
  dataKey(athleteId: string): Promise<Buffer>;
  warn(message: string, details: Record<string, unknown>): void;
}

const COLUMNS = `cast(id as text) as id, cast(extract(epoch from created_at) as float8) as "createdAt",
  cast(extract(epoch from last_used_at) as float8) as "lastUsedAt"`;

/** The owner keys of all athletes. A revoked one is deleted, so nothing tells it from one that never was. */
export class OwnerKeys {
  readonly #db: Knex;
  readonly #dataKey: OwnerKeysOptions['dataKey'];
  readonly #uses: KeyUses;
  readonly #opened: Believed<{ id: string; athleteId: string } | null>;

  constructor({ db, dataKey, warn }: OwnerKeysOptions) {
    this.#db = db;
    this.#dataKey = dataKey;
    this.#uses = new KeyUses(db, 'owner_keys', (error) =>
      warn('the use of keys was not noted', { error: String(error) }),
    );
    this.#opened = new Believed((key) => this.#find(key));
  }

  /** Whose key it is, and notes its use; null when it is nobody's. */
  async open(key: string): Promise<string | null> {
    const found = isUrlKey(key) ? await this.#opened.get(key) : null;
    if (!found) return null;
    this.#uses.note(found.id);
    return found.athleteId;
  }

  /** Makes a key, which is told this once. Throws TooManyKeys, UnknownAthlete. */
  async create(athleteId: string, name: string): Promise<OwnerKey & { key: string }> {
    const key = makeUrlKey();
    const sealed = seal(await this.#dataKey(athleteId), Buffer.from(name), NAME);
    const { rows } = await this.#db
      .raw<{ rows: Omit<OwnerKey, 'name'>[] }>(
        `insert into owner_keys (athlete_id, hash, name) select :athleteId, :hash, :sealed
         where (select count(*) from owner_keys where athlete_id = :athleteId) < :most returning ${COLUMNS}`,
        { athleteId, hash: hashOf(key), sealed, most: MOST_KEYS },
      )
      .catch((error) => {
        throw withoutAthlete(error, athleteId);
      });
    if (rows.length === 0) throw new TooManyKeys();
    this.#opened.forget();
    return { ...rows[0], name, key };
  }

  /** The latest first. Throws UnknownAthlete. */
  async list(athleteId: string): Promise<OwnerKey[]> {
    const dataKey = await this.#dataKey(athleteId);
    const rows = await this.#db('owner_keys')
      .where({ athlete_id: athleteId })
      .orderBy('id', 'desc')
      .select<(Omit<OwnerKey, 'name'> & { name: Buffer })[]>('name', this.#db.raw(COLUMNS));
    return rows.map((row) => ({ ...row, name: open(dataKey, row.name, NAME).toString() }));
  }

  /** False when the athlete has no such key. */
  async rename(athleteId: string, id: string, name: string): Promise<boolean> {
    const sealed = seal(await this.#dataKey(athleteId), Buffer.from(name), NAME);
    const renamed = await this.#db('owner_keys')
      .where({ id, athlete_id: athleteId })
      .update({ name: sealed });
    return renamed > 0;
  }

  /**
   * Takes a key away; false when the athlete has no such key. Resolves only when no process opens anything by it
   * any more: what they believe of it is forgotten by then.
   */
  async revoke(athleteId: string, id: string): Promise<boolean> {
    const revoked = await this.#db('owner_keys').where({ id, athlete_id: athleteId }).delete();
    if (revoked === 0) return false;
    this.#opened.forget();
    await beliefPassed();
    return true;
  }

  /** Writes what is still to be noted. */
  close(): Promise<void> {
    return this.#uses.flush();
  }

  async #find(key: string): Promise<{ id: string; athleteId: string } | null> {
    const row = await this.#db('owner_keys')
      .where({ hash: hashOf(key) })
      .first<{ id: string; athleteId: string } | undefined>('id', 'athlete_id as athleteId');
    return row ?? null;
  }
}

const NAME = 'owner-key-name';
