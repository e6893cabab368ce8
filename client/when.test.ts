import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromNow } from './when.ts';

test('moments are told from now, in the largest unit that fits', () => {
  const now = 1_700_000_000;
  const told = (away: number) => fromNow(now + away, now);
  assert.deepEqual([0, -59, 30].map(told), ['just now', 'just now', 'in a moment']);
  assert.deepEqual([-60, -3 * 3600, -86_400, 86_400].map(told), [
    '1 minute ago',
    '3 hours ago',
    'yesterday',
    'tomorrow',
  ]);
  assert.deepEqual([7 * 86_400, 30 * 86_400, -800 * 86_400].map(told), [
    'in 7 days',
    'next month',
    '2 years ago',
  ]);
});
