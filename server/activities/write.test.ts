import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Knex } from 'knex';
import pg from 'pg';
import { Keyring } from '../athletes/keyring.ts';
import { deriveKey, open } from '../athletes/seal.ts';
import { footprintsOf } from '../database/footprint.ts';
import { fitFile } from '../demo/fit-writer.ts';
import { gpxFile } from '../demo/gpx-writer.ts';
import { TEST_MASTER_KEY, testAthlete, testDatabase } from '../testing/database.ts';
import type { Athlete } from '../testing/store-activities.ts';
import { type OutingOptions, recordedOuting } from '../testing/track-files.ts';
import { parseTrackFile } from '../tracks/parse.ts';
import type { ExportRow } from '../tracks/strava-export.ts';
import { partDigest } from './digest.ts';
import { type Prepared, type Provenance, prepare, prepareRow } from './prepare.ts';
import { saveActivities, saveActivity } from './save.ts';
import { deleteActivities, type WriteDeps } from './write.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Knex;
let deps: WriteDeps;

before(async () => {
  database = await testDatabase();
  ({ db } = database);
  deps = { db, keyring: new Keyring(db, TEST_MASTER_KEY), footprints: await footprintsOf(db) };
});
after(() => database.drop());

/** What the import makes of a file's first activity. */
async function prepared(
  athlete: Athlete,
  bytes: Buffer,
  { provenance = 'upload', row }: { provenance?: Provenance; row?: ExportRow } = {},
): Promise<Prepared> {
  const chunks = async function* () {
    yield bytes;
  };
  const [raw] = await parseTrackFile(chunks());
  const digest = partDigest(deriveKey(athlete.key, 'digest'), createHash('sha256').update(bytes).digest(), 0);
  return prepare(raw, { digest, tagKey: deriveKey(athlete.key, 'map'), provenance, row });
}

const gpx = (athlete: Athlete, outing: OutingOptions = {}) =>
  prepared(athlete, gpxFile(recordedOuting(outing)));

function rowOf(about: Partial<ExportRow>): ExportRow {
  return {
    activityId: '1',
    name: null,
    sport: null,
    startedAt: null,
    commute: false,
    filename: null,
    distance: null,
    elapsed: null,
    ...about,
  };
}

async function stored(athlete: Athlete) {
  const owned = { athlete_id: athlete.id };
  const [activities, recordings, tracks] = await Promise.all([
    db('activities').where(owned).orderBy('id'),
    db('recordings').where(owned).orderBy('id'),
    db('tracks').where(owned).orderBy('activity_id'),
  ]);
  const { revision } = await db('athletes').where({ id: athlete.id }).first('revision');
  return { activities, recordings, tracks, revision: Number(revision) };
}

test('a new activity is stored whole, and what says where it was is sealed', async () => {
  const athlete = await testAthlete(db);
  const one = await gpx(athlete, { name: 'Round the lake' });
  const { outcome, activityId } = await saveActivity(deps, athlete.id, one);
  assert.equal(outcome, 'created');
  const { activities, recordings, tracks, revision } = await stored(athlete);
  assert.equal(revision, 1);
  const [activity] = activities;
  assert.equal(activity.id, activityId);
  assert.equal(activity.started_at.getTime() / 1000, one.startedAt);
  assert.ok(activity.footprint);
  assert.equal(open(athlete.key, activity.name, 'activity-name').toString(), 'Round the lake');
  assert.deepEqual(open(athlete.key, recordings[0].source, 'source'), Buffer.from(one.source!));
  assert.deepEqual(open(athlete.key, tracks[0].fine, 'geometry'), Buffer.from(one.drawing!.fine));
  assert.equal(recordings[0].chosen, true);
});

test('the same file twice is one activity, and changes nothing', async () => {
  const athlete = await testAthlete(db);
  const one = await gpx(athlete);
  const first = await saveActivity(deps, athlete.id, one);
  const again = await saveActivity(deps, athlete.id, one);
  assert.deepEqual(again, { activityId: first.activityId, outcome: 'known' });
  assert.equal((await stored(athlete)).revision, 1);
});

