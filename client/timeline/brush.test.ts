import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../server/testing/fast-check.ts';
import { dragged, keyed, type Span } from './brush.ts';

const all = { from: 100, to: 200 };
const month = fc.integer({ min: 100, max: 200 });
const span = fc.tuple(month, month).map(([a, b]): Span => ({ from: Math.min(a, b), to: Math.max(a, b) }));
const anywhere = fc.integer({ min: 0, max: 300 });

test('whatever is dragged wherever, some months of the timeline are chosen', () => {
  const hold = fc.constantFrom('from', 'to', 'whole', 'new');
  fc.assert(
    fc.property(hold, month, span, anywhere, (how, start, before, at) => {
      const { from, to } = dragged({ hold: how, start, before }, at, all);
      assert.ok(all.from <= from && from <= to && to <= all.to);
      if (how === 'whole') assert.equal(to - from, before.to - before.from);
      if (how === 'from') assert.equal(to, before.to);
      if (how === 'to') assert.equal(from, before.from);
    }),
  );
});

test('an end moves by a key: a month, a year, or all the way, but not past the other', () => {
  const before = { from: 120, to: 150 };
  assert.deepEqual(keyed('ArrowRight', 'from', before, all), { from: 121, to: 150 });
  assert.deepEqual(keyed('PageDown', 'to', before, all), { from: 120, to: 138 });
  assert.deepEqual(keyed('PageUp', 'from', { from: 145, to: 150 }, all), { from: 150, to: 150 });
  assert.deepEqual(keyed('End', 'to', before, all), { from: 120, to: 200 });
  assert.deepEqual(keyed('Home', 'to', before, all), { from: 120, to: 120 });
  assert.equal(keyed('Tab', 'to', before, all), null);
});
