import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

export interface PresenceOptions {
  url: string;
  /** The names under which this process takes jobs. */
  takers: readonly string[];
  /** Milliseconds after which a job is given back whose taker is gone. */
  patience: number;
  warn(message: string, details: Record<string, unknown>): void;
}

/** The first of the two numbers of every taker's advisory lock; any number, the same in every process. */
const TAKERS = 7_281_915;

const LOCK = `select pg_advisory_lock_shared(${TAKERS}, hashtext(taker)) from unnest($1::text[]) taker`;

// A lock's numbers are shown without their sign.
const GIVE_BACK = `
  select graphile_worker.force_unlock_workers(array_agg(distinct locked_by)) from graphile_worker._private_jobs
  where locked_at < now() - $1 * interval '1 millisecond' and not exists (
    select from pg_locks join pg_database on pg_database.oid = pg_locks.database
    where locktype = 'advisory' and datname = current_database() and classid = ${TAKERS}
      and objid::bigint = hashtext(locked_by)::bigint & 4294967295)`;

/**
 * Says that this process lives, for as long as it does, and gives back the jobs of those that do not: each holds
 * advisory locks of a session of its own, which end with it however it ends. Returns a function that ends it.
 */
export function beginPresence({ url, takers, patience, warn }: PresenceOptions): () => Promise<void> {
  const ended = new AbortController();
  const { signal } = ended;
  const look = async (client: pg.Client) => {
    await client.connect();
    await client.query(LOCK, [takers]);
    for (;;) {
      await client.query(GIVE_BACK, [patience]);
      await sleep(patience, undefined, { signal, ref: false });
    }
  };
  const live = async () => {
    while (!signal.aborted) {
      const client = new pg.Client({ connectionString: url, keepAlive: true });
      client.on('error', () => {});
      await look(client).catch((error) => {
        if (!signal.aborted) warn('jobs of dead processes are not looked for', { error: String(error) });
      });
      await client.end().catch(() => {});
      await sleep(Math.min(patience, 1000), undefined, { signal, ref: false }).catch(() => {});
    }
  };
  const living = live();
  return async () => {
    ended.abort();
    await living;
  };
}
