import type { Knex } from 'knex';
import { Believed, beliefPassed } from '../athletes/belief.ts';
import { UnknownAthlete } from '../athletes/keyring.ts';
import { hashOf } from '../athletes/owner.ts';
import { open, seal } from '../athletes/seal.ts';
import { isUrlKey, KeyUses, makeUrlKey } from '../athletes/url-keys.ts';
import { parseFilter } from '../index/filter.ts';
import type { TileMap } from '../tiles/map.ts';
import type { ShareLook } from './look.ts';
import { Views } from './views.ts';

/** A filter in the words of a query: see parseFilter. */
export interface FilterWords {
  sport?: string;
  from?: string;
  to?: string;
  commute?: string;
  virtual?: string;
}

/** What a share shows, and what its visitors may. */
export interface ShareWords {
  name: string;
  /** The activities it shows at the most. */
  filter: FilterWords;
  /** What is left out is as it is by itself. */
  palette: ShareLook;
  /** Whether visitors may filter further. */
  viewerFilters: boolean;
  /** Whether other sites may show it in a frame. */
  embed: boolean;
}

/** A share as its owner sees it. Times in Unix seconds. */
export interface Share extends ShareWords {
  id: string;
  createdAt: number;
  /** Null: never. */
  expiresAt: number | null;
  /** To a minute or so; null: never. */
  lastUsedAt: number | null;
  /** How often its page was opened. */
  views: number;
}

/** A share as whoever holds its key sees it. */
export interface OpenShare {
  id: string;
  athleteId: string;
  words: ShareWords;
}

/** Thrown when an athlete has as many shares as there may be. */
export class TooManyShares extends Error {
  constructor() {
    super(`there are ${MOST_SHARES} shares already`);
    this.name = 'TooManyShares';
  }
}

export const MOST_SHARES = 100;

export interface SharesOptions {
  db: Knex;
  /** The athlete's data key: seals the words. */
  dataKey(athleteId: string): Promise<Buffer>;
  /** Sees to it that there is something for others to see, in the transaction that makes a share. */
  publish(trx: Knex, athleteId: string): Promise<void>;
  warn(message: string, details: Record<string, unknown>): void;
}

type Row = Omit<Share, keyof ShareWords> & { words: Buffer };
type Found = { id: string; athleteId: string; words: ShareWords; expiresAt: number | null };

const WORDS = 'share';
const COLUMNS = `cast(id as text) as id, words, cast(views as float8) as views,
  cast(extract(epoch from created_at) as float8) as "createdAt",
  cast(extract(epoch from expires_at) as float8) as "expiresAt",
  cast(extract(epoch from last_used_at) as float8) as "lastUsedAt"`;
const LIVE = '(expires_at is null or expires_at > now())';
const IN = `now() + :expiresIn * interval '1 second'`;

/** The shares of all athletes. A revoked one is deleted, so nothing tells it from one that never was. */
export class Shares {
  readonly #options: SharesOptions;
  readonly #opened: Believed<Found | null>;
  readonly #uses: KeyUses;
  readonly #views: Views;

  constructor(options: SharesOptions) {
    this.#options = options;
    this.#opened = new Believed((key) => this.#find(key));
    const onFailed = (error: unknown) =>
      options.warn('the use of shares was not noted', { error: String(error) });
    this.#uses = new KeyUses(options.db, 'shares', onFailed);
    this.#views = new Views(options.db, onFailed);
  }

  /** The share that a key opens, and notes its use; null when it opens none (any more), for whatever reason. */
  async open(key: string): Promise<OpenShare | null> {
    const found = isUrlKey(key) ? await this.#opened.get(key) : null;
    if (!found || (found.expiresAt !== null && found.expiresAt * 1000 <= Date.now())) return null;
    this.#uses.note(found.id);
    return found;
  }

  /** Its page was opened once more. */
  viewed(id: string): void {
    this.#views.note(id);
  }