test('the same outing as GPX and as FIT is one activity with two recordings, the better one drawn', async () => {
  const athlete = await testAthlete(db);
  const outing = recordedOuting({ sport: 'Ride' });
  const sparse = structuredClone(outing);
  for (const line of sparse.lines) {
    for (const values of Object.values(line) as number[][]) {
      values.splice(0, values.length, ...values.filter((_, at) => at % 5 === 0 || at === values.length - 1));
    }
  }
  await saveActivity(deps, athlete.id, await prepared(athlete, gpxFile(sparse)));
  const before = await stored(athlete);
  const { outcome } = await saveActivity(deps, athlete.id, await prepared(athlete, fitFile(outing)));
  assert.equal(outcome, 'merged');
  const { activities, recordings, tracks } = await stored(athlete);
  assert.equal(activities.length, 1);
  assert.deepEqual(
    recordings.map(({ chosen }) => chosen),
    [false, true],
  );
  assert.notDeepEqual(tracks[0].tag, before.tracks[0].tag);
  // the worse one, once more from elsewhere, changes nothing that is drawn
  const copy = structuredClone(sparse);
  copy.name = 'A copy';
  assert.equal(
    (await saveActivity(deps, athlete.id, await prepared(athlete, gpxFile(copy)))).outcome,
    'merged',
  );
  assert.deepEqual((await stored(athlete)).tracks, tracks);
});

test('two outings on one way are two activities, also at the same hour of two days', async () => {
  const athlete = await testAthlete(db);
  await saveActivity(deps, athlete.id, await gpx(athlete, { seed: 4 }));
  await saveActivity(deps, athlete.id, await gpx(athlete, { seed: 4, startedAt: 1_717_142_400 + 86_400 }));
  assert.equal((await stored(athlete)).activities.length, 2);
});

test('a run and a ride at the same time are two activities', async () => {
  const athlete = await testAthlete(db);
  await saveActivity(deps, athlete.id, await gpx(athlete, { sport: 'Run' }));
  await saveActivity(deps, athlete.id, await gpx(athlete, { sport: 'Ride' }));
  assert.equal((await stored(athlete)).activities.length, 2);
});

test('without times only a copy is the same outing, not another day on the same way', async () => {
  const athlete = await testAthlete(db);
  const timeless = (seed: number, name: string) => {
    const outing = recordedOuting({ seed: 5, noise: 0.3, name });
    for (const line of outing.lines) {
      line.time = line.time.map(() => Number.NaN);
      // another day: the same way, a little longer
      if (seed > 1) line.lat = line.lat.map((lat, at) => lat + (at % 2) * 1e-5);
    }
    return prepared(athlete, gpxFile({ ...outing, startedAt: null }));
  };
  await saveActivity(deps, athlete.id, await timeless(1, 'Monday'));
  assert.equal((await saveActivity(deps, athlete.id, await timeless(1, 'Its copy'))).outcome, 'merged');
  assert.equal((await saveActivity(deps, athlete.id, await timeless(2, 'Tuesday'))).outcome, 'created');
});

test('indoors, without a track, the time tells', async () => {
  const athlete = await testAthlete(db);
  const indoors = (name: string, startedAt: number) =>
    prepareRow(rowOf({ activityId: name, sport: 'Yoga', startedAt, elapsed: 3600 }), {
      digest: createHash('sha256').update(name).digest(),
      provenance: 'bulk_export',
    });
  await saveActivity(deps, athlete.id, indoors('1', 1.7e9));
  assert.equal((await saveActivity(deps, athlete.id, indoors('2', 1.7e9 + 20))).outcome, 'merged');
  assert.equal((await saveActivity(deps, athlete.id, indoors('3', 1.7e9 + 90_000))).outcome, 'created');
});

test("a file takes over what Strava's API gave, however dense that is", async () => {
  const athlete = await testAthlete(db);
  const fromApi = { ...(await gpx(athlete)), provenance: 'strava_api' as const, stravaId: '77' };
  await saveActivity(deps, athlete.id, fromApi);
  const file = await prepared(athlete, fitFile(recordedOuting()));
  assert.equal((await saveActivity(deps, athlete.id, file)).outcome, 'merged');
  const { activities, recordings } = await stored(athlete);
  assert.deepEqual(
    activities.map(({ provenance, strava_id }) => ({ provenance, strava_id })),
    [{ provenance: 'upload', strava_id: '77' }],
  );
  assert.deepEqual(
    recordings.map(({ provenance, chosen }) => [provenance, chosen]),
    [
      ['strava_api', false],
      ['upload', true],
    ],
  );
  // and the API's does not take it back
  const again = { ...fromApi, digest: Buffer.alloc(32, 9), pointCount: 10_000 };
  await saveActivity(deps, athlete.id, again);
  assert.equal((await stored(athlete)).activities[0].provenance, 'upload');
});

