import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../testing/fast-check.ts';
import { forEachChunk, writeChunks } from './chunks.ts';
import { cover } from './cover.ts';
import { LEVELS } from './levels.ts';
import { bounds } from './tile.ts';
import { chunkTouches, segmentTouches, touches } from './touch.ts';

const AREA = { minX: 0, minY: 0, maxX: 100, maxY: 60 };

test('a segment through, beside, around a corner and beyond its end', () => {
  assert.ok(segmentTouches(-50, 30, 150, 31, AREA, 0.5), 'through');
  assert.ok(segmentTouches(20, 20, 20, 20, AREA, 0.5), 'a point inside');
  assert.ok(segmentTouches(-5, -50, -5, 200, AREA, 6), 'beside, within reach');
  assert.ok(!segmentTouches(-5, -50, -5, 200, AREA, 4), 'beside, out of reach');
  assert.ok(!segmentTouches(-10, -10, -10, -10, AREA, 14), 'a corner is round');
  assert.ok(segmentTouches(-10, -10, -10, -10, AREA, 14.2), 'a corner is round');
  assert.ok(segmentTouches(-20, 4, 4, -20, AREA, 12), 'across a corner, within reach');
  assert.ok(!segmentTouches(-20, 4, 4, -20, AREA, 11), 'across a corner, out of reach');
  assert.ok(!segmentTouches(-50, -50, -20, -20, AREA, 20), 'its line would touch, it ends short');
});

test('agrees with sampling the segment densely', () => {
  const coordinate = fc.integer({ min: -150, max: 250 });
  fc.assert(
    fc.property(
      fc.tuple(coordinate, coordinate, coordinate, coordinate),
      fc.integer({ min: 1, max: 40 }),
      ([ax, ay, bx, by], reach) => {
        let nearest = Number.POSITIVE_INFINITY;
        for (let step = 0; step <= 4000; step++) {
          const x = ax + ((bx - ax) * step) / 4000;
          const y = ay + ((by - ay) * step) / 4000;
          const outX = Math.max(AREA.minX - x, x - AREA.maxX, 0);
          const outY = Math.max(AREA.minY - y, y - AREA.maxY, 0);
          nearest = Math.min(nearest, Math.hypot(outX, outY));
        }
        fc.pre(Math.abs(nearest - reach) > 0.2);
        assert.equal(segmentTouches(ax, ay, bx, by, AREA, reach), nearest < reach);
        assert.equal(segmentTouches(bx, by, ax, ay, AREA, reach), nearest < reach);
      },
    ),
  );
});

test('an encoded chunk touches where its points do', () => {
  const level = LEVELS.length - 1;
  const coordinate = fc.integer({ min: 0, max: 400 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 64 }),
      fc.integer({ min: 1, max: 30 }),
      (points, reach) => {
        const geometry = writeChunks(points.flat(), level);
        const area = { minX: 180, minY: 190, maxX: 220, maxY: 210 };
        forEachChunk(geometry, (offset) => {
          const words = new Int32Array(geometry.buffer);
          assert.equal(chunkTouches(words, offset / 4, area, reach), touches(points.flat(), area, reach));
        });
      },
    ),
  );
});

test('a line is covered by exactly the tiles it touches', () => {
  const z = 4;
  const side = 2 ** 27;
  const line = [side * 2.5, side * 3.5, side * 5.2, side * 3.9, side * 5.2, side * 7.1];
  const covered = new Set(cover(line, z, side / 50).map(({ x, y }) => `${x}/${y}`));
  for (let x = 0; x < 16; x++) {
    for (let y = 0; y < 16; y++) {
      assert.equal(covered.has(`${x}/${y}`), touches(line, bounds({ z, x, y }), side / 50), `${x}/${y}`);
    }
  }
  assert.deepEqual(cover([side / 2, side / 2], z, 1), [{ z, x: 0, y: 0 }]);
  assert.deepEqual(cover([], z, 1), []);
});
