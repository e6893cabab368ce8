import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Knex } from 'knex';
import { Keyring } from '../athletes/keyring.ts';
import { deriveKey, open } from '../athletes/seal.ts';
import { footprintsOf } from '../database/footprint.ts';
import { TEST_MASTER_KEY, testAthlete, testDatabase } from '../testing/database.ts';
import type { Athlete } from '../testing/store-activities.ts';
import { recordedOuting } from '../testing/track-files.ts';
import type { RawActivity } from '../tracks/recording.ts';
import { describeCopy, withdrawAllCopies, withdrawCopies } from './copies.ts';
import { type Prepared, type Provenance, prepare } from './prepare.ts';
import { saveActivity } from './save.ts';
import { deleteActivities, type WriteDeps, write } from './write.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Knex;
let deps: WriteDeps;

before(async () => {
  database = await testDatabase();
  ({ db } = database);
  deps = { db, keyring: new Keyring(db, TEST_MASTER_KEY), footprints: await footprintsOf(db) };
});
after(() => database.drop());

function made(athlete: Athlete, raw: RawActivity, provenance: Provenance, stravaId: string | null): Prepared {
  const digest = createHash('sha256')
    .update(JSON.stringify([raw, provenance, stravaId]))
    .digest();
  const prepared = prepare(raw, { digest, tagKey: deriveKey(athlete.key, 'map'), provenance });
  return { ...prepared, stravaId };
}

