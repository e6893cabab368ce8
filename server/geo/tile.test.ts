import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WORLD_SIZE } from './mercator.ts';
import { bounds, children, isValid, MAX_ZOOM, parent } from './tile.ts';

test('a tile exists inside its grid only', () => {
  assert.ok(isValid({ z: 0, x: 0, y: 0 }));
  assert.ok(isValid({ z: 3, x: 7, y: 7 }));
  assert.ok(isValid({ z: MAX_ZOOM, x: 2 ** MAX_ZOOM - 1, y: 0 }));
  for (const tile of [
    { z: 3, x: 8, y: 0 },
    { z: 3, x: 0, y: 8 },
    { z: 0, x: 1, y: 0 },
    { z: 3, x: -1, y: 0 },
    { z: -1, x: 0, y: 0 },
    { z: MAX_ZOOM + 1, x: 0, y: 0 },
    { z: 3, x: 0.5, y: 0 },
    { z: 3, x: 0, y: Number.NaN },
  ]) {
    assert.ok(!isValid(tile), JSON.stringify(tile));
  }
});

test('children fill their parent', () => {
  const tile = { z: 5, x: 17, y: 11 };
  const four = children(tile);
  for (const child of four) assert.deepEqual(parent(child), tile);
  assert.deepEqual(bounds(four[0]).minX, bounds(tile).minX);
  assert.deepEqual(bounds(four[3]).maxY, bounds(tile).maxY);
  assert.throws(() => parent({ z: 0, x: 0, y: 0 }), RangeError);
});

test('the one tile of zoom 0 is the world', () => {
  assert.deepEqual(bounds({ z: 0, x: 0, y: 0 }), { minX: 0, minY: 0, maxX: WORLD_SIZE, maxY: WORLD_SIZE });
});
