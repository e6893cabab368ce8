import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Knex } from 'knex';
import { withoutAthlete } from '../athletes/keyring.ts';
import { open, seal } from '../athletes/seal.ts';
import {
  DISK_FULL,
  type Failure,
  type FileOutcome,
  type FilePage,
  listFailures,
  listFiles,
  type Outcome,
  recordFiles,
} from './import-outcomes.ts';

export type ImportState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** An import as its resource shows it; times in Unix seconds. */
export interface Import {
  id: string;
  state: ImportState;
  /** Files and hand-written activities found so far, and those of them that are finished, failed ones too. */
  total: number;
  done: number;
  /** Points recorded in what was imported. */
  points: number;
  /** Activities that were not here before. */
  added: number;
  /** Files that could not be imported. */
  failed: number;
  startedAt: number | null;
  finishedAt: number | null;
}

/** Where an import's files are: paths of this machine, or uploads in the spool. */
export interface ImportSource {
  /** What the athlete called it. */
  name: string;
  path: string;
  /** Bytes before sealing, where it is an upload. */
  size: number | null;
}

export interface Progress {
  total: number;
  done: number;
  points: number;
  added: number;
}

const COLUMNS = `i.id, i.state, i.total, i.done, i.points::float8 as points, i.added,
  (select count(*)::int from import_files f where f.import_id = i.id and f.outcome = 'failed') as failed,
  extract(epoch from i.started_at)::float8 as "startedAt", extract(epoch from i.finished_at)::float8 as "finishedAt"`;
const NAMES = 'import-source';
/** Days for which it is known what became of each file. */
const FILES_KEPT = 90;

/** The imports of all athletes, as stored. What names a file is sealed with the athlete's key. */
export class Imports {
  /** Tells of each change made by this process, with the athlete's id. */
  readonly changes = new EventEmitter<{ change: [athleteId: string] }>();
  readonly #db: Knex;
  readonly #dataKey: (athleteId: string) => Promise<Buffer>;

  constructor(db: Knex, dataKey: (athleteId: string) => Promise<Buffer>) {
    this.#db = db;
    this.#dataKey = dataKey;
  }

  /**
   * Stores a new import and queues it, in one transaction with whatever `enqueue` does. Throws UnknownAthlete for one
   * who was deleted meanwhile.
   */
  async create(
    athleteId: string,
    {
      id = randomUUID(),
      sources,
      spooled,
    }: { id?: string; sources: readonly ImportSource[]; spooled: boolean },
    enqueue: (trx: Knex.Transaction, importId: string) => Promise<void>,
  ): Promise<string> {
    const key = await this.#dataKey(athleteId);
    await this.#db
      .transaction(async (trx) => {
        await trx('imports').insert({
          id,
          athlete_id: athleteId,
          state: 'queued',
          total: 0,
          done: 0,
          points: 0,
          source_paths: seal(key, Buffer.from(JSON.stringify(sources)), NAMES),
          spool: spooled,
        });
        await trx.raw(
          `delete from import_files where import_id in (
             select id from imports where athlete_id = ? and finished_at < now() - ? * interval '1 day')`,
          [athleteId, FILES_KEPT],
        );
        await enqueue(trx, id);
      })
      .catch((error) => {
        throw withoutAthlete(error, athleteId);
      });
    this.changes.emit('change', athleteId);
    return id;
  }

