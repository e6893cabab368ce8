import assert from 'node:assert/strict';
import { after, before, mock, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { UnknownAthlete } from '../athletes/keyring.ts';
import { testAthlete, testDatabase } from '../testing/database.ts';
import { sampleActivity, seeded, tileAt } from '../testing/sample-activities.ts';
import type { Athlete } from '../testing/store-activities.ts';
import { removeActivity, storeActivity, updateActivity } from '../testing/store-activities.ts';
import { until } from '../testing/until.ts';
import type { IndexedActivity } from './athlete-index.ts';
import { AthleteIndex } from './athlete-index.ts';
import { parseFilter } from './filter.ts';
import { listenForNotices } from './notices.ts';
import type { Part } from './pool.ts';
import { IndexPool } from './pool.ts';
import { windowOf } from './window.ts';

type Database = Awaited<ReturnType<typeof testDatabase>>;

let database: Database;
const random = seeded(11);

before(async () => {
  database = await testDatabase();
});
after(() => database.drop());

/** A pool of its own, as another process would have, with its warnings. */
function newPool(athletes: Athlete[], memoryLimit = 2 ** 30, db = database.db) {
  const warnings: string[] = [];
  let loads = 0;
  const pool = new IndexPool({
    db,
    dataKey: async (athleteId) => {
      loads++;
      const athlete = athletes.find(({ id }) => id === athleteId);
      if (!athlete) throw new UnknownAthlete(athleteId);
      return athlete.key;
    },
    memoryLimit,
    warn: (message) => warnings.push(message),
  });
  return { pool, warnings, loads: () => loads };
}

/** An athlete with some activities, by id. */
async function athleteWith(
  count: number,
): Promise<{ athlete: Athlete; there: Map<string, IndexedActivity> }> {
  const athlete = await testAthlete(database.db);
  const there = new Map<string, IndexedActivity>();
  for (let at = 0; at < count; at++) {
    const activity = sampleActivity('', random);
    const activityId = await storeActivity(database.db, athlete, activity);
    there.set(activityId, { ...activity, activityId });
  }
  return { athlete, there };
}

const FILTERS = [{}, { sport: 'Ride', commute: 'false' }, { visibility: 'private' }].map(parseFilter);

/** Both hold the same: the same sums of tags in tiles of all zooms, with and without a filter. */
function assertSame(index: AthleteIndex, there: Map<string, IndexedActivity>, part: Part = 'fine') {
  const wanted = new AthleteIndex();
  for (const activity of there.values()) wanted.add(activity);
  assert.equal(index.activityCount, wanted.activityCount);
  const dice = seeded(1);
  for (let z = 0; z <= (part === 'fine' ? 20 : 12); z++) {
    for (const filter of FILTERS) {
      const window = windowOf(tileAt(z, dice, 2e5), 256);
      assert.deepEqual(index.touching(window, filter).bytes(), wanted.touching(window, filter).bytes());
    }
  }
}

const BELIEVED = 1050;

test('an athlete is loaded once, however many ask, coarse before fine', async () => {
  const { athlete, there } = await athleteWith(40);
  const { pool, loads, warnings } = newPool([athlete]);
  const order: Part[] = [];
  const parts: Part[] = ['fine', 'coarse', 'fine', 'coarse'];
  await Promise.all(
    parts.map(async (part) => {
      assertSame(await pool.current(athlete.id, part), there, part);
      order.push(part);
    }),
  );
  assert.equal(loads(), 1);
  assert.deepEqual(order, ['coarse', 'coarse', 'fine', 'fine']);
  assert.deepEqual(warnings, []);
  assert.ok(pool.figures().bytes > 10_000);
});

test('an athlete with nothing has an empty index, one who does not exist has none', async () => {
  const { athlete } = await athleteWith(0);
  const nobody = { id: '999999', key: athlete.key };
  const { pool } = newPool([athlete, nobody]);
  assert.equal((await pool.current(athlete.id, 'fine')).activityCount, 0);
  await assert.rejects(pool.current('999999', 'coarse'), UnknownAthlete);
  await assert.rejects(pool.current('999998', 'fine'), UnknownAthlete);
});

test('a load that fails is not kept', async () => {
  const { athlete, there } = await athleteWith(2);
  const athletes: Athlete[] = [];
  const { pool } = newPool(athletes);
  await assert.rejects(pool.current(athlete.id, 'fine'));
  athletes.push(athlete);
  assertSame(await pool.current(athlete.id, 'fine'), there);
});

test('what was added, changed, relabelled and removed is caught up with, though every notice was lost', async () => {
  const { athlete, there } = await athleteWith(12);
  const { db } = database;
  const { pool, warnings } = newPool([athlete]);
  const ids = [...there.keys()];
  await pool.current(athlete.id, 'fine');

  const added = sampleActivity('', random);
  const addedId = await storeActivity(db, athlete, added);
  there.set(addedId, { ...added, activityId: addedId });
  const other = sampleActivity(ids[0], random);
  await storeActivity(db, athlete, other, ids[0]);
  there.set(ids[0], other);
  await updateActivity(db, athlete, ids[1], { sport: 'Hike', commute: true });
  there.set(ids[1], { ...there.get(ids[1])!, sport: 'Hike', commute: true });
  // hidden is hidden from others
  await updateActivity(db, athlete, ids[2], { hidden: true });
  there.set(ids[2], { ...there.get(ids[2])!, visibility: 'private' });
  await removeActivity(db, athlete, ids[3]);
  there.delete(ids[3]);
  await removeActivity(db, athlete, addedId);
  there.delete(addedId);

  await sleep(BELIEVED);
  const index = await pool.current(athlete.id, 'fine');
  assertSame(index, there);
  assert.deepEqual(warnings, []);
});

test('a notice makes the next answer fresh at once, also after its connection broke', async () => {
  const { athlete, there } = await athleteWith(1);
  const { pool } = newPool([athlete]);
  const { db, url } = database;
  const resumed = mock.fn();
  const noticed = mock.fn((athleteId: string, revision: string) => pool.noticed(athleteId, revision));
  const stop = listenForNotices({
    url,
    onRevision: noticed,
    onResumed: () => {
      pool.compareAll();
      resumed();
    },
    warn: () => {},
  });
  try {
    await until(() => resumed.mock.callCount() === 1);
    await pool.current(athlete.id, 'fine');
    for (let round = 0; round < 2; round++) {
      const activity = sampleActivity('', random);
      const activityId = await storeActivity(db, athlete, activity);
      there.set(activityId, { ...activity, activityId });
      await until(() => noticed.mock.callCount() === round + 1);
      assertSame(await pool.current(athlete.id, 'fine'), there);
      if (round === 1) break;
      await db.raw(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where query = 'listen revision' and datname = current_database()`,
      );
      await until(() => resumed.mock.callCount() === 2);
    }
  } finally {
    await stop();
  }
});

test('a track that cannot be opened is left out and reported, and comes back when it is rebuilt', async () => {
  const { athlete, there } = await athleteWith(5);
  const { db } = database;
  const [first, second] = there.keys();
  await db('tracks')
    .where('activity_id', first)
    .update({ fine: Buffer.from('rubbish') });
  await db('tracks').where('activity_id', second).update({ pipeline: 0 });
  const { pool, warnings } = newPool([athlete]);
  const index = await pool.current(athlete.id, 'fine');
  assert.equal(index.activityCount, 4);
  assert.equal(warnings.length, 1);
  for (const id of [first, second]) await storeActivity(db, athlete, there.get(id)!, id);
  await sleep(BELIEVED);
  assertSame(await pool.current(athlete.id, 'fine'), there);
});

test('athletes used least recently make room, the one just used stays even if it is too large', async () => {
  const a = await athleteWith(3);
  const b = await athleteWith(3);
  const { pool, loads } = newPool([a.athlete, b.athlete], 1000);
  const first = await pool.current(a.athlete.id, 'fine');
  assert.equal(await pool.current(a.athlete.id, 'fine'), first);
  await pool.current(b.athlete.id, 'fine');
  assert.equal(pool.figures().athletes, 1);
  assert.notEqual(await pool.current(a.athlete.id, 'fine'), first);
  assert.equal(loads(), 3);
});

test('a comparison that began before a change was confirmed is not enough for a request that came after', async () => {
  const { athlete, there } = await athleteWith(3);
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  let holding = false;
  const { promise: read, resolve: hasRead } = Promise.withResolvers<void>();
  // what is read of the athlete's row is handed on late, once
  const slow = new Proxy(database.db, {
    apply: (target, _, [table]) => ({
      where: (...matching: [string, string]) => ({
        async first(...columns: string[]) {
          const row = await target(table)
            .where(...matching)
            .first(...columns);
          if (!holding) return row;
          holding = false;
          hasRead();
          await released;
          return row;
        },
      }),
    }),
  });
  const { pool } = newPool([athlete], undefined, slow);
  await pool.current(athlete.id, 'fine');
  await sleep(BELIEVED);
  holding = true;
  const before = pool.current(athlete.id, 'fine');
  await read;
  const added = sampleActivity('', random);
  const activityId = await storeActivity(database.db, athlete, added);
  there.set(activityId, { ...added, activityId });
  await sleep(BELIEVED);
  const after = pool.current(athlete.id, 'fine');
  release();
  await before;
  assertSame(await after, there);
});
