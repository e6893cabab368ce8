import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../testing/fast-check.ts';
import { simplify } from './simplify.ts';

test('nothing, one and two points stay as they are', () => {
  assert.deepEqual([...simplify([], 1)], []);
  assert.deepEqual([...simplify([5, 5], 1)], [0]);
  assert.deepEqual([...simplify([5, 5, 5, 5], 1)], [0, 1]);
});

test('points on a straight line go, corners stay', () => {
  assert.deepEqual([...simplify([0, 0, 1, 0, 2, 0, 2, 5, 2, 9], 0.1)], [0, 2, 4]);
});

test('a spur out and back, and a closed loop, survive', () => {
  assert.deepEqual([...simplify([0, 0, 10, 0, 50, 0, 20, 0], 1)], [0, 2, 3]);
  assert.deepEqual([...simplify([0, 0, 9, 0, 9, 9, 0, 9, 0, 0], 1)], [0, 1, 2, 3, 4]);
});

test('no point is further than the tolerance from the simplified line', () => {
  const point = fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: -1000, max: 1000 }));
  fc.assert(
    fc.property(
      fc.array(point, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 300 }),
      (points, tolerance) => {
        const kept = simplify(points.flat(), tolerance);
        assert.equal(kept[0], 0);
        assert.equal(kept.at(-1), points.length - 1);
        for (let i = 1; i < kept.length; i++) {
          for (let at = kept[i - 1]; at <= kept[i]; at++) {
            assert.ok(toSegment(points[at], points[kept[i - 1]], points[kept[i]]) <= tolerance + 1e-9);
          }
        }
      },
    ),
  );
});

test('half a million points of noise do not end the stack', () => {
  const xy = Float64Array.from({ length: 1_000_000 }, (_, at) => (at % 2 === 0 ? at : (at * 7919) % 13));
  assert.ok(simplify(xy, 20).length >= 2);
});

function toSegment([x, y]: number[], [ax, ay]: number[], [bx, by]: number[]): number {
  const length2 = (bx - ax) ** 2 + (by - ay) ** 2;
  const t =
    length2 === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length2));
  return Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay));
}
