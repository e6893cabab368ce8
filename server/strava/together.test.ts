import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { testDatabase } from '../testing/database.ts';
import { connectAthlete, testSync } from '../testing/strava-sync.ts';
import { recordedOuting } from '../testing/track-files.ts';
import type { Limits } from './simulator/app-settings.ts';
import { runningClock } from './simulator/clock.ts';
import { startSimulator } from './simulator/simulator.ts';

/** An hour in twelve seconds: a history that takes some quarters of one is read while the test waits. */
const TIME = { speed: 300, start: Date.UTC(2026, 5, 1, 9, 1), epoch: Date.now() };
const LIMITS: Limits = { overall: [40, 2000], read: [16, 1000] };
const ACTIVITIES = 36;

test('three processes read two athletes by one budget: nothing too much, nothing twice', async () => {
  const database = await testDatabase();
  const strava = await startSimulator({
    clock: runningClock(TIME),
    athletes: [1, 2].map((who) => ({
      activities: Array.from({ length: ACTIVITIES / 2 }, (_, at) => ({
        raw: recordedOuting({ seed: at * who, points: 60, startedAt: 1_760_000_000 + at * 40_000 }),
      })),
    })),
    app: { limits: LIMITS },
  });
  const children: ChildProcess[] = [];
  try {
    const sync = await testSync(database.db, strava, { clock: strava.clock });
    for (const { id } of strava.athletes) await connectAthlete(sync, strava, { athleteId: id });
    await sync.close();
    const { apiUrl, oauthUrl, app } = strava;
    const given = JSON.stringify({ strava: { apiUrl, oauthUrl, app }, time: TIME });
    for (let at = 0; at < 3; at++) {
      children.push(fork(new URL('../testing/strava-process.ts', import.meta.url), [database.url, given]));
    }
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
    assert.deepEqual(codes, [0, 0, 0]);
    assert.equal(strava.calls.answered(429), 0);
    const streams = strava.calls.matching(/streams/).map(({ name }) => name);
    assert.equal(streams.length, ACTIVITIES);
    assert.equal(new Set(streams).size, ACTIVITIES);
    const quarters = new Set(strava.calls.matching(/streams/).map(({ at }) => Math.floor(at / 900_000)));
    assert.ok(quarters.size >= 3, 'the limit was reached in between');
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await strava.close();
    await database.drop();
  }
});
