import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type JobHelpers,
  Logger,
  parseCronItems,
  type Runner,
  type RunnerOptions,
  run,
} from 'graphile-worker';
import type { Knex } from 'knex';
import pg from 'pg';
import { beginPresence } from './presence.ts';

/** What each kind of job is given. */
export interface Payloads {
  import: { importId: string };
  /** Finds one athlete's tiles of a warm-up. */
  'warmup-plan': { warmupId: string; athleteId: string };
  /** Some of these tiles, by their ordinals. */
  'warmup-batch': { batchId: string; athleteId: string };
  /** An athlete's tiles that changed. */
  'warmup-refresh': { athleteId: string };
  /** `all`: also what this version drew. */
  rebuild: { all: boolean };
  /** What is left of an athlete whose data key is destroyed. */
  erasure: { athleteId: string };
  /** Whatever public geometry of an athlete is missing. */
  publish: { athleteId: string };
  /** Everything that is due with Strava. */
  strava: Record<string, never>;
}

/** One kind of job, as the feature that does it gives it. */
export interface Kind<Payload> {
  /** Does one job. A rejection is tried again later, each time later than before. */
  handle(payload: Payload, signal: AbortSignal): Promise<void>;
  /** Jobs of this kind that this process runs at once; how busy other kinds are makes no difference. */
  concurrency: number;
  /** Queued by itself, by whichever process comes first: one that still waits is not queued again. */
  schedule?: {
    /** As crontab has it, in UTC: `0,30 * * * *`. */
    match: string;
    payload: Payload;
  };
}

/** Every kind there is. */
export type Kinds = { [Name in keyof Payloads]: Kind<Payloads[Name]> };

export interface JobsOptions {
  url: string;
  /** Those this process takes; others wait for a process that does. */
  kinds: Partial<Kinds>;
  /** Whether an error means that there is nothing left to do: the job then ends as if it were done. */
  isMoot?(error: unknown): boolean;
  /** Milliseconds after which a job of a process that died is taken by another. */
  patience?: number;
  log: { warn(details: object, message: string): void; debug(details: object, message: string): void };
}

export interface EnqueueOptions {
  /** Seconds from now before which it is not begun; queued again meanwhile, it is begun no later for that. */
  delay?: number;
}

const PATIENCE = 10_000;

/** The queue: in PostgreSQL, so that jobs survive every process and are queued in the transaction that wants them. */
export interface Jobs {
  /** Tells running jobs to stop and waits for them. */
  stop(): Promise<void>;
}

/**
 * Queues a job; queued again under the same key while it waits it is still one job, with the latest payload. One
 * that runs already is not that job any more.
 */
export async function enqueue<Name extends keyof Payloads>(
  trx: Knex,
  name: Name,
  payload: Payloads[Name],
  key: string,
  { delay = 0 }: EnqueueOptions = {},
): Promise<void> {
  await trx.raw(
    `select graphile_worker.add_job(:name, payload := :payload::json, job_key := :key,
       run_at := now() + :delay * interval '1 second', job_key_mode := :mode)`,
    { name, payload: JSON.stringify(payload), key, delay, mode: delay > 0 ? 'preserve_run_at' : 'replace' },
  );
}

/** Takes jobs off the queue that are about an athlete or these imports, unless they run: those find out by themselves. */
export async function dropJobs(
  trx: Knex,
  { athleteId, importIds }: { athleteId: string; importIds: readonly string[] },
): Promise<void> {
  await trx.raw(
    `select graphile_worker.complete_jobs(array_agg(id)) from graphile_worker._private_jobs
     where payload->>'athleteId' = :athleteId or payload->>'importId' = any(:importIds::text[])`,
    { athleteId, importIds },
  );
}

/** How many jobs of each kind wait, run, and were given up, in all processes. */
export async function countJobs(
  db: Knex,
): Promise<Record<string, { waiting: number; running: number; failed: number }>> {
  const { rows } = await db.raw<{
    rows: { kind: string; waiting: number; running: number; failed: number }[];
  }>(
    `select task_identifier as kind,
       (count(*) filter (where locked_at is null and attempts < max_attempts))::int as waiting,
       (count(*) filter (where locked_at is not null))::int as running,
       (count(*) filter (where locked_at is null and attempts >= max_attempts))::int as failed
     from graphile_worker.jobs group by task_identifier`,
  );
  return Object.fromEntries(rows.map(({ kind, ...counts }) => [kind, counts]));
}

