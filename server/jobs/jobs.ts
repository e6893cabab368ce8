import { type JobHelpers, Logger, type Runner, run, type TaskList } from 'graphile-worker';
import type { Knex } from 'knex';
import pg from 'pg';

/** What each kind of job is given. */
export interface Payloads {
  import: { importId: string };
  /** `all`: also what this version drew. */
  rebuild: { all: boolean };
  /** What is left of an athlete whose data key is destroyed. */
  erasure: { athleteId: string };
}

export type Handlers = {
  [Name in keyof Payloads]: (payload: Payloads[Name], signal: AbortSignal) => Promise<void>;
};

export interface JobsOptions {
  url: string;
  handlers: Handlers;
  /** Jobs run at once by this process. */
  concurrency: number;
  /** Whether an error means that there is nothing left to do: the job then ends as if it were done. */
  isMoot(error: unknown): boolean;
  log: { warn(details: object, message: string): void; debug(details: object, message: string): void };
}

/** Milliseconds that running jobs get to end once they are told to stop. */
const STOP_WITHIN = 10_000;

/** The queue: in PostgreSQL, so that jobs survive every process and are queued in the transaction that wants them. */
export interface Jobs {
  /** Tells running jobs to stop and waits for them. */
  stop(): Promise<void>;
}

/** Queues a job; queued again under the same key it is still one job. */
export async function enqueue<Name extends keyof Payloads>(
  trx: Knex,
  name: Name,
  payload: Payloads[Name],
  key: string,
): Promise<void> {
  await trx.raw('select graphile_worker.add_job(:name, payload := :payload::json, job_key := :key)', {
    name,
    payload: JSON.stringify(payload),
    key,
  });
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

/** Takes jobs off the queue until it is stopped. */
export async function startJobs({ url, handlers, concurrency, isMoot, log }: JobsOptions): Promise<Jobs> {
  const pool = new pg.Pool({
    connectionString: url,
    max: concurrency + 2,
    application_name: 'pathglow jobs',
  });
  const broke = (error: Error) => log.warn({ err: error }, 'a connection of the queue broke');
  pool.on('error', broke);
  pool.on('connect', (client) => client.on('error', broke));
  const task =
    <Name extends keyof Payloads>(handle: Handlers[Name]) =>
    (payload: unknown, { abortSignal = new AbortController().signal }: JobHelpers) =>
      handle(payload as Payloads[Name], abortSignal).catch((error) => {
        if (!isMoot(error)) throw error;
      });
  const taskList: TaskList = {
    import: task(handlers.import),
    rebuild: task(handlers.rebuild),
    erasure: task(handlers.erasure),
  };
  const runner: Runner = await run({
    pgPool: pool,
    taskList,
    concurrency,
    noHandleSignals: true,
    preset: { worker: { gracefulShutdownAbortTimeout: STOP_WITHIN } },
    logger: new Logger(() => (level, message, meta) => {
      if (level === 'error' || level === 'warning') log.warn({ ...meta }, message);
      else log.debug({}, message);
    }),
  });
  // rejects when the queue cannot go on; requests are answered all the same
  runner.promise.catch((error) => log.warn({ err: error }, 'the queue has stopped'));
  return {
    async stop() {
      await runner.stop().catch(() => {});
      await pool.end();
    },
  };
}
