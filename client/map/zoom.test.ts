import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tileZoomOf } from './zoom.ts';

test('a tile is 256 px wide', () => {
  assert.deepEqual([0, 11.4, 11.6, 20].map(tileZoomOf), [1, 12, 13, 20]);
});
