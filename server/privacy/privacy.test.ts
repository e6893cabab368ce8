import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Knex } from 'knex';
import { hideActivities } from '../activities/hide.ts';
import { prepare } from '../activities/prepare.ts';
import { rebuildTracks } from '../activities/rebuild.ts';
import { saveActivities } from '../activities/save.ts';
import { deleteActivities } from '../activities/write.ts';
import { deriveKey } from '../athletes/seal.ts';
import { groundDistance } from '../geo/ground.ts';
import { latToWorldY, lngToWorldX } from '../geo/mercator.ts';
import type { AthleteIndex } from '../index/athlete-index.ts';
import { EVERYTHING } from '../index/filter.ts';
import { IndexPool } from '../index/pool.ts';
import type { Geometry } from '../index/subject.ts';
import { windowOf } from '../index/window.ts';
import { testAthlete, testDatabase } from '../testing/database.ts';
import { type TestImports, testImports } from '../testing/import-deps.ts';
import type { Athlete } from '../testing/store-activities.ts';
import { recordedOuting } from '../testing/track-files.ts';
import type { RawActivity } from '../tracks/recording.ts';
import { changeHiddenEnds, endsOf, readHiddenEnds } from './hiding.ts';
import { countUnpublished, publish, startPublishing } from './publish.ts';
import {
  changeZone,
  createZone,
  cutOf,
  deleteZone,
  hiddenPlaces,
  listZones,
  MOST_ZONES,
  TooManyZones,
} from './zones.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Knex;
let deps: TestImports;
/** Athletes whose making of public geometry was queued. */
let queued: string[] = [];
const never = new AbortController().signal;
const HOME = { lng: 11.25, lat: 47.98 };

before(async () => {
  database = await testDatabase();
  ({ db } = database);
  deps = Object.assign(await testImports(db), {
    enqueuePublishing: async (_: Knex, athleteId: string) => void queued.push(athleteId),
  });
});
after(async () => {
  await deps.close();
  await database.drop();
});

/** An athlete whose outings begin at home, whom others may look at, and who hides nothing yet. */
async function athleteWith(outings: RawActivity[], provenance: 'upload' | 'strava_api' = 'upload') {
  const athlete = await testAthlete(db);
  await db('athletes').where({ id: athlete.id }).update({ hide_first: 0, hide_last: 0 });
  const ids = await add(athlete, outings, provenance);
  await startPublishing(db, athlete.id, deps.enqueuePublishing!);
  return { athlete, ids };
}

async function add(athlete: Athlete, outings: RawActivity[], provenance: 'upload' | 'strava_api' = 'upload') {
  const tagKey = deriveKey(athlete.key, 'map');
  const prepared = outings.map((raw) => {
    const digest = createHash('sha256').update(JSON.stringify(raw)).digest();
    return prepare(raw, { digest, tagKey, provenance });
  });
  return (await saveActivities(deps, athlete.id, prepared)).map(({ activityId }) => activityId);
}

const outing = (seed: number, from = HOME) =>
  recordedOuting({ ...from, seed, points: 500, startedAt: 1.6e9 + seed * 86_400 });
const outings = (count: number) => Array.from({ length: count }, (_, seed) => outing(seed));

const publishAll = ({ id }: Athlete, shareStravaApi = false) =>
  publish({ ...deps, shareStravaApi }, id, never);

function newPool({ key }: Athlete, shareStravaApi = false): IndexPool {
  const warn = (message: string) => assert.fail(message);
  return new IndexPool({ db, dataKey: async () => key, shareStravaApi, memoryLimit: 2 ** 30, warn });
}

/** How many activities come near a place: within half a tile of some hundred metres. */
function near(index: AthleteIndex, { lng, lat } = HOME, z = 17): number {
  const side = 2 ** 31 / 2 ** z;
  const tile = { z, x: Math.floor(lngToWorldX(lng) / side), y: Math.floor(latToWorldY(lat) / side) };
  return index.touching(windowOf(tile, 256), EVERYTHING).count;
}

