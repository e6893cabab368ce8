import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Knex } from 'knex';
import { open } from '../athletes/seal.ts';
import { activitiesCsv, type Exported, exportZip } from '../demo/export-writer.ts';
import { fitFile } from '../demo/fit-writer.ts';
import { gpxFile } from '../demo/gpx-writer.ts';
import { tcxFile } from '../demo/tcx-writer.ts';
import { zipFile } from '../demo/zip-writer.ts';
import { testAthlete, testDatabase } from '../testing/database.ts';
import { type TestImports, testImports, upload } from '../testing/import-deps.ts';
import type { Athlete } from '../testing/store-activities.ts';
import { recordedOuting } from '../testing/track-files.ts';
import { until } from '../testing/until.ts';
import { runImport } from './import.ts';
import { alone } from './import-lock.ts';
import { resumeImports, submitPaths } from './submit.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Knex;
let deps: TestImports;

before(async () => {
  database = await testDatabase();
  ({ db } = database);
  deps = await testImports(db);
});
after(async () => {
  await deps.close();
  await database.drop();
});

const queued = async () => {};
const never = new AbortController().signal;
const DAY = 86_400;

/** Writes files into a folder of their own; answers its path. */
async function folderOf(t: TestContext, files: Record<string, Uint8Array>): Promise<string> {
  const folder = join(deps.folder, t.name.replace(/\W+/g, '-'));
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  return folder;
}

async function outcomeOf(athlete: Athlete, id: string) {
  const found = await deps.imports.find(athlete.id, id);
  assert.ok(found);
  const failures = await deps.imports.failures(athlete.id, found);
  assert.equal(found.failed, failures.length);
  return { ...found, failures };
}

async function importPaths(athlete: Athlete, ...paths: string[]) {
  const id = await submitPaths(deps.imports, athlete.id, paths, queued);
  await runImport(deps, id, never);
  return outcomeOf(athlete, id);
}

async function importUploads(athlete: Athlete, files: Record<string, Uint8Array>) {
  const id = await upload(deps, athlete, files);
  await runImport(deps, id, never);
  return outcomeOf(athlete, id);
}

/** Runs an import that cannot save anything, as the athlete's row is locked, until something holds; then to its end. */
async function held(athlete: Athlete, run: () => Promise<void>, holds: () => Promise<boolean>) {
  const running = await db.transaction(async (trx) => {
    await trx('athletes').where({ id: athlete.id }).forNoKeyUpdate().first('id');
    const ended = run();
    await until(holds);
    return { ended };
  });
  await running.ended;
}

async function activitiesOf(athlete: Athlete) {
  const rows = await db('activities').where({ athlete_id: athlete.id }).orderBy('started_at');
  return rows.map(({ name, sport, provenance, strava_id, commute }) => ({
    name: name && open(athlete.key, name, 'activity-name').toString(),
    sport,
    provenance,
    strava_id,
    commute,
  }));
}

const outing = (at: number, options = {}) =>
  recordedOuting({ seed: at + 1, startedAt: 1.6e9 + at * DAY, name: `Outing ${at}`, ...options });

const EXPORT: Exported[] = [
  { activity: outing(0), activityId: '100', format: 'fit.gz' },
  { activity: outing(1, { sport: 'Run' }), activityId: '101', format: 'gpx', commute: true },
  { activity: outing(2, { sport: 'Hike' }), activityId: '102', format: 'tcx.gz' },
  { activity: outing(3, { sport: 'Yoga' }), activityId: '103', manual: true },
];
const EXPORTED = [
  { name: 'Outing 0', sport: 'Ride', provenance: 'bulk_export', strava_id: '100', commute: false },
  { name: 'Outing 1', sport: 'Run', provenance: 'bulk_export', strava_id: '101', commute: true },
  { name: 'Outing 2', sport: 'Hike', provenance: 'bulk_export', strava_id: '102', commute: false },
  { name: 'Outing 3', sport: 'Yoga', provenance: 'bulk_export', strava_id: '103', commute: false },
];

