import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { runImport } from '../activities/import.ts';
import { prepare } from '../activities/prepare.ts';
import { rebuildTracks } from '../activities/rebuild.ts';
import { saveActivities } from '../activities/save.ts';
import { spoolKey } from '../activities/spool.ts';
import { gpxFile } from '../demo/gpx-writer.ts';
import { zipFile } from '../demo/zip-writer.ts';
import { IndexPool } from '../index/pool.ts';
import { dropJobs, enqueue } from '../jobs/jobs.ts';
import { type TestServer, testServer } from '../testing/app.ts';
import { TEST_MASTER_KEY, testAthlete, testDatabase } from '../testing/database.ts';
import { type TestImports, testImports } from '../testing/import-deps.ts';
import { operatorOf } from '../testing/operator.ts';
import type { Athlete } from '../testing/store-activities.ts';
import { recordedOuting } from '../testing/track-files.ts';
import { until } from '../testing/until.ts';
import { type DeletionDeps, deleteAthlete } from './deletion.ts';
import { Keyring, UnknownAthlete } from './keyring.ts';
import { localOwner, makeLinkKey } from './owner.ts';
import { deriveKey } from './seal.ts';

const never = new AbortController().signal;
const ADMIN_TOKEN = 'the-operators-token';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Knex;
let imports: TestImports;
let deletion: DeletionDeps;
/** Of the server on the same database, which has its own folder and jobs. */
let server: TestServer;

before(async () => {
  database = await testDatabase();
  ({ db } = database);
  imports = await testImports(db);
  const masterKey = TEST_MASTER_KEY.toString('hex');
  server = await testServer({
    DATABASE_URL: database.url,
    PATHGLOW_MASTER_KEY: masterKey,
    ADMIN_TOKEN,
  });
  const enqueueErasure = (trx: Knex, athleteId: string) => enqueue(trx, 'erasure', { athleteId }, athleteId);
  const removeUploads = (importId: string) => imports.spool.remove(importId);
  deletion = { db, enqueueErasure, erasure: { db, dropJobs, removeUploads } };
});
after(async () => {
  await server.close();
  await imports.close();
  await database.drop();
});

async function athleteWith(count: number): Promise<Athlete> {
  const athlete = await testAthlete(db);
  const tagKey = deriveKey(athlete.key, 'map');
  const prepared = Array.from({ length: count }, (_, seed) =>
    prepare(recordedOuting({ seed, startedAt: 1.6e9 + seed * 86_400 }), {
      digest: createHash('sha256').update(`${seed}`).digest(),
      tagKey,
      provenance: 'upload',
    }),
  );
  await saveActivities(imports, athlete.id, prepared);
  return athlete;
}

/** Tables with rows that name the athlete. */
async function tablesWith(athleteId: string): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { table_name: string }[] }>(
    `select table_name from information_schema.columns where table_schema = 'public' and column_name = 'athlete_id'`,
  );
  const holding: string[] = [];
  for (const { table_name: table } of rows) {
    if (await db(table).where({ athlete_id: athleteId }).first()) holding.push(table);
  }
  if (await db('athletes').where({ id: athleteId }).first()) holding.push('athletes');
  return holding;
}

