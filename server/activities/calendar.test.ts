import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { testServer } from '../testing/app.ts';
import { testAthlete, testDatabase } from '../testing/database.ts';
import { sampleActivity, seeded } from '../testing/sample-activities.ts';
import { storeActivity } from '../testing/store-activities.ts';
import { calendarOf } from './calendar.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;

before(async () => {
  database = await testDatabase();
});
after(() => database.drop());

const noon = (day: string) => Date.parse(`${day}T12:00:00Z`) / 1000;

test('activities are counted by day, sport and kind, hidden ones and those without a track too; those of others are not', async () => {
  const { db } = database;
  const [athlete, other] = [await testAthlete(db), await testAthlete(db)];
  const store = async (who: typeof athlete, startedAt: number | null, sport: string, commute = false) => {
    const activity = { ...sampleActivity('', seeded(1)), startedAt, sport, commute, virtual: false };
    const id = await storeActivity(db, who, activity);
    await db('activities').where({ id }).update({ distance: 1000.4 });
    return id;
  };
  await store(athlete, noon('1970-01-03'), 'Ride');
  const indoors = await store(athlete, noon('1970-01-03') + 3600, 'Ride');
  await db('tracks').where({ activity_id: indoors }).delete();
  await store(athlete, noon('1970-01-03'), 'Ride', true);
  await store(athlete, noon('1969-12-31'), 'Walk');
  await store(athlete, null, 'Run');
  await store(other, noon('1970-01-03'), 'Swim');
  const hidden = await store(athlete, noon('1970-01-05'), 'Hike');
  await db('activities').where({ id: hidden }).update({ hidden: true });

  const { sports, entries } = await calendarOf({ db, shareStravaApi: false }, athlete.id);
  assert.deepEqual(
    entries.map(([day, sport, ...rest]) => [day, sports[sport], ...rest]),
    [
      [-1, 'Walk', 0, 0, 0, 1, 1000, 1],
      [2, 'Ride', 0, 0, 0, 2, 2001, 1],
      [2, 'Ride', 1, 0, 0, 1, 1000, 1],
      [4, 'Hike', 0, 0, 1, 1, 1000, 1],
      [null, 'Run', 0, 0, 0, 1, 1000, 1],
    ],
  );
  assert.deepEqual(await calendarOf({ db, shareStravaApi: false }, '999999'), { sports: [], entries: [] });
});

test('it is answered as it is', async () => {
  const server = await testServer();
  try {
    const headers = await server.signIn();
    const [{ id: athleteId }] = await server.app.db('athletes').select('id');
    await server.app.db('activities').insert({
      athlete_id: athleteId,
      provenance: 'upload',
      sport: 'Ride',
      started_at: new Date('1970-01-02T08:00:00Z'),
      distance: 12_345,
      revision: 1,
    });
    const answer = await fetch(`${server.origin}/api/activities/calendar`, { headers });
    assert.deepEqual(await answer.json(), { sports: ['Ride'], entries: [[1, 0, 0, 0, 0, 1, 12_345, 0]] });
  } finally {
    await server.close();
  }
});
