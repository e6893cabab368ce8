import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Knex } from 'knex';
import { activitiesCsv } from '../demo/export-writer.ts';
import { fitFile } from '../demo/fit-writer.ts';
import { gpxFile } from '../demo/gpx-writer.ts';
import { testAthlete, testDatabase } from '../testing/database.ts';
import { type TestImports, testImports, upload } from '../testing/import-deps.ts';
import type { Athlete } from '../testing/store-activities.ts';
import { recordedOuting } from '../testing/track-files.ts';
import { runImport } from './import.ts';
import { recordFiles } from './import-outcomes.ts';
import { deleteActivities } from './write.ts';

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

const outing = (at: number, options = {}) =>
  recordedOuting({ seed: at + 1, startedAt: 1.6e9 + at * 86_400, name: `Outing ${at}`, ...options });

async function importFiles(athlete: Athlete, files: Record<string, Uint8Array>): Promise<string> {
  const id = await upload(deps, athlete, files);
  await runImport(deps, id, new AbortController().signal);
  return id;
}

async function filesOf(athlete: Athlete, id: string, which = {}) {
  const page = await deps.imports.files(athlete.id, id, which);
  assert.ok(page);
  return page;
}

test('of each file it is told what became of it, and which activity it holds', async () => {
  const athlete = await testAthlete(db);
  const first = await importFiles(athlete, { 'first.gpx': gpxFile(outing(0)) });
  const [{ activity }] = (await filesOf(athlete, first)).files;
  assert.deepEqual(
    { ...activity, id: null },
    { id: null, name: 'Outing 0', sport: 'Ride', startedAt: 1.6e9, hasTrack: true },
  );
  const second = await importFiles(athlete, {
    'again.gpx': gpxFile(outing(0)),
    'first.fit': fitFile(outing(0)),
    'new.gpx': gpxFile(outing(1)),
    'several.gpx': gpxFile([outing(2), outing(3)]),
    'cut.fit': fitFile(outing(4), { sessions: false }).subarray(0, 4000),
    'broken.gpx': Buffer.from('no recording'),
    'export/activities.csv': activitiesCsv([
      { activity: outing(5, { sport: 'Yoga' }), activityId: '105', manual: true },
    ]),
  });
  const { files, next, counts } = await filesOf(athlete, second);
  assert.equal(next, null);
  assert.deepEqual(counts, { added: 4, merged: 1, known: 1, failed: 1 });
  const told = Object.fromEntries(
    files.map(({ name, outcome, added, code, activity }) => [
      name,
      [outcome, added, code, activity?.name ?? null, activity?.hasTrack ?? null],
    ]),
  );
  assert.deepEqual(told, {
    'again.gpx': ['known', 0, null, 'Outing 0', true],
    'first.fit': ['merged', 0, null, 'Outing 0', true],
    'new.gpx': ['added', 1, null, 'Outing 1', true],
    'several.gpx': ['added', 2, null, 'Outing 2', true],
    'cut.fit': ['added', 1, 'truncated', null, true],
    'broken.gpx': ['failed', 0, 'unknown_format', null, null],
    'Outing 5': ['added', 1, null, 'Outing 5', false],
  });
  const failed = await filesOf(athlete, second, { outcome: 'failed' });
  assert.deepEqual(
    failed.files.map(({ name }) => name),
    ['broken.gpx'],
  );
  assert.ok(failed.files[0].message!.length > 10);
});

test('a file whose activity was deleted since is still told of', async () => {
  const athlete = await testAthlete(db);
  const id = await importFiles(athlete, { 'a.gpx': gpxFile(outing(0)) });
  const { files } = await filesOf(athlete, id);
  await deleteActivities(deps, athlete.id, [files[0].activity!.id]);
  const [{ name, outcome, activity }] = (await filesOf(athlete, id)).files;
  assert.deepEqual({ name, outcome, activity }, { name: 'a.gpx', outcome: 'added', activity: null });
});

test('many files are told page by page, and what was told of is not told anew', async () => {
  const athlete = await testAthlete(db);
  const id = await importFiles(athlete, { 'a.gpx': gpxFile(outing(0)) });
  const about = { importId: id, athleteId: athlete.id, key: athlete.key };
  const some = Array.from({ length: 250 }, (_, at) => ({
    ordinal: at + 1,
    name: `file ${at + 1}`,
    outcome: 'known' as const,
  }));
  await recordFiles(db, about, some);
  const names: string[] = [];
  let cursor: number | undefined;
  do {
    const page = await filesOf(athlete, id, { cursor });
    assert.ok(page.files.length <= 100);
    names.push(...page.files.map(({ name }) => name));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  assert.deepEqual(names, ['a.gpx', ...some.slice(1).map(({ name }) => name)]);
  assert.equal((await filesOf(athlete, id, { outcome: 'failed' })).files.length, 0);
});

test('names and reasons are sealed; another’s import is none', async () => {
  const [athlete, other] = [await testAthlete(db), await testAthlete(db)];
  const id = await importFiles(athlete, { 'secret-road.gpx': Buffer.from('no recording') });
  const [row] = await db('import_files').where({ import_id: id });
  assert.equal(row.name.includes('secret'), false);
  assert.equal(row.message.includes('file'), false);
  assert.equal(await deps.imports.files(other.id, id, {}), null);
});

test('what became of the files of an old import is forgotten when another begins', async () => {
  const athlete = await testAthlete(db);
  const old = await importFiles(athlete, { 'a.gpx': gpxFile(outing(0)) });
  const recent = await importFiles(athlete, { 'b.gpx': gpxFile(outing(1)) });
  await db('imports')
    .where({ id: old })
    .update({ finished_at: db.raw(`now() - interval '91 days'`) });
  await importFiles(athlete, { 'c.gpx': gpxFile(outing(2)) });
  assert.equal((await filesOf(athlete, old)).files.length, 0);
  assert.equal((await filesOf(athlete, recent)).files.length, 1);
  assert.equal((await deps.imports.find(athlete.id, old))?.added, 1);
});