test('a folder of files in every format is imported, and a second time changes nothing', async (t) => {
  const athlete = await testAthlete(db);
  const folder = await folderOf(t, {
    'a.gpx': gpxFile(outing(0)),
    'b.tcx': tcxFile(outing(1)),
    'c.fit': fitFile(outing(2)),
    'deep/d.gpx.gz': gzipSync(gpxFile(outing(3))),
    'deep/e.fit.gz': gzipSync(fitFile(outing(4))),
    'photo.jpg': Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
  });
  const { startedAt, finishedAt, ...report } = await importPaths(athlete, folder);
  const { state, done, total, points, added, failures } = report;
  assert.deepEqual(
    { state, done, total, points, added, failures },
    { state: 'done', done: 5, total: 5, points: 3000, added: 5, failures: [] },
  );
  assert.ok(startedAt && finishedAt && finishedAt >= startedAt);
  const { revision } = await db('athletes').where({ id: athlete.id }).first('revision');
  const again = await importPaths(athlete, folder);
  assert.deepEqual([again.done, again.added], [5, 0]);
  assert.equal((await activitiesOf(athlete)).length, 5);
  assert.equal((await db('athletes').where({ id: athlete.id }).first('revision')).revision, revision);
});

test('an uploaded export is imported with what its list says; uploads lie sealed and go when done', async () => {
  const athlete = await testAthlete(db);
  const zip = exportZip(EXPORT);
  const id = await upload(deps, athlete, { 'export.zip': zip });
  const onDisk = await readFile(join(deps.folder, 'spool', id, '0'));
  assert.equal(onDisk.includes('activities.csv'), false);
  await runImport(deps, id, never);
  const { state, failures, total } = await outcomeOf(athlete, id);
  assert.deepEqual({ state, failures, total }, { state: 'done', failures: [], total: 4 });
  assert.deepEqual(await activitiesOf(athlete), EXPORTED);
  assert.deepEqual(await readdir(join(deps.folder, 'spool')), []);
});

test('an export after its bare files names them; again it is passed over', async () => {
  const athlete = await testAthlete(db);
  const recordings = EXPORT.slice(0, 2).map(({ activity }, at) => ({
    [`${at}.gpx`]: gpxFile({ ...activity, name: null }),
  }));
  await importUploads(athlete, Object.assign({}, ...recordings));
  await importUploads(athlete, { 'export.zip': exportZip(EXPORT) });
  const named = await activitiesOf(athlete);
  assert.deepEqual(
    named.map(({ name, strava_id }) => [name, strava_id]),
    EXPORTED.map(({ name, strava_id }) => [name, strava_id]),
  );
  const { revision } = await db('athletes').where({ id: athlete.id }).first('revision');
  await importUploads(athlete, { 'export.zip': exportZip(EXPORT) });
  assert.equal((await db('athletes').where({ id: athlete.id }).first('revision')).revision, revision);
});

test('an unpacked export, its folder dropped on the page, is joined with its list', async () => {
  const athlete = await testAthlete(db);
  const [, walked] = EXPORT;
  const { state, failures } = await importUploads(athlete, {
    'export_1/activities.csv': activitiesCsv([walked]),
    'export_1/activities/202.gpx': gpxFile(walked.activity),
    'export_1/media/photo.jpg': Buffer.from([0xff, 0xd8]),
  });
  assert.deepEqual({ state, failures }, { state: 'done', failures: [] });
  assert.deepEqual(await activitiesOf(athlete), [EXPORTED[1]]);
});

test('an archive within an uploaded archive is read, and never lies unsealed', async () => {
  const athlete = await testAthlete(db);
  const inner = zipFile([{ name: 'a.gpx', bytes: gpxFile(outing(0)) }]);
  const id = await upload(deps, athlete, { 'outer.zip': zipFile([{ name: 'inner.zip', bytes: inner }]) });
  const folder = join(deps.folder, 'spool', id);
  let lying: Buffer[] = [];
  await held(
    athlete,
    () => runImport(deps, id, never),
    async () => {
      const names = await readdir(folder);
      lying = await Promise.all(names.map((name) => readFile(join(folder, name))));
      return names.some((name, at) => name.startsWith('kept-') && lying[at].length > inner.length);
    },
  );
  assert.equal((await outcomeOf(athlete, id)).state, 'done');
  assert.equal((await activitiesOf(athlete)).length, 1);
  for (const bytes of lying) assert.equal(bytes.includes('a.gpx'), false);
});

