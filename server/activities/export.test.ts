import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { after, before, type TestContext, test } from 'node:test';
import type { Knex } from 'knex';
import { open } from '../athletes/seal.ts';
import { type Exported, exportZip } from '../demo/export-writer.ts';
import { gpxFile } from '../demo/gpx-writer.ts';
import { zipFile } from '../demo/zip-writer.ts';
import { EVERYTHING } from '../index/filter.ts';
import { testAthlete, testDatabase } from '../testing/database.ts';
import { type TestImports, testImports } from '../testing/import-deps.ts';
import { seeded, tileAt } from '../testing/sample-activities.ts';
import type { Athlete } from '../testing/store-activities.ts';
import { testTiles } from '../testing/tile-service.ts';
import { recordedOuting } from '../testing/track-files.ts';
import { WALK_LIMITS, walk } from '../tracks/archive.ts';
import { decodeTrack } from '../tracks/codec.ts';
import type { Track } from '../tracks/recording.ts';
import { openFile } from '../tracks/source.ts';
import { listZip, openMember } from '../tracks/zip.ts';
import { exportActivities } from './export.ts';
import { runImport } from './import.ts';
import { submitPaths } from './submit.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
/** An installation of its own: another database, other keys. */
let elsewhere: Awaited<ReturnType<typeof testDatabase>>;
let deps: TestImports;
let there: TestImports;
const never = new AbortController().signal;

before(async () => {
  database = await testDatabase();
  elsewhere = await testDatabase();
  deps = await testImports(database.db);
  there = await testImports(elsewhere.db);
});
after(async () => {
  await deps.close();
  await there.close();
  await database.drop();
  await elsewhere.drop();
});

const exportOf = (athlete: Athlete, { db }: TestImports) =>
  exportActivities({ db, dataKey: async () => athlete.key, settings: async () => ({}) }, athlete.id);

async function importInto(target: TestImports, athlete: Athlete, name: string, bytes: Buffer) {
  const path = join(target.folder, name);
  await writeFile(path, bytes);
  const id = await submitPaths(target.imports, athlete.id, [path], async () => {});
  await runImport(target, id, never);
  return target.imports.failures(athlete.id, (await target.imports.find(athlete.id, id))!);
}

/** All that is kept of an athlete's activities, in the order of their starts. */
async function kept(db: Knex, { id, key }: Athlete): Promise<Record<string, unknown>[]> {
  const rows = await db('activities as a')
    .leftJoin('recordings as r', (join) => join.on('r.activity_id', 'a.id').onVal('r.chosen', true))
    .where('a.athlete_id', id)
    .orderBy([{ column: 'a.started_at' }, { column: 'a.sport' }])
    .select('a.*', 'r.source', 'r.provenance as recorded');
  return rows.map((row) => ({
    name: row.name && open(key, row.name, 'activity-name').toString(),
    track: row.source && decodeTrack(open(key, row.source, 'source')),
    ...Object.fromEntries(
      ['sport', 'provenance', 'recorded', 'started_at', 'elapsed', 'distance', 'commute', 'virtual']
        .concat(['visibility', 'hidden', 'strava_id'])
        .map((column) => [column, row[column]]),
    ),
  }));
}

/** Pixels of tiles of all zooms around the place of the recordings, and beyond. */
async function pixels(t: TestContext, db: Knex, athlete: Athlete) {
  const { tiles, close } = await testTiles(t, { db, athletes: [athlete] });
  const random = seeded(5);
  const pictures: Buffer[] = [];
  for (let z = 0; z <= 20; z++) {
    for (let at = 0; at < 2; at++) {
      const tile = tileAt(z, random);
      const asked = {
        map: { athleteId: athlete.id, geometry: 'own' as const },
        athleteId: athlete.id,
        geometry: 'own' as const,
        tile,
        size: 256 as const,
        filter: EVERYTHING,
      };
      pictures.push((await tiles.get(asked)).png);
    }
  }
  await close();
  return pictures;
}

/** Outings of every kind: jumps, no times, by hand, indoors, hidden, from Strava's API. */
async function fill(athlete: Athlete): Promise<void> {
  const outing = (seed: number, more = {}) =>
    recordedOuting({ seed, points: 900, startedAt: 1.6e9 + seed * 86_400, noise: 2, ...more });
  const jumping = outing(1, { name: 'Züge & <Fähren> "im" Süden 🚲' });
  const far = outing(2);
  jumping.lines[0].lng.push(...far.lines[0].lng.map((lng) => lng + 0.3));
  for (const column of ['lat', 'altitude'] as const) jumping.lines[0][column].push(...far.lines[0][column]);
  jumping.lines[0].time.push(...far.lines[0].time.map((time) => time - 80_000.75));
  const timeless = outing(3, { name: null });
  timeless.lines[0].time.fill(Number.NaN);
  timeless.lines[0].altitude.fill(Number.NaN);
  const exported: Exported[] = [
    { activity: jumping, activityId: '9007199254740993', format: 'gpx', commute: true },
    { activity: outing(4, { sport: 'Run' }), activityId: '12', format: 'fit.gz' },
    { activity: outing(5, { sport: 'Yoga', name: 'Indoors' }), activityId: '13', manual: true },
  ];
  assert.deepEqual(await importInto(deps, athlete, 'strava.zip', exportZip(exported)), []);
  const files = [timeless, outing(6), outing(7, { sport: 'Hike' })].map((one, at) => ({
    name: `${at}.gpx`,
    bytes: gpxFile(one),
  }));
  assert.deepEqual(await importInto(deps, athlete, 'files.zip', zipFile(files)), []);
  const mine = () => deps.db('activities').where({ athlete_id: athlete.id });
  await mine().where({ sport: 'Hike' }).update({ hidden: true, visibility: 'only_me' });
  const fromApi = { provenance: 'strava_api' };
  await mine().where({ strava_id: '12' }).update(fromApi);
  await deps
    .db('recordings')
    .whereIn('activity_id', mine().where({ strava_id: '12' }).select('id'))
    .update({ ...fromApi, strava_id: '12' });
}