async function seen(pool: IndexPool, { id }: Athlete, geometry: Geometry = 'public') {
  const index = await pool.current(id, 'fine', geometry);
  return { activities: index.activityCount, near: near(index) };
}

test('zones are told to their athlete as they were asked for, and lie sealed', async () => {
  const { athlete } = await athleteWith([]);
  const asked = { name: 'Grandmother’s', ...HOME, radius: 300 };
  const zone = await createZone(deps, athlete.id, asked);
  assert.deepEqual(zone, { id: zone.id, ...asked });
  assert.deepEqual(await listZones(db, athlete.id, athlete.key), [zone]);
  const other = await testAthlete(db);
  assert.deepEqual(await listZones(db, other.id, other.key), []);
  // but for when it was made, whose digits may be any
  const { rows } = await db.raw(`select (to_jsonb(z) - 'created_at')::text as text from zones z`);
  for (const secret of ['Grandmother', '11.25', '47.98']) {
    for (const form of [secret, Buffer.from(secret).toString('hex')]) assert.ok(!rows[0].text.includes(form));
  }
  const changed = await changeZone(deps, athlete.id, zone.id, { radius: 400 });
  assert.deepEqual(changed, { ...zone, radius: 400 });
  assert.equal(await changeZone(deps, other.id, zone.id, { radius: 100 }), null);
  assert.equal(await deleteZone(deps, other.id, zone.id), null);
  assert.equal(await deleteZone(deps, athlete.id, zone.id), true);
  assert.equal(await deleteZone(deps, athlete.id, zone.id), null);
});

test('what is cut contains the zone, at any latitude, off its middle by a way that stays the same', async () => {
  const { athlete } = await athleteWith([]);
  const places = [
    { lng: 11.25, lat: 47.98, radius: 100 },
    { lng: 179.9999, lat: -17, radius: 5000 },
    { lng: -180, lat: 84.9, radius: 3000 },
    { lng: 0, lat: 0, radius: 250 },
  ];
  const offsets: [number, number][] = [
    [0, 0],
    [1, 0],
    [-0.6, 0.8],
    [0, -1],
  ];
  for (const place of places) {
    for (const offset of offsets) {
      const cut = cutOf({ name: '', ...place, offset });
      const away = groundDistance(
        lngToWorldX(place.lng),
        latToWorldY(place.lat),
        lngToWorldX(cut.lng),
        latToWorldY(cut.lat),
      );
      assert.ok(away + place.radius <= cut.radius, `${away} m off`);
      assert.ok(cut.radius <= place.radius * 1.51);
    }
  }
  const home = { name: 'home', ...HOME, radius: 1000 };
  const [zone] = await Promise.all([createZone(deps, athlete.id, home), createZone(deps, athlete.id, home)]);
  const cuts = async () => (await hiddenPlaces(db, athlete.id, athlete.key)).map(({ cut }) => cut);
  const before = await cuts();
  assert.notDeepEqual(before[0], before[1]);
  await changeZone(deps, athlete.id, zone.id, { radius: 2000 });
  await changeZone(deps, athlete.id, zone.id, { radius: 1000 });
  assert.deepEqual(await cuts(), before);
});

test('beyond a hundred there are no more zones, however many are asked for at once', async () => {
  const { athlete } = await athleteWith([]);
  const place = { name: 'one of many', ...HOME, radius: 100 };
  const asked = await Promise.allSettled(
    Array.from({ length: MOST_ZONES + 20 }, () => createZone(deps, athlete.id, place)),
  );
  const refused = asked.filter((one) => one.status === 'rejected');
  assert.equal(refused.length, 20);
  assert.ok(refused.every(({ reason }) => reason instanceof TooManyZones));
  assert.equal((await listZones(db, athlete.id, athlete.key)).length, MOST_ZONES);
});