  /** Makes a share for so many seconds (null: for ever), whose key is told this once. Throws TooManyShares, UnknownAthlete. */
  async create(
    athleteId: string,
    words: ShareWords,
    expiresIn: number | null,
  ): Promise<Share & { key: string }> {
    const { db, dataKey, publish } = this.#options;
    const key = makeUrlKey();
    const sealed = sealWords(await dataKey(athleteId), words);
    const row = await db.transaction(async (trx) => {
      // one after the other, so that there are never more than there may be
      if (!(await trx('athletes').where({ id: athleteId }).forUpdate().first('id')))
        throw new UnknownAthlete(athleteId);
      const { rows } = await trx.raw<{ rows: Row[] }>(
        `insert into shares (athlete_id, hash, words, expires_at) select :athleteId, :hash, :sealed, ${IN}
         where (select count(*) from shares where athlete_id = :athleteId) < :most returning ${COLUMNS}`,
        { athleteId, hash: hashOf(key), sealed, expiresIn, most: MOST_SHARES },
      );
      if (rows.length === 0) throw new TooManyShares();
      await publish(trx, athleteId);
      return rows[0];
    });
    return { ...told(row, words), key };
  }

  /** The latest first, expired ones too. Throws UnknownAthlete. */
  async list(athleteId: string): Promise<Share[]> {
    const { db, dataKey } = this.#options;
    const key = await dataKey(athleteId);
    const rows = await db('shares')
      .where({ athlete_id: athleteId })
      .orderBy('id', 'desc')
      .select<Row[]>(db.raw(COLUMNS));
    return rows.map((row) => told(row, openWords(key, row.words)));
  }

  /** Resolves when it is in force in every process; null when the athlete has no such share. `expiresIn`: from now. */
  async change(
    athleteId: string,
    id: string,
    { expiresIn, ...changes }: Partial<ShareWords> & { expiresIn?: number | null },
  ): Promise<Share | null> {
    const { db, dataKey } = this.#options;
    const key = await dataKey(athleteId);
    const changed = await db.transaction(async (trx) => {
      const mine = trx('shares').where({ id, athlete_id: athleteId });
      const before = await mine.clone().forUpdate().first<Row | undefined>(trx.raw(COLUMNS));
      if (!before) return null;
      const words = { ...openWords(key, before.words), ...changes };
      const [row] = await mine
        .update({
          words: sealWords(key, words),
          ...(expiresIn !== undefined && { expires_at: trx.raw(IN, { expiresIn }) }),
        })
        .returning<Row[]>(trx.raw(COLUMNS));
      return told(row, words);
    });
    if (changed) await this.#everywhere();
    return changed;
  }

  /** Takes a share away: resolves when no process opens it any more; false when the athlete has no such share. */
  async revoke(athleteId: string, id: string): Promise<boolean> {
    const revoked = await this.#options.db('shares').where({ id, athlete_id: athleteId }).delete();
    if (revoked === 0) return false;
    await this.#everywhere();
    return true;
  }

  /** Writes what is still to be noted. */
  async close(): Promise<void> {
    await Promise.all([this.#uses.flush(), this.#views.flush()]);
  }

  async #everywhere(): Promise<void> {
    this.#opened.forget();
    await beliefPassed();
  }

  async #find(key: string): Promise<Found | null> {
    const { db, dataKey } = this.#options;
    const row = await db('shares')
      .where({ hash: hashOf(key) })
      .whereRaw(LIVE)
      .first<(Row & { athleteId: string }) | undefined>('athlete_id as athleteId', db.raw(COLUMNS));
    if (!row) return null;
    const { id, athleteId, expiresAt } = row;
    try {
      return { id, athleteId, expiresAt, words: openWords(await dataKey(athleteId), row.words) };
    } catch (error) {
      // deleted in this moment
      if (error instanceof UnknownAthlete) return null;
      throw error;
    }
  }
}

/** The map that a share's tiles are cut from. */
export function mapOf({ athleteId, words: { name, filter, palette, viewerFilters } }: OpenShare): TileMap {
  return {
    athleteId,
    geometry: 'public',
    name,
    only: parseFilter(filter),
    mayAsk: viewerFilters ? 'anything' : palette.by === 'sport' ? 'sports' : 'nothing',
    look: palette,
  };
}

function told({ words: _, ...row }: Row, words: ShareWords): Share {
  return { ...row, ...words };
}

function sealWords(key: Buffer, words: ShareWords): Buffer {
  return seal(key, Buffer.from(JSON.stringify(words)), WORDS);
}

function openWords(key: Buffer, words: Buffer): ShareWords {
  return JSON.parse(open(key, words, WORDS).toString()) as ShareWords;
}