test("an export's row gives its name, sport and number to an activity that came as a bare file", async () => {
  const athlete = await testAthlete(db);
  const bytes = gpxFile(recordedOuting({ sport: 'Run', name: null }));
  await saveActivity(deps, athlete.id, await prepared(athlete, bytes));
  const row = rowOf({ activityId: '42', name: 'Morning Run', sport: 'TrailRun', commute: true });
  const named = await prepared(athlete, bytes, { provenance: 'bulk_export', row });
  assert.equal((await saveActivity(deps, athlete.id, named)).outcome, 'known');
  const { activities, revision } = await stored(athlete);
  const [{ name, sport, strava_id, commute }] = activities;
  assert.deepEqual([sport, strava_id, commute], ['TrailRun', '42', true]);
  assert.equal(open(athlete.key, name, 'activity-name').toString(), 'Morning Run');
  assert.equal(revision, 2);
});

test("Strava's number is enough to know an activity by", async () => {
  const athlete = await testAthlete(db);
  const row = rowOf({ activityId: '5', sport: 'Ride', name: 'Ride' });
  const { activityId } = await saveActivity(
    deps,
    athlete.id,
    prepareRow(row, { digest: Buffer.alloc(32, 1), provenance: 'bulk_export' }),
  );
  const file = await prepared(athlete, gpxFile(recordedOuting()), { provenance: 'bulk_export', row });
  assert.deepEqual(await saveActivity(deps, athlete.id, file), { activityId, outcome: 'merged' });
  const { tracks, activities } = await stored(athlete);
  assert.equal(tracks.length, 1);
  assert.ok(activities[0].footprint);
});

test('a transaction raises the revision once, and tells the other processes of it', async () => {
  const athlete = await testAthlete(db);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    const notices: string[] = [];
    client.on('notification', ({ payload = '' }) => notices.push(payload));
    await client.query('listen revision');
    await saveActivities(deps, athlete.id, [
      await gpx(athlete, { seed: 1 }),
      await gpx(athlete, { seed: 2, startedAt: 1.6e9 }),
    ]);
    // notices come before the answer to a later query
    await client.query('select 1');
    assert.deepEqual(notices, [`${athlete.id}:1`]);
  } finally {
    await client.end();
  }
  const { activities } = await stored(athlete);
  assert.deepEqual(
    activities.map(({ revision }) => Number(revision)),
    [1, 1],
  );
});

test('a transaction that fails leaves nothing half there', async () => {
  const athlete = await testAthlete(db);
  const good = await gpx(athlete, { seed: 1 });
  const bad = { ...(await gpx(athlete, { seed: 2, startedAt: 1.6e9 })), provenance: 'nowhere' as Provenance };
  await assert.rejects(saveActivities(deps, athlete.id, [good, bad]));
  const { activities, recordings, tracks, revision } = await stored(athlete);
  assert.deepEqual([activities, recordings, tracks, revision], [[], [], [], 0]);
});

test('saved by many at once, one file is one activity', async () => {
  const athlete = await testAthlete(db);
  const one = await gpx(athlete);
  const saved = await Promise.all(Array.from({ length: 8 }, () => saveActivity(deps, athlete.id, one)));
  assert.equal(saved.filter(({ outcome }) => outcome === 'created').length, 1);
  assert.equal(new Set(saved.map(({ activityId }) => activityId)).size, 1);
  assert.equal((await stored(athlete)).revision, 1);
});

test('a deleted activity is gone with all that belongs to it; only its athlete can delete it', async () => {
  const [athlete, other] = [await testAthlete(db), await testAthlete(db)];
  const one = await gpx(athlete);
  const { activityId } = await saveActivity(deps, athlete.id, one);
  assert.equal(await deleteActivities(deps, other.id, [activityId]), 0);
  assert.equal(await deleteActivities(deps, athlete.id, [activityId]), 1);
  assert.equal(await deleteActivities(deps, athlete.id, [activityId]), 0);
  const { activities, recordings, tracks, revision } = await stored(athlete);
  assert.deepEqual([activities, recordings, tracks, revision], [[], [], [], 2]);
  const removed = await db('removed_activities').where({ athlete_id: athlete.id });
  assert.deepEqual(
    removed.map(({ activity_id, revision }) => [activity_id, Number(revision)]),
    [[activityId, 2]],
  );
  // and may come again
  assert.equal((await saveActivity(deps, athlete.id, one)).outcome, 'created');
});

test('one athlete knows nothing of the files of another', async () => {
  const [athlete, other] = [await testAthlete(db), await testAthlete(db)];
  await saveActivity(deps, athlete.id, await gpx(athlete));
  assert.equal((await saveActivity(deps, other.id, await gpx(other))).outcome, 'created');
  const [mine] = (await stored(athlete)).recordings;
  const [theirs] = (await stored(other)).recordings;
  assert.notDeepEqual(mine.digest, theirs.digest);
});
