import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../testing/fast-check.ts';
import { DEFAULT_APP } from './app-settings.ts';
import { manualClock } from './clock.ts';
import { type Cost, RateLimits } from './rate-limits.ts';

const QUARTER = 15 * 60_000;
const DAY = 86_400_000;
const LIMITS = { overall: [8, 20], read: [5, 12] } as const;

test('whatever is called and when: no window lets more through than its limit, and none is wasted', () => {
  const step = fc.record({
    cost: fc.constantFrom<Cost>('read', 'overall'),
    calls: fc.integer({ min: 1, max: 7 }),
    wait: fc.integer({ min: 0, max: 5 * QUARTER }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const clock = manualClock(0);
      const limits = new RateLimits({ ...DEFAULT_APP, limits: LIMITS }, clock);
      /** Every call: when, what it cost, and whether it was let through. */
      const made: { at: number; cost: Cost; passed: boolean }[] = [];
      const since = (from: number, cost: Cost) =>
        made.filter(({ at, cost: paid }) => at >= from && (cost === 'overall' || paid === 'read'));
      for (const { cost, calls, wait } of steps) {
        clock.advance(wait);
        const now = clock.now();
        for (let call = 0; call < calls; call++) {
          const kinds: Cost[] = cost === 'read' ? ['overall', 'read'] : ['overall'];
          const isFree = kinds.every((kind) => {
            const inQuarter = since(now - (now % QUARTER), kind).filter(({ passed }) => passed);
            const inDay = since(now - (now % DAY), kind);
            return inQuarter.length < LIMITS[kind][0] && inDay.length < LIMITS[kind][1];
          });
          const passed = limits.take(cost);
          assert.equal(passed, isFree);
          made.push({ at: now, cost, passed });
        }
      }
    }),
  );
});
