import type { Knex } from 'knex';

/** A warm-up and how it goes on. */
export interface Warmup {
  id: string;
  athleteId: string | null;
  origin: 'asked' | 'change';
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  /** Tiles planned so far. */
  planned: number;
  /** Of these seen to, whatever came of it. */
  done: number;
  /** Of those done: kept already, or without heat by now. */
  skipped: number;
  /** Of those done: not drawn, for something went wrong. */
  failed: number;
  /** Tiles done a second. */
  rate: number | null;
  /** At that rate; null when it is not known. */
  secondsLeft: number | null;
  /** Unix seconds. */
  createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
}

/** States of one that goes on. */
export const OPEN = ['queued', 'running'];

const FIGURES = `
  select w.id, w.athlete_id::text as "athleteId", w.origin, w.state,
    extract(epoch from w.created_at)::float8 as "createdAt", extract(epoch from w.started_at)::float8 as "startedAt",
    extract(epoch from w.finished_at)::float8 as "finishedAt", b.planned, b.done, b.skipped, b.failed,
    extract(epoch from coalesce(w.finished_at, now()) - w.started_at)::float8 as seconds
  from warmups w cross join lateral (
    select coalesce(sum(tiles), 0)::int as planned, coalesce(sum(done), 0)::int as done,
      coalesce(sum(skipped), 0)::int as skipped, coalesce(sum(failed), 0)::int as failed
    from warmup_batches where warmup_id = w.id) b`;

/** null when there is none of that id. */
export async function findFigures(db: Knex, id: string): Promise<Warmup | null> {
  const { rows } = await db.raw<{ rows: Row[] }>(`${FIGURES} where w.id = ?`, [id]);
  return rows.length > 0 ? toWarmup(rows[0]) : null;
}

/** The latest hundred, newest first. */
export async function listFigures(db: Knex): Promise<Warmup[]> {
  const { rows } = await db.raw<{ rows: Row[] }>(`${FIGURES} order by w.created_at desc limit 100`);
  return rows.map(toWarmup);
}

type Row = Omit<Warmup, 'rate' | 'secondsLeft'> & { seconds: number | null };

function toWarmup({ seconds, ...row }: Row): Warmup {
  const rate = seconds && row.done > 0 ? row.done / seconds : null;
  const open = OPEN.includes(row.state);
  return { ...row, rate, secondsLeft: rate && open ? (row.planned - row.done) / rate : null };
}
