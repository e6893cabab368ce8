import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../testing/database.ts';
import { connectAthlete, isAllRead, testSync } from '../testing/strava-sync.ts';
import { recordedOuting } from '../testing/track-files.ts';
import { HOUR, MINUTE } from './clock.ts';
import { pump } from './pump.ts';
import type { Limits } from './simulator/app-settings.ts';
import { startSimulator } from './simulator/simulator.ts';

/** Hours of it, though there is little to read. */
const LIMITS: Limits = { overall: [40, 2000], read: [20, 1000] };
const START = 1_760_000_000;
const HISTORY = Array.from({ length: 120 }, (_, at) => ({
  raw: recordedOuting({ seed: at, points: 60, startedAt: START + at * 40_000 }),
}));

test('without a webhook a history costs hardly more calls than it must; when it is read, a quarter of an hour is a poll', async () => {
  const database = await testDatabase();
  const { db } = database;
  const strava = await startSimulator({ athletes: [{ activities: HISTORY }], app: { limits: LIMITS } });
  const { clock, calls } = strava;
  const sync = await testSync(db, strava, { clock, told: false });
  const { signal } = new AbortController();
  const lists = () => calls.matching(/^GET .athlete.activities/).map(({ at }) => at);
  const reads = () => calls.all.filter(({ cost }) => cost === 'read').length;
  /** Does what is due, and moves the clock to what is due next. */
  let steps = 0;
  const goOn = async () => {
    assert.ok(++steps < 100, 'it comes to an end');
    const next = await pump(sync, signal);
    assert.ok(next !== null && next > clock.now(), 'there is a list to come');
    clock.advance(next - clock.now());
  };
  try {
    await connectAthlete(sync, strava);
    const began = clock.now();
    const known = async () => Number((await db('activities').count())[0].count);
    await pump(sync, signal);
    const [first] = lists();
    assert.ok(!(await isAllRead(db)), 'the limits stretch it');

    // what comes meanwhile is found within the hour
    strava.addActivity(strava.athletes[0].id, {
      raw: recordedOuting({ seed: 900, points: 60, startedAt: Math.floor(clock.now() / 1000) - 600 }),
    });
    while ((await known()) === HISTORY.length) await goOn();
    assert.ok(lists().at(-1)! - first <= HOUR + MINUTE);

    while (!(await isAllRead(db))) await goOn();
    const hours = (clock.now() - began) / HOUR;
    assert.ok(hours > 1, 'it took a while');
    const least = HISTORY.length + 1 + 2;
    assert.ok(reads() <= least * 1.03, `${reads()} calls, where ${least} are the least there can be`);

    // what a poll put off while it was read is made up for at once, and from then on each comes in time
    const before = lists().length;
    for (let quarter = 1; quarter <= 4; quarter++) {
      await goOn();
      assert.equal(lists().length, before + quarter);
    }
    const last = lists().slice(-4);
    last.forEach((at, index) => {
      if (index > 0) assert.ok(at - last[index - 1] <= 15 * MINUTE);
    });
    assert.equal(calls.answered(429), 0);
  } finally {
    await sync.close();
    await strava.close();
    await database.drop();
  }
});
