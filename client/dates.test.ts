import assert from 'node:assert/strict';
import { test } from 'node:test';
import { daysOf, daysOfYear, today } from './dates.ts';

test('presets are days that exist', () => {
  assert.deepEqual(daysOf('all', '2024-03-15'), { from: null, to: null });
  assert.deepEqual(daysOf('thisYear', '2024-03-15'), { from: '2024-01-01', to: null });
  assert.deepEqual(daysOf('lastYear', '2024-03-15'), { from: '2023-01-01', to: '2023-12-31' });
  assert.deepEqual(daysOf('lastMonth', '2024-03-15'), { from: '2024-02-15', to: null });
  assert.deepEqual(daysOfYear(2021), { from: '2021-01-01', to: '2021-12-31' });
});

test('today is the day here, not in Greenwich', () => {
  assert.equal(today(new Date(2024, 0, 5, 23, 59)), '2024-01-05');
  assert.equal(today(new Date(2024, 0, 5, 0, 1)), '2024-01-05');
});