async function queuedFor(athleteId: string, importId = ''): Promise<number> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select 1 from graphile_worker._private_jobs
     where payload->>'athleteId' = :athleteId or payload->>'importId' = :importId`,
    { athleteId, importId },
  );
  return rows.length;
}

test('every table that names an athlete loses their rows with them', async () => {
  const { rows } = await db.raw<{ rows: { table_name: string }[] }>(
    `select c.table_name from information_schema.columns c
     where c.table_schema = 'public' and c.column_name = 'athlete_id' and not exists (
       select 1 from pg_constraint f
       where f.conrelid = format('public.%I', c.table_name)::regclass and f.contype = 'f'
         and f.confdeltype = 'c' and f.confrelid = 'athletes'::regclass)`,
  );
  assert.deepEqual(rows, [], 'athlete_id references athletes.id, on delete cascade');
});

test('deleting everything leaves nothing, in the answer, the database and the folder; a new owner begins', async () => {
  const owner = await localOwner(db, new Keyring(db, TEST_MASTER_KEY));
  const headers = await server.signIn();
  const other = await server.signIn();
  const form = new FormData();
  const files = { 'a.gpx': gpxFile(recordedOuting({ seed: 1 })), 'b.gpx': Buffer.alloc(10) };
  for (const [name, bytes] of Object.entries(files)) form.append('f', new Blob([bytes as BlobPart]), name);
  const ask = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(server.origin + path, { headers, ...init });
    return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
  };
  const { id } = JSON.parse(`${(await ask('/api/imports', { method: 'POST', body: form })).bytes}`);
  await until(async () => JSON.parse(`${(await ask(`/api/imports/${id}`)).bytes}`).state === 'done');
  const tile = '/tiles/me/0/0/0.png?hot=2';
  assert.ok((await ask(tile)).bytes.length > 300);
  const link = await server.app.signInLink();

  const deleted = await ask('/api/me', { method: 'DELETE' });
  assert.equal(deleted.status, 200, `${deleted.bytes}`);
  assert.equal(deleted.headers.get('clear-site-data'), '"cache"');
  assert.deepEqual(await tablesWith(owner), []);
  // one that just runs is the last to go
  await until(async () => (await queuedFor(owner, id)) === 0);
  assert.deepEqual(await readdir(join(server.dataDir, 'spool')).catch(() => []), []);
  for (const cookie of [headers, other]) {
    for (const path of [tile, '/api/me', '/api/activities', '/api/status', `/api/imports/${id}`]) {
      assert.equal((await ask(path, { headers: cookie })).status, 401, path);
    }
  }
  assert.equal((await ask('/api/me', { method: 'DELETE' })).status, 401);
  assert.match((await fetch(link, { redirect: 'manual' })).headers.get('location')!, /link=invalid/);

  const fresh = await server.signIn();
  const me = JSON.parse(`${(await ask('/api/me', { headers: fresh })).bytes}`);
  assert.notEqual(me.id, owner);
  assert.equal(me.activities, 0);
  assert.equal((await ask(tile, { headers: fresh })).status, 200);
});

test('another process that has key and index in memory answers nothing once the deletion is confirmed', async () => {
  const athlete = await athleteWith(2);
  const keyring = new Keyring(db, TEST_MASTER_KEY);
  const dataKey = (athleteId: string) => keyring.dataKey(athleteId);
  // told of nothing: as if its connection for notices were broken
  const pool = new IndexPool({ db, dataKey, memoryLimit: 2 ** 30, warn: () => {} });
  const key = await dataKey(athlete.id);
  assert.equal((await pool.current(athlete.id, 'fine')).activityCount, 2);
  await sleep(1100);
  assert.equal(await dataKey(athlete.id), key, 'the same Buffer, though looked up again');
  await deleteAthlete(deletion, athlete.id);
  await assert.rejects(dataKey(athlete.id), UnknownAthlete);
  await assert.rejects(pool.current(athlete.id, 'fine'), UnknownAthlete);
});

test('two deletions at once, and one of nobody, end well', async () => {
  const athlete = await athleteWith(1);
  const bystander = await athleteWith(1);
  await Promise.all([deleteAthlete(deletion, athlete.id), deleteAthlete(deletion, athlete.id)]);
  await deleteAthlete(deletion, athlete.id);
  assert.deepEqual(await tablesWith(athlete.id), []);
  assert.equal((await db('tracks').where({ athlete_id: bystander.id })).length, 1);
});

test('while a deleted owner is erased, the next one is made', async () => {
  const keyring = new Keyring(db, TEST_MASTER_KEY);
  const owner = await localOwner(db, keyring);
  const [begun, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const dropJobs = async () => {
    begun.resolve();
    await goOn.promise;
  };
  const deleting = deleteAthlete({ ...deletion, erasure: { ...deletion.erasure, dropJobs } }, owner);
  await begun.promise;
  const next = localOwner(db, keyring);
  await until(async () => {
    const { rows } = await db.raw<{ rows: unknown[] }>(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
         and query like 'update "athletes"%'`,
    );
    return rows.length > 0;
  });
  goOn.resolve();
  await deleting;
  assert.notEqual(await next, owner);
  assert.deepEqual(await tablesWith(owner), []);
});

test('a deletion cut off after the key was destroyed is finished by the queue', async () => {
  const athlete = await athleteWith(1);
  const cutOff: DeletionDeps = {
    ...deletion,
    erasure: { ...deletion.erasure, dropJobs: async () => Promise.reject(new Error('cut off')) },
  };
  await assert.rejects(deleteAthlete(cutOff, athlete.id), /cut off/);
  await assert.rejects(new Keyring(db, TEST_MASTER_KEY).dataKey(athlete.id), UnknownAthlete);
  await until(async () => (await tablesWith(athlete.id)).length === 0);
});

