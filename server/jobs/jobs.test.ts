import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { testDatabase } from '../testing/database.ts';
import { until } from '../testing/until.ts';
import { enqueue, type Kinds, startJobs } from './jobs.ts';

const { db, url, drop } = await testDatabase();
after(drop);

const log = { warn: () => {}, debug: () => {} };
const idle = { handle: async () => {}, concurrency: 1 };
/** Makes the queue's schema, and leaves. */
await (await startJobs({ url, kinds: { import: idle }, log })).stop();

/** Gates that a test opens. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

async function start(t: { after(end: () => unknown): void }, kinds: Partial<Kinds>) {
  const jobs = await startJobs({ url, kinds, log });
  t.after(async () => {
    await jobs.stop();
    // what a test had no need to see done is not the next one's to do
    await db.raw('delete from graphile_worker._private_jobs');
  });
}

test('a kind that is busy keeps no other kind waiting', { timeout: 180_000 }, async (t) => {
  const importing = gate();
  const rebuilt = gate();
  let imports = 0;
  await start(t, {
    import: {
      handle: async () => {
        imports++;
        await importing.opened;
      },
      concurrency: 1,
    },
    rebuild: { handle: async () => rebuilt.open(), concurrency: 1 },
  });
  await enqueue(db, 'import', { importId: 'a' }, 'a');
  await enqueue(db, 'import', { importId: 'b' }, 'b');
  await enqueue(db, 'rebuild', { all: false }, 'rebuild');
  await rebuilt.opened;
  assert.ok(imports <= 1, 'as many at once as the kind says');
  importing.open();
});

test('as many jobs of a kind at once as it says', { timeout: 180_000 }, async (t) => {
  const both = gate();
  let running = 0;
  let most = 0;
  const done = gate();
  let ended = 0;
  await start(t, {
    rebuild: {
      async handle() {
        most = Math.max(most, ++running);
        if (running === 2) both.open();
        await both.opened;
        running--;
        if (++ended === 5) done.open();
      },
      concurrency: 2,
    },
  });
  for (let at = 0; at < 5; at++) await enqueue(db, 'rebuild', { all: false }, `rebuild:${at}`);
  await done.opened;
  assert.equal(most, 2);
});

test('what waits under one key is one job with the latest payload', { timeout: 180_000 }, async (t) => {
  for (const importId of ['first', 'second', 'third']) await enqueue(db, 'import', { importId }, 'same');
  await enqueue(db, 'import', { importId: 'last' }, 'other');
  const given: string[] = [];
  const done = gate();
  await start(t, {
    import: {
      async handle({ importId }) {
        given.push(importId);
        if (given.length === 2) done.open();
      },
      concurrency: 1,
    },
  });
  await done.opened;
  assert.deepEqual(given.toSorted(), ['last', 'third']);
});

test('a job that is to wait is not put off by being queued again', async () => {
  await enqueue(db, 'rebuild', { all: false }, 'later', { delay: 3600 });
  const at = () => db('graphile_worker.jobs').where({ key: 'later' }).first('run_at', 'attempts');
  const first = await at();
  assert.ok(first.run_at.getTime() > Date.now() + 3_000_000);
  await enqueue(db, 'rebuild', { all: true }, 'later', { delay: 7200 });
  assert.deepEqual(await at(), first);
  await db.raw(`select graphile_worker.remove_job('later')`);
});

test('what fails is tried again', { timeout: 180_000 }, async (t) => {
  const done = gate();
  let tries = 0;
  await start(t, {
    rebuild: {
      async handle() {
        if (++tries === 1) throw new Error('not yet');
        done.open();
      },
      concurrency: 1,
    },
  });
  await enqueue(db, 'rebuild', { all: false }, 'again');
  await done.opened;
  assert.equal(tries, 2);
});

test('a queue that could not write that a job ended is begun anew', { timeout: 180_000 }, async (t) => {
  await db.raw(`create function no_room() returns trigger language plpgsql as
    $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$`);
  await db.raw(`create trigger no_room before update or delete on graphile_worker._private_jobs
    for each row when (old.locked_by is not null) execute function no_room()`);
  t.after(() => db.raw('drop function if exists no_room cascade'));
  const told: string[] = [];
  const ended = { done: gate(), failed: gate() };
  const jobs = await startJobs({
    url,
    kinds: {
      import: { handle: async () => ended.done.open(), concurrency: 1 },
      rebuild: {
        handle: async () => {
          ended.failed.open();
          throw new Error('not yet');
        },
        concurrency: 1,
      },
    },
    patience: 50,
    log: { ...log, warn: (_, message) => void told.push(message) },
  });
  t.after(() => jobs.stop());
  await enqueue(db, 'import', { importId: 'ended' }, 'ended');
  await enqueue(db, 'rebuild', { all: false }, 'failed');
  await Promise.all([ended.done.opened, ended.failed.opened]);
  await until(() => told.some((message) => message.includes('begun anew')));
  await db.raw('drop function no_room cascade');
  const left = () => db('graphile_worker.jobs').where({ key: 'ended' });
  await until(async () => (await left()).length === 0);
});

test('what is to be done regularly is known to the queue', { timeout: 180_000 }, async (t) => {
  await start(t, { rebuild: { ...idle, schedule: { match: '0 3 * * *', payload: { all: false } } } });
  for (let known: unknown[] = []; known.length === 0; ) {
    known = await db('graphile_worker._private_known_crontabs').where({ identifier: 'rebuild' });
  }
});

test('a stopped queue tells running jobs, and a job it stopped is done later', {
  timeout: 180_000,
}, async (t) => {
  const begun = gate();
  const jobs = await startJobs({
    url,
    kinds: {
      import: {
        async handle(_payload, signal) {
          begun.open();
          await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        },
        concurrency: 1,
      },
    },
    log,
  });
  await enqueue(db, 'import', { importId: 'stopped' }, 'stopped');
  await begun.opened;
  await jobs.stop();
  const done = gate();
  await start(t, { import: { handle: async () => done.open(), concurrency: 1 } });
  await done.opened;
});

test('a job whose process was killed is taken by another', { timeout: 180_000 }, async (t) => {
  const child = fork(new URL('../testing/job-process.ts', import.meta.url), [url]);
  t.after(() => child.kill('SIGKILL'));
  const isTaken = once(child, 'message');
  await enqueue(db, 'import', { importId: 'kept' }, 'kept');
  await isTaken;
  // it says that it lives some moments after it has begun to take jobs
  const present = `select from pg_locks join pg_database on pg_database.oid = pg_locks.database
    where locktype = 'advisory' and mode = 'ShareLock' and granted and datname = current_database()`;
  await until(async () => (await db.raw(present)).rows.length > 0);
  const taken = () => db('graphile_worker.jobs').where({ key: 'kept' }).first('locked_by');
  const { locked_by: dead } = await taken();
  const done = gate();
  const jobs = await startJobs({
    url,
    kinds: { import: { handle: async () => done.open(), concurrency: 1 } },
    patience: 200,
    log,
  });
  t.after(() => jobs.stop());
  // that other process lives, and keeps its job
  await new Promise((resolve) => setTimeout(resolve, 1000));
  assert.equal((await taken()).locked_by, dead);
  child.kill('SIGKILL');
  await done.opened;
});
