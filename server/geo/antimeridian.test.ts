import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../testing/fast-check.ts';
import { splitAtAntimeridian } from './antimeridian.ts';
import { WORLD_SIZE } from './mercator.ts';

test('a line that does not cross is handed back', () => {
  const line = Float64Array.of(1, 2, 3, 4);
  assert.deepEqual(splitAtAntimeridian(line), [line]);
  assert.deepEqual(splitAtAntimeridian(new Float64Array()), []);
});

test('crossing eastward and back, with the height of the crossing interpolated', () => {
  const parts = splitAtAntimeridian(Float64Array.of(WORLD_SIZE - 300, 0, 100, 400, WORLD_SIZE - 100, 600));
  assert.deepEqual(
    parts.map((part) => [...part]),
    [
      [WORLD_SIZE - 300, 0, WORLD_SIZE - 1, 300],
      [0, 300, 100, 400, 0, 500],
      [WORLD_SIZE - 1, 500, WORLD_SIZE - 100, 600],
    ],
  );
});

test('longitudes of other turns come home', () => {
  const [east, west] = splitAtAntimeridian(Float64Array.of(WORLD_SIZE - 100, 0, WORLD_SIZE + 100, 0));
  assert.deepEqual([...east], [WORLD_SIZE - 100, 0, WORLD_SIZE - 1, 0]);
  assert.deepEqual([...west], [0, 0, 100, 0]);
});

test('every part stays inside the world and never leaps across it', () => {
  const x = fc.double({ min: -2 * WORLD_SIZE, max: 2 * WORLD_SIZE, noNaN: true });
  fc.assert(
    fc.property(fc.array(x, { minLength: 1, maxLength: 20 }), (xs) => {
      for (const part of splitAtAntimeridian(Float64Array.from(xs.flatMap((value, y) => [value, y])))) {
        for (let at = 0; at < part.length; at += 2) {
          assert.ok(part[at] >= 0 && part[at] < WORLD_SIZE);
          if (at > 0) assert.ok(Math.abs(part[at] - part[at - 2]) <= WORLD_SIZE / 2);
        }
      }
    }),
  );
});
