import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../server/testing/fast-check.ts';
import type { Calendar } from './api.ts';
import {
  chosenMonths,
  daysOfMonths,
  drawnSports,
  kindsOf,
  monthOf,
  monthsOf,
  spanOf,
  sportCounts,
  totalsOf,
  yearsOf,
} from './calendar.ts';
import { DEFAULT_STATE } from './state.ts';

const dayOf = (text: string) => Date.parse(`${text}T00:00:00Z`) / 86_400_000;

const calendar: Calendar = {
  sports: ['Ride', 'Run', 'VirtualRide'],
  entries: [
    [dayOf('2023-12-31'), 0, 0, 0, 0, 1, 10_000, 1],
    [dayOf('2024-01-01'), 0, 1, 0, 1, 2, 20_000, 2],
    [dayOf('2024-01-31'), 1, 0, 0, 0, 1, 5000, 1],
    [dayOf('2024-03-01'), 2, 0, 1, 0, 4, 80_000, 4],
    [null, 1, 0, 0, 0, 1, 1, 0],
  ],
};

const count = (part: object) => totalsOf(calendar, { ...DEFAULT_STATE, ...part }).activities;

test('what is counted is what is drawn', () => {
  assert.deepEqual(totalsOf(calendar, DEFAULT_STATE), { activities: 5, distance: 35_001 });
  assert.equal(count({ virtual: true }), 9);
  assert.equal(count({ sports: ['VirtualRide'] }), 4, 'who chooses a virtual sport wants it');
  assert.equal(count({ sports: ['Run'] }), 2);
  assert.equal(count({ commute: true }), 2);
  assert.equal(count({ commute: false }), 3);
  assert.equal(count({ visibility: 'private' }), 2);
  assert.equal(count({ visibility: 'public' }), 3);
  assert.equal(count({ from: '2024-01-01' }), 3, 'what has no day is in no days');
  assert.equal(count({ from: '2023-12-31', to: '2023-12-31' }), 1);
  assert.equal(count({ to: '2024-01-30' }), 3);
});

test('years are those of what is chosen', () => {
  assert.deepEqual(yearsOf(calendar, DEFAULT_STATE), [2023, 2024]);
  assert.deepEqual(yearsOf(calendar, { ...DEFAULT_STATE, sports: ['Run'] }), [2024, 2024]);
  assert.equal(yearsOf(calendar, { ...DEFAULT_STATE, sports: ['Swim'] }), null);
});

test('kinds are those that there are', () => {
  assert.deepEqual([...kindsOf(calendar)], ['commute', 'virtual', 'private']);
  assert.deepEqual([...kindsOf({ ...calendar, entries: calendar.entries.slice(3) })], ['virtual']);
});

test('sports are counted as if none was chosen, in an order that does not change', () => {
  assert.deepEqual(sportCounts(calendar, { ...DEFAULT_STATE, sports: ['Run'], from: '2024-01-01' }), [
    { sport: 'VirtualRide', count: 4 },
    { sport: 'Ride', count: 2 },
    { sport: 'Run', count: 1 },
  ]);
});

test('sports are drawn that have a track under all that is chosen', () => {
  const drawn = (part: object) => [...drawnSports(calendar, { ...DEFAULT_STATE, ...part })];
  assert.deepEqual(drawn({}), ['Ride', 'Run'], 'none in virtual worlds');
  assert.deepEqual(drawn({ virtual: true, from: '2024-01-31' }), ['Run', 'VirtualRide']);
  assert.deepEqual(drawn({ sports: ['Run'], to: '2023-12-31' }), []);
  assert.deepEqual(
    drawnSports({ ...calendar, entries: calendar.entries.slice(4) }, DEFAULT_STATE),
    new Set(),
  );
});

test('months are all those from the first to the last, whatever is chosen', () => {
  const first = monthOf('2023-12-01');
  assert.deepEqual(monthsOf(calendar, DEFAULT_STATE), { first, counts: [1, 3, 0, 0] });
  assert.deepEqual(monthsOf(calendar, { ...DEFAULT_STATE, sports: ['Run'], to: '2020-01-01' }), {
    first,
    counts: [0, 1, 0, 0],
  });
  assert.equal(monthsOf({ sports: ['Run'], entries: [[null, 0, 0, 0, 0, 1, 1, 1]] }, DEFAULT_STATE), null);
});

test('months chosen are days, and lie where they were chosen', () => {
  assert.deepEqual(daysOfMonths(monthOf('2024-02-10'), monthOf('2024-02-10')), {
    from: '2024-02-01',
    to: '2024-02-29',
  });
  const months = { first: monthOf('2019-11-01'), counts: new Array<number>(80).fill(1) };
  const month = fc.integer({ min: months.first, max: months.first + 79 });
  fc.assert(
    fc.property(month, month, (a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      assert.deepEqual(spanOf(chosenMonths(from, to, months), months), [from, to + 1]);
    }),
  );
  assert.deepEqual(chosenMonths(months.first, months.first + 79, months), { from: null, to: null });
});
