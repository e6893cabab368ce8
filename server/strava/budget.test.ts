import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import fc from '../testing/fast-check.ts';
import { Budget, NotNow, type Purpose } from './budget.ts';
import { DAY, HOUR, MINUTE } from './clock.ts';
import { DEFAULT_APP, type Limits } from './simulator/app-settings.ts';
import { type ManualClock, manualClock } from './simulator/clock.ts';
import { RateLimits } from './simulator/rate-limits.ts';

const QUARTER = 15 * MINUTE;
/** Ten to midnight. */
const EVENING = Date.UTC(2026, 5, 1, 23, 50);
const SMALL: Limits = { overall: [12, 40], read: [8, 25] };

let database: TestDatabase;
let apps = 0;

before(async () => {
  database = await testDatabase();
});
after(() => database?.drop());

interface Setting {
  limits?: Limits;
  /** Milliseconds that Strava's clock is before ours. */
  skew?: number;
  /** Processes that share the budget. */
  processes?: number;
  /** Milliseconds that each process's clock is behind the one's before. */
  apart?: number;
}

/** A new application, its budget in some processes, and what Strava counts of it. */
function application({ limits = SMALL, skew = 0, processes = 1, apart = 0 }: Setting = {}) {
  const clock = manualClock(EVENING);
  const clientId = `app ${++apps}`;
  const theirs = { ...clock, now: () => clock.now() + skew } as ManualClock;
  const strava = new RateLimits({ ...DEFAULT_APP, limits }, theirs);
  const budgets = Array.from({ length: processes }, (_, at) => {
    const world = { now: () => clock.now() - at * apart, until: () => 0 };
    return new Budget(database.db, clientId, world);
  });
  return {
    clock,
    strava,
    budgets,
    /** One call that withdraws a consent, whatever is left. */
    async leave(by = 0): Promise<void> {
      const budget = budgets[by % processes];
      const granted = await budget.leave();
      strava.take('overall');
      await budget.note(new Headers(strava.headers()), granted);
    },
    /** One call, if it may be made: false where it has to wait. Fails where Strava would turn it away. */
    async call(purpose: Purpose, { by = 0 } = {}): Promise<boolean> {
      const budget = budgets[by % processes];
      try {
        const granted = await budget.take(purpose);
        const passed = strava.take('read');
        await budget.note(new Headers(strava.headers()), granted);
        assert.ok(passed, 'a call that is made is not turned away');
        return true;
      } catch (error) {
        if (error instanceof NotNow) return false;
        throw error;
      }
    },
  };
}

test('whatever is called, when and by which process: Strava turns none of it away', async () => {
  const step = fc.record({
    purpose: fc.constantFrom<Purpose>('news', 'bulk'),
    reads: fc.boolean(),
    calls: fc.integer({ min: 1, max: 10 }),
    by: fc.nat(1),
    wait: fc.oneof(fc.nat(20 * MINUTE), fc.nat(10 * HOUR)),
    /** Then, until so many milliseconds before the next window. */
    before: fc.option(fc.nat(12_000)),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 12 }),
      fc.integer({ min: -4000, max: 4000 }),
      async (steps, skew) => {
        const { clock, call, leave } = application({ processes: 2, skew });
        await call('news');
        for (const { purpose, reads, calls, by, wait, before } of steps) {
          clock.advance(wait);
          if (before !== null) clock.advance(Math.max(0, QUARTER - (clock.now() % QUARTER) + 6000 - before));
          for (let at = 0; at < calls; at++) {
            clock.advance(300);
            if (reads) await call(purpose, { by });
            else await leave(by);
          }
        }
      },
    ),
    { numRuns: 40 },
  );
});

test('a day of calls is spent until midnight UTC, a quarter of an hour until the next', async () => {
  const { clock, budgets, call } = application({ limits: { overall: [100, 1000], read: [10, 15] } });
  const [budget] = budgets;
  const spend = async () => {
    let calls = 0;
    while (await call('news')) calls++;
    return calls;
  };
  const midnight = Math.ceil(EVENING / DAY) * DAY;
  assert.equal(await spend(), 10);
  assert.equal(await budget.wait('news'), midnight + 5000);
  clock.advance(10 * MINUTE);
  assert.equal(await call('news'), false, 'five seconds of doubt');
  clock.advance(5000);
  assert.equal(await spend(), 10);
  assert.equal(await budget.wait('news'), midnight + QUARTER + 5000);
  clock.advance(QUARTER);
  assert.equal(await spend(), 5);
  assert.equal(await budget.wait('news'), midnight + DAY + 5000);
  clock.advance(DAY - QUARTER);
  assert.equal(await spend(), 10);
});

test('the overall limit binds too, and each limit keeps a part for news', async () => {
  const { budgets, call, leave } = application({ limits: { overall: [10, 1000], read: [20, 1000] } });
  for (let at = 0; at < 9; at++) assert.equal(await call('bulk'), true);
  assert.equal(await call('bulk'), false);
  assert.notEqual(await budgets[0].wait('bulk'), null);
  assert.equal(await budgets[0].wait('news'), null);
  await leave();
  assert.equal(await call('news'), false);
  await leave();
});

test('of calls that all processes want at once, as many are made as there may be', async () => {
  const { call } = application({ processes: 4 });
  await call('news');
  const made = await Promise.all(Array.from({ length: 20 }, (_, by) => call('news', { by })));
  assert.equal(made.filter(Boolean).length, SMALL.read[0] - 1);
});

test('a process whose clock is behind counts on in the window that another has begun', async () => {
  const { clock, call } = application({ processes: 2, apart: 3000 });
  await call('news');
  clock.advance(QUARTER - (EVENING % QUARTER) + 6000);
  let calls = 0;
  while (await call('news')) calls++;
  assert.equal(calls, SMALL.read[0]);
  assert.equal(await call('news', { by: 1 }), false);
  assert.equal(await call('news'), false);
});

test('calls about the turn of a window, in doubt between the two, are counted in both', async () => {
  const { clock, call } = application({ skew: 4000 });
  await call('news');
  clock.advance(QUARTER + 10 * MINUTE - 3000);
  let calls = 0;
  while (await call('news')) calls++;
  assert.equal(calls, SMALL.read[0]);
  clock.advance(8000);
  assert.equal(await call('news'), false);
  clock.advance(QUARTER);
  assert.equal(await call('news'), true);
});
