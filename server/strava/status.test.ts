import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { SyncStatus } from '../activities/sync-status.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { connectAthlete, isAllRead, testSync } from '../testing/strava-sync.ts';
import { recordedOuting } from '../testing/track-files.ts';
import { Budget } from './budget.ts';
import { Outage } from './outage.ts';
import { pump } from './pump.ts';
import { ANSWERS } from './simulator/answers.ts';
import { startSimulator } from './simulator/simulator.ts';
import { readSyncStatus } from './status.ts';

let database: TestDatabase;

before(async () => {
  database = await testDatabase();
});
after(() => database?.drop());

test('at every moment of reading a history the numbers add up, never go back, and are told alike by a new process', async () => {
  const { db } = database;
  const activities = Array.from({ length: 14 }, (_, at) => ({
    raw: recordedOuting({ seed: at, points: 60, startedAt: 1_760_000_000 + at * 40_000 }),
    ...(at === 5 && { visibility: 'followers_only' as const }),
  }));
  const indoors = { name: 'By hand', manual: true, sport: 'Yoga' };
  const strava = await startSimulator({
    athletes: [{ activities: [...activities, indoors] }],
    app: { limits: { read: [6, 1000], overall: [12, 2000] } },
  });
  const { clock } = strava;
  const { clientId } = strava.app;
  /** As a process tells it that knows nothing but what is stored. */
  const read = () => {
    const budget = new Budget(db, clientId, clock);
    const outage = new Outage(db, clientId, clock);
    return readSyncStatus({ db, clientId, budget, outage, clock }, athleteId);
  };
  const told: SyncStatus[] = [];
  const sync = await testSync(db, strava, { clock, changed: async () => void told.push((await read())!) });
  const athleteId = await connectAthlete(sync, strava);
  try {
    const broken = strava.accounts.activitiesOf(strava.athletes[0].id)[3].id;
    strava.faults.add(new RegExp(`/${broken}/streams`), { kind: 'answer', answer: ANSWERS.broken });
    assert.equal((await read())?.state, 'listing');
    const { signal } = new AbortController();
    const waits: SyncStatus[] = [];
    for (let step = 0; ; step++) {
      assert.ok(step < 100, 'it comes to an end');
      const next = await pump(sync, signal);
      if (await isAllRead(db)) break;
      const now = (await read())!;
      if (now.state === 'waiting') waits.push(now);
      assert.ok(next !== null && next > clock.now());
      if (now.state === 'waiting')
        assert.equal(now.until, Math.ceil(next / 1000), 'it goes on when it is said to');
      clock.advance(next - clock.now());
    }
    assert.ok(waits.length > 1);
    const listed = told.filter(({ total }) => total > 0);
    for (const [at, { total, done, failed }] of listed.entries()) {
      assert.equal(total, 14, 'thirteen for everyone and one by hand');
      assert.ok(0 <= failed && failed <= done && done <= total);
      if (at > 0) assert.ok(done >= listed[at - 1].done);
    }
    const { state, done, total, failed } = (await read())!;
    assert.deepEqual([state, done, total, failed], ['current', 14, 14, 1]);
    const stored = await db('strava_activities')
      .where({ athlete_id: athleteId })
      .whereNot({ state: 'unseen' });
    assert.equal(stored.length, total);
  } finally {
    await sync.close();
    await strava.close();
  }
});