test('in the middle of an import: it ends, says nothing, and leaves nothing', async (t: TestContext) => {
  const athlete = await testAthlete(db);
  // some is saved, and more is being saved until this is let go, with the most of it still to come
  await db.raw(`create function hold() returns trigger language plpgsql as $$ begin
    if (select count(*) from activities where athlete_id = new.athlete_id) > 20 then
      perform pg_advisory_xact_lock(20);
    end if;
    return new; end $$`);
  await db.raw('create trigger hold before insert on activities for each row execute function hold()');
  t.after(() => db.raw('drop function hold cascade'));
  const holding = await db.transaction();
  t.after(() => holding.isCompleted() || holding.rollback());
  await holding.raw('select pg_advisory_xact_lock(20)');
  const isWaiting = async (lock: string) => {
    const { rows } = await db.raw<{ rows: unknown[] }>(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
         and case wait_event when 'advisory' then 'activities' else 'athletes' end = ?`,
      [lock],
    );
    return rows.length > 0;
  };
  const id = crypto.randomUUID();
  const outings = Array.from({ length: 40 }, (_, at) => {
    const outing = recordedOuting({ seed: at, startedAt: 1.6e9 + at * 86_400, points: 2000 });
    return { name: `${at}.gpx`, bytes: gpxFile(outing) };
  });
  const inner = zipFile(outings);
  const bytes = Readable.from([zipFile([{ name: 'inner.zip', bytes: inner }])]);
  const { path, size } = await imports.spool.write(id, '0', spoolKey(athlete.key), bytes);
  const sources = [{ name: 'outer.zip', path, size }];
  await imports.imports.create(athlete.id, { id, sources, spooled: true }, async () => {});
  const ended = assert.rejects(runImport(imports, id, never), UnknownAthlete);
  await until(() => isWaiting('activities'));
  assert.ok(await db('activities').where({ athlete_id: athlete.id }).first());
  const deleting = deleteAthlete(deletion, athlete.id);
  await until(() => isWaiting('athletes'));
  await holding.commit();
  await Promise.all([deleting, ended]);
  assert.deepEqual(await tablesWith(athlete.id), []);
  assert.deepEqual(await readdir(join(imports.folder, 'spool')), []);
  assert.deepEqual(imports.warnings, []);
  // its job, taken again
  await runImport(imports, id, never);
});

test('in the middle of an upload: it is refused, and no file of it stays', async (t: TestContext) => {
  const { cookie } = await server.signIn();
  const opening = Promise.withResolvers<void>();
  const body = new ReadableStream({
    async start(controller) {
      const head = '--x\r\ncontent-disposition: form-data; name="f"; filename="a.gpx"\r\n\r\n';
      controller.enqueue(Buffer.from(head + 'x'.repeat(200_000)));
      await opening.promise;
      controller.enqueue(Buffer.from('\r\n--x--\r\n'));
      controller.close();
    },
  });
  const headers = { cookie, 'content-type': 'multipart/form-data; boundary=x' };
  const sending = fetch(`${server.origin}/api/imports`, {
    method: 'POST',
    headers,
    body,
    duplex: 'half',
  } as RequestInit);
  t.after(() => opening.resolve());
  const spooled = () => readdir(join(server.dataDir, 'spool')).catch(() => []);
  await until(async () => (await spooled()).length > 0);
  const { status } = await fetch(`${server.origin}/api/me`, { method: 'DELETE', headers: { cookie } });
  assert.equal(status, 200);
  opening.resolve();
  assert.equal((await sending).status, 401);
  assert.deepEqual(await spooled(), []);
});

test("in the middle of a rebuild: the others' tracks are drawn all the same", async () => {
  const [athlete, other] = [await athleteWith(40), await athleteWith(40)];
  await db('tracks').whereIn('athlete_id', [athlete.id, other.id]).update({ pipeline: 0 });
  let deleting: Promise<void> | null = null;
  await rebuildTracks(imports, {}, never, ({ done }) => {
    if (done > 0) deleting ??= deleteAthlete(deletion, athlete.id);
  });
  await deleting;
  assert.deepEqual(await tablesWith(athlete.id), []);
  assert.equal((await db('tracks').where({ athlete_id: other.id }).whereNot({ pipeline: 0 })).length, 40);
});

test('in the middle of a warm-up: it ends, and nothing of it waits any more', async () => {
  const athlete = await athleteWith(5);
  const key = await makeLinkKey(db, athlete.id);
  const signedIn = await fetch(`${server.origin}/?key=${key}`, { redirect: 'manual' });
  const cookie = signedIn.headers.getSetCookie().at(-1)!.split(';')[0];
  const operator = operatorOf(ADMIN_TOKEN);
  const stateOf = async (job: string) => (await operator(server.origin, 'GET', `/admin/jobs/${job}`)).body;
  const zooms = [12, 13, 14, 15, 16, 17, 18];
  const asked = { athlete: athlete.id, zooms, limit: 100_000 };
  const { id } = (await operator(server.origin, 'POST', '/admin/warmup', asked)).body;
  await until(async () => (await stateOf(id)).done > 0);
  const { status } = await fetch(`${server.origin}/api/me`, { method: 'DELETE', headers: { cookie } });
  assert.equal(status, 200);
  assert.deepEqual(await tablesWith(athlete.id), []);
  await until(async () => (await queuedFor(athlete.id)) === 0);
  await until(async () => (await stateOf(id)).state !== 'running');
});
