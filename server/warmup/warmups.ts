import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { holdAthlete } from '../athletes/hold.ts';
import { UnknownAthlete, withoutAthlete } from '../athletes/keyring.ts';
import { open, seal } from '../athletes/seal.ts';
import type { Bounds, TileSize } from '../geo/tile.ts';
import { type Batch, type BatchProgress, firstTiles } from './batch.ts';
import { findFigures, listFigures, OPEN, type Warmup } from './figures.ts';
import type { Selection } from './layer.ts';

/** What a warm-up is asked to draw. */
export interface Asked {
  /** null: the popular ones. */
  zooms: number[] | null;
  sizes: TileSize[] | null;
  /** World units; null: everywhere. */
  boxes: Bounds[] | null;
}

export interface NewWarmup extends Asked {
  /** Whose it is: one athlete, or null for all of `athletes`. */
  athleteId: string | null;
  athletes: readonly string[];
  /** `change`: nobody asked, something of the athlete's changed. */
  origin: 'asked' | 'change';
  /** Tiles it draws at the most. */
  limit: number;
}

export interface WarmupsOptions {
  db: Knex;
  /** The athlete's data key. */
  dataKey(athleteId: string): Promise<Buffer>;
  /** Queues the jobs, in the transaction that stores what they are about. */
  enqueuePlan(trx: Knex, warmupId: string, athleteId: string): Promise<void>;
  enqueueBatch(trx: Knex, batchId: string, athleteId: string): Promise<void>;
}

/** Days for which warm-ups that ended are listed. */
const KEPT_DAYS = 7;

/** Warm-ups as they are stored. What each draws is sealed with the key of the athlete whose map it is. */
export class Warmups {
  readonly #options: WarmupsOptions;

  constructor(options: WarmupsOptions) {
    this.#options = options;
  }

  /**
   * Stores a warm-up and queues its planning; answers its id. Throws UnknownAthlete where the one it is for is deleted;
   * of many, who is deleted meanwhile is passed over.
   */
  async create({ athleteId, athletes, origin, limit, ...asked }: NewWarmup): Promise<string> {
    const { db, dataKey, enqueuePlan } = this.#options;
    const id = randomUUID();
    const parts: { athlete: string; selection: Buffer }[] = [];
    for (const athlete of athletes) {
      const key = await dataKey(athlete).catch((error) => {
        if (athleteId === null && error instanceof UnknownAthlete) return null;
        throw error;
      });
      if (key) parts.push({ athlete, selection: sealed(key, id, asked) });
    }
    await this.#forget();
    await db
      .transaction(async (trx) => {
        await trx('warmups').insert({
          id,
          athlete_id: athleteId,
          origin,
          state: 'queued',
          tile_limit: limit,
        });
        for (const part of parts) {
          const stored = await trx.raw<{ rowCount: number }>(
            `insert into warmup_parts (warmup_id, athlete_id, selection)
             select :id, athletes.id, :selection from athletes where athletes.id = :athlete for key share`,
            { id, ...part },
          );
          if (stored.rowCount > 0) await enqueuePlan(trx, id, part.athlete);
        }
        await this.#endIfDone(trx, id);
      })
      .catch((error) => {
        throw athleteId === null ? error : withoutAthlete(error, athleteId);
      });
    return id;
  }