  /** What an import's job works on, and what it added already; null when it is unknown or already over. */
  async begin(
    id: string,
  ): Promise<{ athleteId: string; sources: ImportSource[]; spooled: boolean; added: number } | null> {
    const row = await this.#db('imports')
      .where({ id })
      .whereIn('state', ['queued', 'running'])
      .first<{ athlete_id: string; source_paths: Buffer; spool: boolean } | undefined>(
        'athlete_id',
        'source_paths',
        'spool',
      );
    if (!row) return null;
    const key = await this.#dataKey(row.athlete_id);
    const sources = JSON.parse(open(key, row.source_paths, NAMES).toString()) as ImportSource[];
    // Begun again after a kill: everything is counted anew, what was saved is recognised. What failed is tried again.
    await this.#db('import_files').where({ import_id: id, outcome: 'failed' }).delete();
    const [{ added }] = await this.#db('import_files')
      .where({ import_id: id })
      .select<{ added: number }[]>(this.#db.raw('coalesce(sum(added), 0)::int as added'));
    await this.#db('imports')
      .where({ id })
      .update({
        state: 'running',
        started_at: this.#db.raw('coalesce(started_at, now())'),
        total: 0,
        done: 0,
        points: 0,
        added,
      });
    this.changes.emit('change', row.athlete_id);
    return { athleteId: row.athlete_id, sources, spooled: row.spool, added };
  }

  /** Whether any of the athlete's is still to be done. */
  async isUnderWay(athleteId: string): Promise<boolean> {
    const found = await this.#db('imports')
      .where({ athlete_id: athleteId })
      .whereIn('state', ['queued', 'running'])
      .first('id');
    return found !== undefined;
  }

  /** How many there are of all athletes, by state. */
  async countByState(): Promise<Record<string, number>> {
    const rows = await this.#db('imports')
      .groupBy('state')
      .select<{ state: string; count: number }[]>('state', this.#db.raw('count(*)::int as count'));
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  }

  async progress(id: string, { total, done, points, added }: Progress): Promise<void> {
    await this.#update(id, { total, done, points, added });
  }

  async finish(id: string, state: ImportState): Promise<void> {
    await this.#update(id, { state, finished_at: this.#db.fn.now() });
  }

  async #update(id: string, columns: Record<string, unknown>): Promise<void> {
    const [changed] = await this.#db('imports')
      .where({ id })
      .update(columns)
      .returning<{ athlete_id: string }[]>('athlete_id');
    if (changed) this.changes.emit('change', changed.athlete_id);
  }

  /** Keeps what became of files; `trx`: in the transaction that saves them. Throws UnknownAthlete as recordFiles does. */
  async record(
    athleteId: string,
    importId: string,
    files: readonly FileOutcome[],
    trx: Knex = this.#db,
  ): Promise<void> {
    const key = await this.#dataKey(athleteId);
    await recordFiles(trx, { importId, athleteId, key }, files);
  }

  /** One import of an athlete's; null when there is none of that id, or it is another's. */
  async find(athleteId: string, id: string): Promise<Import | null> {
    const { rows } = await this.#db.raw<{ rows: Import[] }>(
      `select ${COLUMNS} from imports i where i.id = :id and i.athlete_id = :athleteId`,
      { id, athleteId },
    );
    return rows[0] ?? null;
  }

  /** The athlete's imports that are under way, or ended within the last minute: what a page watches. */
  async recent(athleteId: string): Promise<Import[]> {
    const { rows } = await this.#db.raw<{ rows: Import[] }>(
      `select ${COLUMNS} from imports i where i.athlete_id = :athleteId
         and (i.finished_at is null or i.finished_at > now() - interval '1 minute')
       order by i.created_at, i.id limit 20`,
      { athleteId },
    );
    return rows;
  }

  /**
   * Why files of an import failed, the first of them where they are very many. What failed as a whole for a reason that is
   * not there had no room on the disk even for that.
   */
  async failures(athleteId: string, { id, state }: Pick<Import, 'id' | 'state'>): Promise<Failure[]> {
    const failures = await listFailures(this.#db, id, await this.#dataKey(athleteId));
    const isTold = state !== 'failed' || failures.some(({ name }) => name === '');
    return isTold ? failures : [{ name: '', ...DISK_FULL }, ...failures];
  }

  /** What became of the files of an import; null when there is none of that id, or it is another's. */
  async files(
    athleteId: string,
    importId: string,
    which: { outcome?: Outcome; cursor?: number },
  ): Promise<FilePage | null> {
    if (!(await this.find(athleteId, importId))) return null;
    const key = await this.#dataKey(athleteId);
    return listFiles(this.#db, { importId, athleteId, key }, which);
  }

  /** Imports nobody has finished, whose job may have died with its server. */
  async unfinished(): Promise<{ id: string; spooled: boolean }[]> {
    return this.#db('imports')
      .whereIn('state', ['queued', 'running'])
      .orderBy('created_at')
      .select<{ id: string; spooled: boolean }[]>('id', 'spool as spooled');
  }
}