/**
 * Takes jobs off the queue until it is stopped. A queue that breaks off, as its database went away while a job's end was
 * written or has no room for that, is begun anew, for as long as it takes.
 */
export async function startJobs(options: JobsOptions): Promise<Jobs> {
  const { patience = PATIENCE, log } = options;
  const stopped = new AbortController();
  const { signal } = stopped;
  const first = await takeJobs(options);
  const taking = (async () => {
    for (let queue: Taking | null = first; ; ) {
      if (!signal.aborted) await queue?.ended(signal);
      await queue?.stop();
      if (signal.aborted) return;
      log.warn({}, 'the queue broke off; it is begun anew');
      await sleep(patience, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      queue = await takeJobs(options).catch((error) => {
        log.warn({ err: error }, 'the queue could not be begun');
        return null;
      });
    }
  })();
  return {
    async stop() {
      stopped.abort();
      await taking;
    },
  };
}

/** Jobs being taken off the queue. */
interface Taking extends Jobs {
  /** Resolves when it cannot go on, or the signal is aborted. */
  ended(signal: AbortSignal): Promise<void>;
}

/** Takes jobs for as long as it can: a runner for each kind, so that none waits for another. */
async function takeJobs({
  url,
  kinds,
  isMoot = () => false,
  patience = PATIENCE,
  log,
}: JobsOptions): Promise<Taking> {
  const names = Object.keys(kinds) as (keyof Payloads)[];
  const pool = new pg.Pool({
    connectionString: url,
    // a runner listens on one, and its jobs come and go by others, for moments
    max: names.length * 2 + 2,
    application_name: 'pathglow jobs',
  });
  const broke = (error: Error) => log.warn({ err: error }, 'a connection of the queue broke');
  pool.on('error', broke);
  pool.on('connect', (client) => client.on('error', broke));
  let stopping = false;
  const shared: RunnerOptions = {
    pgPool: pool,
    noHandleSignals: true,
    events: new EventEmitter(),
    preset: {
      worker: {
        // running jobs are told to stop as soon as the queue is
        gracefulShutdownAbortTimeout: 0,
        // in batches, be they of one: else nobody waits for the end of a job to be written, and its failure to be
        // ends the process
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
    logger: new Logger(() => (level, message, meta) => {
      // a job that is told to stop fails, and is done by who comes next
      const grave = (level === 'error' || level === 'warning') && !stopping;
      if (grave) log.warn({ ...meta }, message);
      else log.debug({}, message);
    }),
  };
  const runners: Runner[] = [];
  const takers: string[] = [];
  shared.events!.on('pool:create', ({ workerPool }) => takers.push(workerPool.id));
  let leave = async () => {};
  const stop = async () => {
    stopping = true;
    await Promise.all(runners.map((runner) => runner.stop().catch(() => {})));
    // what a runner did not give back in time would stay taken for hours
    await pool.query('select graphile_worker.force_unlock_workers($1)', [takers]).catch(broke);
    await leave();
    await pool.end();
  };
  try {
    // one after the other: the first brings the queue's own schema up to date
    for (const name of names) {
      runners.push(await run({ ...shared, ...runnerOf(name, kinds[name] as Kind<never>, isMoot) }));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  leave = beginPresence({
    url,
    takers,
    patience,
    warn: (message, details) => log.warn(details, message),
  });
  const broken = Promise.race(runners.map(({ promise }) => promise.catch(() => {})));
  return {
    stop,
    ended: (signal) => Promise.race([broken, once(signal, 'abort').then(() => {})]),
  };
}

/** What the runner of one kind has of its own. */
function runnerOf(
  name: string,
  { handle, concurrency, schedule }: Kind<never>,
  isMoot: (error: unknown) => boolean,
): RunnerOptions {
  const task = (payload: unknown, { abortSignal = new AbortController().signal }: JobHelpers) =>
    handle(payload as never, abortSignal).catch((error) => {
      if (!isMoot(error)) throw error;
    });
  return {
    taskList: { [name]: task },
    concurrency,
    parsedCronItems: parseCronItems(
      schedule
        ? [
            {
              task: name,
              match: schedule.match,
              payload: schedule.payload as Record<string, unknown>,
              identifier: name,
              options: { jobKey: `schedule:${name}`, jobKeyMode: 'preserve_run_at' },
            },
          ]
        : [],
    ),
  };
}