  /** null when there is none of that id. */
  async find(id: string): Promise<Warmup | null> {
    await this.#endLeft();
    return findFigures(this.#options.db, id);
  }

  /** The latest hundred, newest first. */
  async list(): Promise<Warmup[]> {
    await this.#endLeft();
    return listFigures(this.#options.db);
  }

  /** Tiles of an athlete's that are being drawn ahead; null when none are. */
  async progress(athleteId: string): Promise<{ done: number; total: number } | null> {
    const { rows } = await this.#options.db.raw<{ rows: { done: number; total: number }[] }>(
      `select coalesce(sum(b.done), 0)::int as done, coalesce(sum(b.tiles), 0)::int as total
       from warmup_parts p join warmups w on w.id = p.warmup_id
         join warmup_batches b on b.warmup_id = w.id and b.athlete_id = p.athlete_id
       where p.athlete_id = ? and w.state = any(?)`,
      [athleteId, OPEN],
    );
    return rows[0].total > 0 ? rows[0] : null;
  }

  /** Whether one that a change began goes on. */
  async isRefreshing(athleteId: string): Promise<boolean> {
    const found = await this.#options
      .db('warmups')
      .where({ athlete_id: athleteId, origin: 'change' })
      .whereIn('state', OPEN)
      .first('id');
    return found !== undefined;
  }

  /** Ends a warm-up between two tiles. False when there is none of that id. */
  async cancel(id: string): Promise<boolean> {
    const { db } = this.#options;
    await db('warmups')
      .where({ id })
      .whereIn('state', OPEN)
      .update({ state: 'cancelled', finished_at: db.fn.now() });
    return (await db('warmups').where({ id }).first('id')) !== undefined;
  }

  /** What is to be planned; null when that is not wanted (any more), or done. Marks the warm-up as running. */
  async beginPlan(warmupId: string, athleteId: string): Promise<{ asked: Asked; left: number } | null> {
    const { db, dataKey } = this.#options;
    await db('warmups')
      .where({ id: warmupId, state: 'queued' })
      .update({ state: 'running', started_at: db.fn.now() });
    const part = await db('warmup_parts as p')
      .join('warmups as w', 'w.id', 'p.warmup_id')
      .where({ 'p.warmup_id': warmupId, 'p.athlete_id': athleteId, 'p.planned': false, 'w.state': 'running' })
      .first<{ selection: Buffer; limit: number } | undefined>('p.selection', 'w.tile_limit as limit');
    if (!part) return null;
    const asked = opened<Asked>(await dataKey(athleteId), warmupId, part.selection);
    return { asked, left: await leftOf(db, warmupId, part.limit) };
  }

  /**
   * Stores what was planned, as far as it is within the limit still, and queues it; passed over when another was first.
   * Throws UnknownAthlete.
   */
  async endPlan(
    warmupId: string,
    athleteId: string,
    { selection, batches }: { selection: Selection; batches: readonly Batch[] },
  ): Promise<void> {
    const { db, dataKey, enqueueBatch } = this.#options;
    const key = await dataKey(athleteId);
    await db.transaction(async (trx) => {
      await holdAthlete(trx, athleteId);
      // locked, so that of two who planned at once for two athletes the later sees what the earlier takes
      const locked = trx('warmups').where({ id: warmupId }).forUpdate();
      const warmup = await locked.first<{ limit: number } | undefined>('tile_limit as limit');
      if (!warmup) return;
      const first = await trx('warmup_parts')
        .where({ warmup_id: warmupId, athlete_id: athleteId, planned: false })
        .update({ planned: true, selection: sealed(key, warmupId, selection) });
      if (first === 0) return;
      for (const batch of firstTiles(batches, await leftOf(trx, warmupId, warmup.limit))) {
        const row = { warmup_id: warmupId, athlete_id: athleteId, ...batch };
        const [{ id }] = await trx('warmup_batches').insert(row).returning<{ id: string }[]>('id');
        await enqueueBatch(trx, id, athleteId);
      }
      await this.#endIfDone(trx, warmupId);
    });
  }

  /** A batch to draw; null when that is not wanted (any more), or done. */
  async beginBatch(
    batchId: string,
  ): Promise<(Batch & { warmupId: string; athleteId: string; selection: Selection }) | null> {
    const { db, dataKey } = this.#options;
    const { rows } = await db.raw<{ rows: (Batch & StoredBatch)[] }>(
      `select b.zoom, b.size, b.first, b.tiles, b.warmup_id as "warmupId", b.athlete_id::text as "athleteId", p.selection
       from warmup_batches b join warmups w on w.id = b.warmup_id
         join warmup_parts p on p.warmup_id = b.warmup_id and p.athlete_id = b.athlete_id
       where b.id = ? and not b.finished and w.state = 'running'`,
      [batchId],
    );
    if (rows.length === 0) return null;
    const { selection, ...batch } = rows[0];
    const key = await dataKey(batch.athleteId);
    return { ...batch, selection: opened<Selection>(key, batch.warmupId, selection) };
  }

  /**
   * Stores how far a batch is; false when its warm-up was cancelled or is gone, or the batch was ended meanwhile, whose
   * figures stay.
   */
  async advance(batchId: string, progress: BatchProgress): Promise<boolean> {
    const { rows } = await this.#options.db.raw<{ rows: { state: string }[] }>(
      `update warmup_batches b set done = :done, skipped = :skipped, failed = :failed
       from warmups w where w.id = b.warmup_id and b.id = :batchId and not b.finished returning w.state`,
      { batchId, ...progress },
    );
    return rows[0]?.state === 'running';
  }