test('the ends of each activity are longer than asked, by lengths of their own that stay the same', () => {
  const key = Buffer.alloc(32, 5);
  const lengths = Array.from({ length: 200 }, (_, id) => endsOf(key, `${id}`, { first: 200, last: 400 }));
  assert.ok(lengths.every(({ first, last }) => first >= 200 && first < 300 && last >= 400 && last < 600));
  assert.ok(new Set(lengths.map(({ first }) => first)).size > 190);
  assert.deepEqual(endsOf(key, '7', { first: 200, last: 400 }), lengths[7]);
  assert.deepEqual(endsOf(key, '7', { first: 0, last: 0 }), { first: 0, last: 0 });
});

test('what others see is made once, of everything, sealed; and again only where something changed', async () => {
  const { athlete, ids } = await athleteWith(outings(40));
  assert.equal(await countUnpublished({ db, shareStravaApi: false }, athlete.id), 40);
  await publishAll(athlete);
  assert.equal(await countUnpublished({ db, shareStravaApi: false }, athlete.id), 0);
  const pool = newPool(athlete);
  assert.equal((await seen(pool, athlete)).activities, 40);
  const rows = () => db('public_tracks').where({ athlete_id: athlete.id }).orderBy('activity_id');
  const before = await rows();
  await publishAll(athlete);
  assert.deepEqual(await rows(), before);
  const own = await db('tracks').where({ athlete_id: athlete.id }).pluck('tag');
  assert.ok(before.every(({ tag }) => !own.some((one: Buffer) => one.equals(tag))));

  queued = [];
  await deleteActivities(deps, athlete.id, [ids[0]]);
  const [added] = await add(athlete, [outing(99)]);
  await rebuildTracks(deps, { athleteId: athlete.id, all: true }, never);
  assert.ok(queued.includes(athlete.id));
  await publishAll(athlete);
  assert.equal((await seen(newPool(athlete), athlete)).activities, 40);
  const again = new Map((await rows()).map(({ activity_id, tag }) => [activity_id, tag.toString('hex')]));
  assert.ok(again.has(added));
  // the same recordings, cut the same
  for (const { activity_id, tag } of before.slice(1))
    assert.equal(again.get(activity_id), tag.toString('hex'));
});

test('nothing is made for athletes whom nobody looks at', async () => {
  const athlete = await testAthlete(db);
  queued = [];
  await add(athlete, outings(2));
  assert.deepEqual(queued, []);
  assert.deepEqual(await db('public_tracks').where({ athlete_id: athlete.id }), []);
  assert.equal((await seen(newPool(athlete), athlete)).activities, 0);
});

test('hidden activities, and those that are not for everyone, are seen by their athlete alone', async () => {
  const { athlete, ids } = await athleteWith(outings(5));
  await publishAll(athlete);
  const pools = [newPool(athlete), newPool(athlete)];
  for (const pool of pools) assert.equal((await seen(pool, athlete)).activities, 5);
  const other = await testAthlete(db);
  assert.equal(await hideActivities(deps, other.id, { ids, hidden: true }), 0);
  assert.equal(await hideActivities(deps, athlete.id, { ids: [ids[0], ids[1], '999999'], hidden: true }), 2);
  for (const pool of pools) {
    assert.equal((await seen(pool, athlete)).activities, 3);
    assert.equal((await seen(pool, athlete, 'own')).activities, 5);
  }
  await hideActivities(deps, athlete.id, { ids: [ids[0]], hidden: false });
  await publishAll(athlete);
  assert.equal((await seen(newPool(athlete), athlete)).activities, 4);
  await db('activities').where({ id: ids[2] }).update({ visibility: 'followers_only' });
  assert.equal((await seen(newPool(athlete), athlete)).activities, 3);
});

