import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LEVELS, levelFor, levelTolerance, levelUnit } from './levels.ts';
import { MAX_ZOOM } from './tile.ts';

test('every zoom has a level at least as fine, @2x included', () => {
  for (let zoom = 0; zoom <= MAX_ZOOM + 1; zoom++) {
    const level = levelFor(zoom);
    assert.ok(LEVELS[level] >= zoom);
    assert.ok(level === 0 || LEVELS[level - 1] < zoom);
  }
  assert.throws(() => levelFor(MAX_ZOOM + 2), RangeError);
});

test('units are powers of two, and finer than what simplification moves', () => {
  for (const level of LEVELS.keys()) {
    assert.ok(Number.isInteger(Math.log2(levelUnit(level))));
    assert.ok(levelUnit(level) < levelTolerance(level));
  }
  assert.equal(levelUnit(0), 2 ** 14);
  assert.equal(levelUnit(LEVELS.length - 1), 1);
});