/** Every tenth point, and no time: what a list shows. */
function outline(athlete: Athlete, raw: RawActivity, stravaId: string): Prepared {
  const lines = raw.lines.map(({ lng, lat }) => {
    const kept = (_: number, at: number) => at % 10 === 0 || at === lng.length - 1;
    const few = lng.filter(kept);
    const none = few.map(() => Number.NaN);
    return { lng: few, lat: lat.filter(kept), time: none, altitude: none };
  });
  return { ...made(athlete, { ...raw, lines }, 'strava_api', stravaId), outline: true };
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

const nameOf = (athlete: Athlete, { name }: { name: Buffer | null }) =>
  name && open(athlete.key, name, 'activity-name').toString();

test('the whole recording replaces its outline, and no outline replaces the whole', async () => {
  const athlete = await testAthlete(db);
  const raw = recordedOuting({ sport: 'Ride' });
  const rough = outline(athlete, raw, '7');
  await saveActivity(deps, athlete.id, rough);
  const first = await stored(athlete);
  assert.deepEqual([first.recordings[0].strava_id, first.recordings[0].outline], ['7', true]);
  const whole = made(athlete, raw, 'strava_api', '7');
  const saved = await saveActivity(deps, athlete.id, whole);
  assert.equal(saved.activityId, first.activities[0].id);
  const second = await stored(athlete);
  assert.equal(second.recordings.length, 1);
  assert.equal(second.recordings[0].outline, false);
  assert.equal(second.recordings[0].point_count, whole.pointCount);
  assert.notDeepEqual(second.tracks[0].tag, first.tracks[0].tag);
  await saveActivity(deps, athlete.id, rough);
  await saveActivity(deps, athlete.id, whole);
  assert.deepEqual(await stored(athlete), second);
});

test('where the whole shows that a file is of the same outing, both become one activity', async () => {
  const athlete = await testAthlete(db);
  const raw = recordedOuting({ sport: 'Ride' });
  // so rough that it might be anything
  const rough = outline(athlete, raw, '7');
  const ends = { ...raw, lines: raw.lines.map((line) => cut(line, [0, line.lng.length - 1])) };
  await saveActivity(deps, athlete.id, { ...outline(athlete, ends, '7'), name: 'To the lake' });
  const file = made(athlete, { ...raw, name: null }, 'upload', null);
  await saveActivity(deps, athlete.id, file);
  assert.equal((await stored(athlete)).activities.length, 2);
  assert.ok(rough.source);
  await saveActivity(deps, athlete.id, made(athlete, raw, 'strava_api', '7'));
  const { activities, recordings, tracks } = await stored(athlete);
  assert.equal(activities.length, 1);
  assert.equal(tracks.length, 1);
  const [{ provenance, strava_id }] = activities;
  assert.deepEqual([provenance, strava_id], ['upload', '7']);
  assert.deepEqual(recordings.map(({ provenance, chosen }) => [provenance, chosen]).sort(), [
    ['strava_api', false],
    ['upload', true],
  ]);
  assert.equal((await db('removed_activities').where({ athlete_id: athlete.id })).length, 1);
});

test("Strava's words change what Strava named, and not what a file did", async () => {
  const athlete = await testAthlete(db);
  const words = { name: 'New', sport: 'GravelRide', commute: true, virtual: false, visibility: 'everyone' };
  const raw = recordedOuting({ sport: 'Ride', name: 'Old' });
  await saveActivity(deps, athlete.id, made(athlete, raw, 'strava_api', '7'));
  await write(deps, athlete.id, (change) => describeCopy(change, '7', words));
  const [named] = (await stored(athlete)).activities;
  assert.deepEqual([nameOf(athlete, named), named.sport, named.commute], ['New', 'GravelRide', true]);
  const before = (await stored(athlete)).revision;

  const file = made(athlete, { ...raw, name: 'Mine' }, 'upload', null);
  await saveActivity(deps, athlete.id, file);
  await write(deps, athlete.id, (change) => describeCopy(change, '7', { ...words, name: 'Newer' }));
  const [mine] = (await stored(athlete)).activities;
  assert.deepEqual([nameOf(athlete, mine), mine.sport], ['Mine', 'GravelRide']);
  assert.ok((await stored(athlete)).revision > before);
});

test('withdrawn, an activity goes, unless a file goes on with it', async () => {
  const athlete = await testAthlete(db);
  const [one, two] = [recordedOuting({ seed: 1 }), recordedOuting({ seed: 2, startedAt: 1.6e9 })];
  await saveActivity(deps, athlete.id, made(athlete, one, 'strava_api', '1'));
  await saveActivity(deps, athlete.id, made(athlete, two, 'strava_api', '2'));
  await saveActivity(deps, athlete.id, made(athlete, { ...two, name: null }, 'upload', null));
  await write(deps, athlete.id, (change) => withdrawCopies(change, ['1', 'unknown']));
  const left = await stored(athlete);
  assert.deepEqual(
    left.activities.map(({ strava_id }) => strava_id),
    ['2'],
  );
  await write(deps, athlete.id, (change) => withdrawAllCopies(change));
  const { activities, recordings, tracks } = await stored(athlete);
  assert.deepEqual(
    activities.map(({ provenance, strava_id, name }) => [provenance, strava_id, name]),
    [['upload', null, null]],
  );
  assert.deepEqual(
    recordings.map(({ provenance, chosen }) => [provenance, chosen]),
    [['upload', true]],
  );
  assert.equal(tracks.length, 1);
});

test('of two copies of one outing, one goes on when the other is withdrawn', async () => {
  const athlete = await testAthlete(db);
  const raw = recordedOuting({ seed: 3 });
  await saveActivity(deps, athlete.id, made(athlete, raw, 'strava_api', '1'));
  await saveActivity(deps, athlete.id, made(athlete, raw, 'strava_api', '2'));
  const before = await stored(athlete);
  assert.equal(before.activities.length, 1);
  await write(deps, athlete.id, (change) => withdrawCopies(change, ['1']));
  const { activities, recordings, tracks } = await stored(athlete);
  assert.deepEqual([activities[0].strava_id, recordings[0].chosen], ['2', true]);
  assert.deepEqual(tracks[0].tag, before.tracks[0].tag);
  assert.equal(await deleteActivities(deps, athlete.id, [activities[0].id]), 1);
});

function cut(line: RawActivity['lines'][number], kept: number[]): RawActivity['lines'][number] {
  const pick = (values: number[]) => kept.map((at) => values[at]);
  return {
    lng: pick(line.lng),
    lat: pick(line.lat),
    time: pick(line.time),
    altitude: pick(line.altitude),
  };
}