test("what came from Strava's API others see only where the operator says so, until a file takes it over", async () => {
  const { athlete, ids } = await athleteWith(outings(2), 'strava_api');
  await publishAll(athlete);
  assert.equal((await seen(newPool(athlete), athlete)).activities, 0);
  await publishAll(athlete, true);
  assert.equal((await seen(newPool(athlete), athlete)).activities, 0);
  assert.equal((await seen(newPool(athlete, true), athlete)).activities, 2);
  // the same outing again, from a file
  assert.deepEqual(await add(athlete, [{ ...outing(0), name: 'from a file' }]), [ids[0]]);
  await publishAll(athlete);
  assert.equal((await seen(newPool(athlete), athlete)).activities, 1);
});

test('a changed zone is in force for the very next request of every process, though every notice was lost', async () => {
  const { athlete } = await athleteWith(outings(12));
  await publishAll(athlete);
  const pools = [newPool(athlete), newPool(athlete)];
  for (const pool of pools) {
    const { activities, near } = await seen(pool, athlete);
    assert.equal(activities, 12);
    assert.ok(near > 0, 'something is near home');
  }
  const zone = await createZone(deps, athlete.id, { name: 'home', ...HOME, radius: 400 });
  for (const pool of pools) assert.equal((await seen(pool, athlete)).near, 0);
  await publishAll(athlete);
  for (const pool of [...pools, newPool(athlete)]) assert.equal((await seen(pool, athlete)).near, 0);
  // another name cuts nothing otherwise
  await changeZone(deps, athlete.id, zone.id, { name: 'flat' });
  assert.equal(await countUnpublished({ db, shareStravaApi: false }, athlete.id), 0);
  const whole = await seen(pools[0], athlete, 'own');
  assert.ok(whole.near > 0 && whole.activities === 12);

  // elsewhere, it is gone from here and there from the next request on
  const [lng, lat] = [11.4, 48.1];
  await add(athlete, [outing(50, { lng, lat })]);
  await publishAll(athlete);
  for (const pool of pools) await pool.current(athlete.id, 'fine', 'public');
  await changeZone(deps, athlete.id, zone.id, { lng, lat });
  for (const pool of pools) {
    assert.equal(near(await pool.current(athlete.id, 'fine', 'public'), { lng, lat }), 0);
  }
  await publishAll(athlete);
  for (const pool of pools) pool.compareAll();
  for (const pool of pools) assert.ok((await seen(pool, athlete)).near > 0);
});

test('hidden ends are the athlete’s, 200 m at first, and as soon in force', async () => {
  const somebody = await testAthlete(db);
  assert.deepEqual(await readHiddenEnds(db, somebody.id), { first: 200, last: 200 });
  const { athlete } = await athleteWith(outings(6));
  await publishAll(athlete);
  const pool = newPool(athlete);
  const whole = await seen(pool, athlete);
  assert.ok(whole.activities === 6 && whole.near > 0);
  assert.deepEqual(await changeHiddenEnds(deps, athlete.id, { first: 5000 }), { first: 5000, last: 0 });
  assert.equal((await seen(pool, athlete)).activities, 0);
  await publishAll(athlete);
  // none of them is so long
  assert.equal((await seen(newPool(athlete), athlete)).activities, 0);
  await changeHiddenEnds(deps, athlete.id, { first: 250, last: 250 });
  await publishAll(athlete);
  const cut = await seen(newPool(athlete), athlete);
  assert.ok(cut.activities === 6 && cut.near < whole.near);
});

test('what was cut for another zone is not written, though the zone changes while it is being cut', async () => {
  const { athlete } = await athleteWith(outings(40));
  let changed = 0;
  const pool = {
    redrawPublic: async (...asked: Parameters<typeof deps.pool.redrawPublic>) => {
      const drawing = await deps.pool.redrawPublic(...asked);
      if (changed++ === 5) await createZone(deps, athlete.id, { name: 'home', ...HOME, radius: 500 });
      return drawing;
    },
  };
  await publish({ ...deps, pool, shareStravaApi: false }, athlete.id, never);
  assert.equal((await seen(newPool(athlete), athlete)).near, 0);
  assert.equal(await countUnpublished({ db, shareStravaApi: false }, athlete.id), 0);
});