test('one file with several activities gives them all', async () => {
  const athlete = await testAthlete(db);
  await importUploads(athlete, { 'many.gpx': gpxFile([outing(0), outing(1), outing(2)]) });
  assert.equal((await activitiesOf(athlete)).length, 3);
});

test('each bad file is told with its reason, sealed; all others are imported', async () => {
  const athlete = await testAthlete(db);
  const bomb = zipFile([{ name: 'a.gpx', bytes: Buffer.alloc(64 * 2 ** 20) }]);
  const { state, failures, done, total } = await importUploads(athlete, {
    'good.gpx': gpxFile(outing(0)),
    'empty.gpx': Buffer.alloc(0),
    'picture.gpx': Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]),
    'entities.gpx': Buffer.from(
      '<?xml version="1.0"?><!DOCTYPE g [<!ENTITY a SYSTEM "file:///etc/passwd">]><gpx>&a;</gpx>',
    ),
    'bomb.zip': bomb,
    'out.zip': zipFile([{ name: '../../etc/x.gpx', bytes: gpxFile(outing(1)) }]),
    'planned.gpx': gpxFile(outing(2), { routes: true }),
    'activities.csv': activitiesCsv(EXPORT.slice(0, 1)),
    'cut.fit': fitFile(outing(4), { sessions: false }).subarray(0, 4000),
  });
  assert.equal(state, 'done');
  assert.equal(done, total);
  const codes = Object.fromEntries(failures.map(({ name, code }) => [name, code]));
  assert.deepEqual(codes, {
    'empty.gpx': 'empty_file',
    'picture.gpx': 'unknown_format',
    'entities.gpx': 'malformed_xml',
    'bomb.zip': 'unsafe_archive',
    'out.zip': 'unsafe_archive',
    'planned.gpx': 'not_an_activity',
    'activities/200.fit.gz': 'missing_file',
  });
  assert.equal((await activitiesOf(athlete)).length, 2);
  const rows = await db('import_files').where({ outcome: 'failed' }).select('name', 'message');
  assert.ok(rows.length >= failures.length);
  for (const { name, message } of rows) {
    assert.equal(name.includes('.gpx'), false);
    assert.equal(message.includes('file'), false);
  }
});

test('uploads damaged on the disk fail, and say so', async () => {
  const athlete = await testAthlete(db);
  const id = await upload(deps, athlete, { 'a.gpx': gpxFile(outing(0)), 'b.gpx': gpxFile(outing(1)) });
  const path = join(deps.folder, 'spool', id, '0');
  const bytes = await readFile(path);
  bytes[bytes.length - 20] ^= 1;
  await writeFile(path, bytes);
  await runImport(deps, id, never);
  const { failures, state } = await outcomeOf(athlete, id);
  assert.equal(state, 'done');
  assert.deepEqual(
    failures.map(({ name, code }) => [name, code]),
    [['a.gpx', 'not_readable']],
  );
});

test('a full disk ends the import with that reason; what was saved before is whole', async () => {
  const athlete = await testAthlete(db);
  await db.raw(`create function full_disk() returns trigger language plpgsql as
    $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$`);
  await db.raw('create trigger full_disk before insert on tracks for each row execute function full_disk()');
  try {
    const { state, failures } = await importUploads(athlete, { 'a.gpx': gpxFile(outing(0)) });
    assert.equal(state, 'failed');
    assert.deepEqual(
      failures.map(({ code }) => code),
      ['disk_full'],
    );
    assert.deepEqual(await activitiesOf(athlete), []);
  } finally {
    await db.raw('drop function full_disk cascade');
  }
});