  /** The athlete's batch is done. Throws UnknownAthlete. */
  async endBatch(batchId: string, athleteId: string, progress: BatchProgress): Promise<void> {
    await this.#options.db.transaction(async (trx) => {
      await holdAthlete(trx, athleteId);
      const [row] = await trx('warmup_batches')
        .where({ id: batchId })
        .update({ ...progress, finished: true })
        .returning<{ warmup_id: string }[]>('warmup_id');
      if (row) await this.#endIfDone(trx, row.warmup_id);
    });
  }

  /** Cannot go on: tells the warm-up so. */
  async fail(warmupId: string): Promise<void> {
    const { db } = this.#options;
    await db('warmups')
      .where({ id: warmupId })
      .whereIn('state', OPEN)
      .update({ state: 'failed', finished_at: db.fn.now() });
  }

  /** Those that ended long ago go, but for what another is deleting just now. */
  async #forget(): Promise<void> {
    await this.#options.db.raw(
      `delete from warmups where id in (
         select id from warmups where finished_at < now() - interval '${KEPT_DAYS} days' for update skip locked)`,
    );
  }

  /** Ends those of whose athletes the last one that was not done has been deleted. */
  async #endLeft(): Promise<void> {
    const { db } = this.#options;
    const left = await db('warmups')
      .whereIn('state', OPEN)
      .whereRaw(
        `not exists (select from warmup_parts p where p.warmup_id = warmups.id and (not p.planned or exists (
           select from warmup_batches b where b.warmup_id = p.warmup_id and not b.finished)))`,
      )
      .pluck<string[]>('id');
    for (const id of left) await db.transaction((trx) => this.#endIfDone(trx, id));
  }

  /** With the warm-up's row locked, so that of two last batches one sees the other. */
  async #endIfDone(trx: Knex.Transaction, warmupId: string): Promise<void> {
    await trx.raw('select 1 from warmups where id = ? for update', [warmupId]);
    await trx.raw(
      `update warmups set state = 'done', started_at = coalesce(started_at, now()), finished_at = now()
       where id = :warmupId and state in ('queued', 'running')
         and not exists (select from warmup_parts where warmup_id = :warmupId and not planned)
         and not exists (select from warmup_batches where warmup_id = :warmupId and not finished)`,
      { warmupId },
    );
  }
}

/** Tiles that a warm-up may still plan. */
async function leftOf(db: Knex, warmupId: string, limit: number): Promise<number> {
  const { rows } = await db.raw<{ rows: { planned: number }[] }>(
    'select coalesce(sum(tiles), 0)::int as planned from warmup_batches where warmup_id = ?',
    [warmupId],
  );
  return Math.max(0, limit - rows[0].planned);
}

interface StoredBatch {
  warmupId: string;
  athleteId: string;
  selection: Buffer;
}

function sealed(key: Buffer, warmupId: string, selection: Asked | Selection): Buffer {
  return seal(key, Buffer.from(JSON.stringify(selection)), `warmup:${warmupId}`);
}

function opened<Shape>(key: Buffer, warmupId: string, selection: Buffer): Shape {
  return JSON.parse(open(key, selection, `warmup:${warmupId}`).toString()) as Shape;
}
