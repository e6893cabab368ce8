import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../testing/fast-check.ts';
import {
  both,
  EVERYTHING,
  type Filter,
  filterKey,
  InvalidFilter,
  matches,
  parseFilter,
  type Visibility,
} from './filter.ts';

const ride = {
  sport: 'Ride',
  startedAt: Date.UTC(2024, 4, 31, 23, 59) / 1000,
  commute: false,
  virtual: false,
  visibility: 'public',
} as const;

test('no parameters, or empty ones, mean everything', () => {
  assert.deepEqual(parseFilter({}), EVERYTHING);
  assert.deepEqual(parseFilter({ sport: '', from: '', to: '', commute: '', visibility: '' }), EVERYTHING);
  assert.ok(matches(EVERYTHING, ride));
  assert.ok(matches(EVERYTHING, { ...ride, startedAt: null }));
});

test('two spellings of one filter have one key, different filters have different keys', () => {
  assert.equal(
    filterKey(parseFilter({ sport: 'Run,Ride,Run' })),
    filterKey(parseFilter({ sport: 'Ride,Run' })),
  );
  const keys = [
    {},
    { sport: 'Ride' },
    { sport: 'Ride,Run' },
    { from: '2024-01-01' },
    { to: '2024-01-01' },
    { commute: 'true' },
    { commute: 'false' },
    { virtual: 'true' },
    { visibility: 'public' },
    { visibility: 'private' },
  ].map((query) => filterKey(parseFilter(query)));
  assert.equal(new Set(keys).size, keys.length);
});

test('days are UTC and both inclusive', () => {
  assert.ok(matches(parseFilter({ from: '2024-05-31', to: '2024-05-31' }), ride));
  assert.ok(!matches(parseFilter({ to: '2024-05-30' }), ride));
  assert.ok(!matches(parseFilter({ from: '2024-06-01' }), ride));
  assert.ok(!matches(parseFilter({ from: '1970-01-01' }), { ...ride, startedAt: null }));
});

test('sport, commute, virtual and visibility narrow', () => {
  assert.ok(!matches(parseFilter({ sport: 'Run,Hike' }), ride));
  assert.ok(matches(parseFilter({ sport: 'Run,Ride' }), ride));
  assert.ok(!matches(parseFilter({ commute: 'true' }), ride));
  assert.ok(matches(parseFilter({ commute: 'false' }), ride));
  assert.ok(!matches(EVERYTHING, { ...ride, virtual: true }));
  assert.ok(matches(parseFilter({ virtual: 'true' }), { ...ride, virtual: true }));
  assert.ok(matches(parseFilter({ visibility: 'public' }), ride));
  assert.ok(!matches(parseFilter({ visibility: 'private' }), ride));
  assert.ok(matches(parseFilter({ visibility: 'private' }), { ...ride, visibility: 'private' }));
});

test('what cannot be meant is refused, naming the parameter', () => {
  const faults: [string, object][] = [
    ['from', { from: '2023-02-29' }],
    ['from', { from: '2023-2-9' }],
    ['to', { to: 'yesterday' }],
    ['to', { from: '2024-02-02', to: '2024-02-01' }],
    ['commute', { commute: 'perhaps' }],
    ['visibility', { visibility: 'everyone' }],
    ['sport', { sport: 'Ride,,Run' }],
    ['sport', { sport: "Ride';drop table" }],
    ['sport', { sport: Array.from({ length: 65 }, (_, i) => `S${i}`).join(',') }],
  ];
  for (const [parameter, query] of faults) {
    assert.throws(
      () => parseFilter(query),
      (error) => error instanceof InvalidFilter && error.parameter === parameter,
    );
  }
});

const sport = fc.constantFrom('Hike', 'Ride', 'Run');
const day = fc.constantFrom(0, 100, 200, 300);
const visibility = fc.constantFrom<Visibility>('public', 'private');
const filters: fc.Arbitrary<Filter> = fc.record({
  sports: fc.option(fc.uniqueArray(sport).map((sports) => sports.sort())),
  from: fc.option(day),
  to: fc.option(day),
  commute: fc.option(fc.boolean()),
  virtual: fc.boolean(),
  visibility: fc.option(visibility),
});
const activities = fc.record({
  sport,
  startedAt: fc.option(fc.integer({ min: 0, max: 400 })),
  commute: fc.boolean(),
  virtual: fc.boolean(),
  visibility,
});

test('two filters together let through what both let through, and equal keys mean they do the same', () => {
  fc.assert(
    fc.property(filters, filters, fc.array(activities, { maxLength: 20 }), (a, b, some) => {
      const together = both(a, b);
      const same = filterKey(together) === filterKey(a);
      for (const one of some) {
        assert.equal(matches(together, one), matches(a, one) && matches(b, one));
        if (same) assert.equal(matches(together, one), matches(a, one));
      }
    }),
    { numRuns: 1000 },
  );
});