async function recordingsIn(path: string): Promise<string[]> {
  const names: string[] = [];
  for await (const found of walk(path)) names.push(found.kind === 'track' ? found.entry.name : found.kind);
  return names;
}

async function textIn(path: string, name: string): Promise<string> {
  const zip = await openFile(path);
  const members = await listZip(zip, 0, zip.size, WALK_LIMITS);
  const member = members.find((one) => one.name === name);
  assert.ok(member);
  const read = await text(Readable.from(openMember(zip, member)));
  await zip.close();
  return read;
}

test('an export, imported into an empty installation, gives the same tracks bit by bit and the same map', async (t) => {
  const athlete = await testAthlete(database.db);
  await fill(athlete);
  const before = await kept(database.db, athlete);
  assert.ok(
    before.some(({ track }) => (track as Track | null) && (track as Track).lines.length > 1),
    'one has a jump',
  );
  assert.ok(before.length >= 6);
  const zip = await buffer(await exportOf(athlete, deps));
  const other = await testAthlete(elsewhere.db);
  assert.deepEqual(await importInto(there, other, 'export.zip', zip), []);
  assert.deepEqual(await kept(elsewhere.db, other), before);
  assert.deepEqual(await pixels(t, elsewhere.db, other), await pixels(t, database.db, athlete));
  // and once more, from there, by whoever gets it
  const again = await buffer(await exportOf(other, there));
  const third = await testAthlete(elsewhere.db);
  assert.deepEqual(await importInto(there, third, 'again.zip', again), []);
  assert.deepEqual(await kept(elsewhere.db, third), before);
});

test('imported where it came from, it adds nothing', async () => {
  const athlete = await testAthlete(database.db);
  await fill(athlete);
  const before = await kept(database.db, athlete);
  const zip = await buffer(await exportOf(athlete, deps));
  assert.deepEqual(await importInto(deps, athlete, 'same.zip', zip), []);
  assert.deepEqual(await kept(database.db, athlete), before);
});

test('an export is of one athlete alone, and of nobody an empty one', async () => {
  const [athlete, other] = [await testAthlete(database.db), await testAthlete(database.db)];
  await fill(athlete);
  const path = join(deps.folder, 'empty.zip');
  await writeFile(path, await buffer(await exportOf(other, deps)));
  assert.deepEqual(await recordingsIn(path), []);
});

test('what a stranger wrote into such a file is taken for what it can be', async () => {
  const athlete = await testAthlete(database.db);
  const [attributes, expected] = [
    'provenance="stolen" strava-id="1;drop" visibility="&lt;b&gt;" elapsed="-5" distance="1e99" started="soon" hidden="yes"',
    { provenance: 'upload', strava_id: null, visibility: 'everyone', elapsed: null, hidden: false },
  ];
  const point = (lat: number, lng: number) =>
    `<trkpt lat="${lat}" lon="${lng}"><time>2024-01-01T00:00:00Z</time></trkpt>`;
  const file = `<gpx creator="Pathglow" xmlns:pathglow="x"><trk><extensions><pathglow:activity ${attributes}/></extensions><trkseg>
    ${point(48, 11)}${point(95, 11)}${point(48.001, 11)}${point(48, 400)}</trkseg></trk></gpx>`;
  assert.deepEqual(await importInto(deps, athlete, 'forged.gpx', Buffer.from(file)), []);
  const [activity] = await kept(database.db, athlete);
  assert.deepEqual({ ...activity, ...expected }, activity);
  assert.equal((activity.track as Track).pointCount, 2);
});

test('a recording that is damaged is named, and all others are there', async () => {
  const athlete = await testAthlete(database.db);
  await fill(athlete);
  const [{ id }] = await database
    .db('activities')
    .where({ athlete_id: athlete.id, sport: 'Run' })
    .select('id');
  await database
    .db('recordings')
    .where({ activity_id: id })
    .update({ source: Buffer.from('damaged') });
  const path = join(deps.folder, 'damaged.zip');
  await writeFile(path, await buffer(await exportOf(athlete, deps)));
  assert.equal((await recordingsIn(path)).length, 6);
  const { activities, unreadable } = JSON.parse(await textIn(path, 'activities.json'));
  assert.equal(activities.length, 6);
  assert.deepEqual(unreadable, [id]);
});

test('one recording is held at a time; who goes away ends the work, and so does a deletion', async () => {
  const athlete = await testAthlete(database.db);
  await fill(athlete);
  const leaving = await exportOf(athlete, deps);
  for await (const _ of leaving) break;
  assert.ok(leaving.destroyed);
  const cut = await exportActivities(
    {
      db: database.db,
      dataKey: (() => {
        let asked = 0;
        return async () => {
          if (++asked > 3) throw new Error('the athlete is gone');
          return athlete.key;
        };
      })(),
      settings: async () => ({}),
    },
    athlete.id,
  );
  await assert.rejects(buffer(cut), /gone/);
});