test('a disk that is too full for the reason too ends the import all the same', async () => {
  const athlete = await testAthlete(db);
  await db.raw(`create function full_disk() returns trigger language plpgsql as
    $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$`);
  await db.raw(`create trigger full_disk before insert on tracks for each row execute function full_disk();
    create trigger full_disk before insert on import_files for each row execute function full_disk()`);
  try {
    const id = await upload(deps, athlete, { 'a.gpx': gpxFile(outing(0)) });
    await runImport(deps, id, never);
    const found = (await deps.imports.find(athlete.id, id))!;
    assert.equal(found.state, 'failed');
    assert.deepEqual(
      (await deps.imports.failures(athlete.id, found)).map(({ code }) => code),
      ['disk_full'],
    );
  } finally {
    await db.raw('drop function full_disk cascade');
  }
});

test('told to stop, an import rejects and stays to be done; then it is done', async (t) => {
  const athlete = await testAthlete(db);
  const files = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`${at}.gpx`, gpxFile(outing(at))]));
  const id = await submitPaths(deps.imports, athlete.id, [await folderOf(t, files)], queued);
  const stopping = new AbortController();
  const running = () => assert.rejects(runImport(deps, id, stopping.signal));
  await held(athlete, running, async () => {
    const { total } = await outcomeOf(athlete, id);
    if (total > 0) stopping.abort();
    return stopping.signal.aborted;
  });
  assert.equal((await outcomeOf(athlete, id)).state, 'running');
  const again: string[] = [];
  await resumeImports({ ...deps, enqueue: async (_, importId) => void again.push(importId) });
  assert.deepEqual(again, [id]);
  await runImport(deps, id, never);
  assert.equal((await outcomeOf(athlete, id)).state, 'done');
  assert.equal((await activitiesOf(athlete)).length, 40);
});

test('an import whose process was killed goes on where it was: nothing twice, nothing missing', async () => {
  const athlete = await testAthlete(db);
  const count = 150;
  const files = Array.from({ length: count }, (_, at) => ({ name: `${at}.gpx`, bytes: gpxFile(outing(at)) }));
  const id = await upload(deps, athlete, { 'all.zip': zipFile(files) });
  // somewhere after its first batch, so that there is no hurry to kill it
  await db.raw(`create function hold() returns trigger language plpgsql as $$ begin
    if (select count(*) from activities where athlete_id = new.athlete_id) > 40 then perform pg_sleep(3600); end if;
    return new; end $$`);
  await db.raw('create trigger hold before insert on activities for each row execute function hold()');
  const sleeping = `from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`;
  const program = fileURLToPath(new URL('../testing/import-process.ts', import.meta.url));
  const child = fork(program, [database.url, deps.folder, id], { execArgv: [] });
  await until(async () => (await db.raw(`select pid ${sleeping}`)).rows.length > 0);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await db.raw(`select pg_terminate_backend(pid) ${sleeping}`);
  await db.raw('drop function hold cascade');
  const saved = async () =>
    Number((await db('activities').where({ athlete_id: athlete.id }).count())[0].count);
  const before = await saved();
  assert.ok(before > 0 && before < count, `${before} of ${count} were saved when it was killed`);
  // its lock goes with its connection
  while (!(await alone(db, `import:${id}`, async () => {}))) await sleep(5);
  await runImport(deps, id, never);
  const { state, done, total, added, failures } = await outcomeOf(athlete, id);
  assert.deepEqual(
    { state, done, total, failures },
    { state: 'done', done: count, total: count, failures: [] },
  );
  assert.equal(await saved(), count);
  assert.equal(added, count, 'what was added before it was killed counts as added');
  const page = await deps.imports.files(athlete.id, id, {});
  assert.deepEqual(page?.counts, { added: count, merged: 0, known: 0, failed: 0 });
  const { rows } = await db.raw(
    'select count(*)::int as count from tracks t join recordings r using (activity_id) where t.athlete_id = ? and r.chosen',
    [athlete.id],
  );
  assert.equal(rows[0].count, count);
});

test('two that run one import at once do its work once', async () => {
  const athlete = await testAthlete(db);
  const id = await upload(deps, athlete, { 'a.gpx': gpxFile(outing(0)) });
  await Promise.all([runImport(deps, id, never), runImport(deps, id, never)]);
  const { state, done } = await outcomeOf(athlete, id);
  assert.deepEqual({ state, done }, { state: 'done', done: 1 });
});
