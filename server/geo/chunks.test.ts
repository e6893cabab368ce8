import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../testing/fast-check.ts';
import { CHUNK_MAX_POINTS, chunkBytes, chunkPoints, forEachChunk, writeChunks } from './chunks.ts';
import { LEVELS, levelUnit } from './levels.ts';
import { WORLD_SIZE } from './mercator.ts';

const FINEST = LEVELS.length - 1;

/** The chunks' points, chunk by chunk. */
function read(geometry: Uint8Array): number[][] {
  const chunks: number[][] = [];
  forEachChunk(geometry, (offset) => chunks.push([...chunkPoints(geometry, offset)]));
  return chunks;
}

test('a line comes back rounded to the grid, chunks sharing their boundary points', () => {
  const coordinate = fc.integer({ min: 0, max: WORLD_SIZE - 1 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 150 }),
      fc.nat({ max: FINEST }),
      (points, level) => {
        const unit = levelUnit(level);
        const chunks = read(writeChunks(points.flat(), level));
        const back: string[] = [];
        for (const [index, chunk] of chunks.entries()) {
          assert.ok(chunk.length / 2 <= CHUNK_MAX_POINTS);
          if (index > 0) assert.deepEqual(chunk.slice(0, 2), chunks[index - 1].slice(-2));
          for (let at = 0; at < chunk.length; at += 2) back.push(`${chunk[at]} ${chunk[at + 1]}`);
        }
        let from = 0;
        const snap = (value: number) => Math.min(WORLD_SIZE / unit - 1, Math.round(value / unit)) * unit;
        for (const [x, y] of points) {
          from = back.indexOf(`${snap(x)} ${snap(y)}`, from);
          assert.ok(from >= 0);
        }
      },
    ),
    { numRuns: 50 },
  );
});

test('the bounds are those of the points', () => {
  const geometry = writeChunks([100, 900, 300, 200, 250, 1000], FINEST);
  forEachChunk(geometry, (offset, level, pointCount, bounds) => {
    assert.deepEqual([offset, level, pointCount], [0, FINEST, 3]);
    assert.deepEqual(bounds, { minX: 100, minY: 200, maxX: 300, maxY: 1000 });
  });
});

test('a line that collapses is a dot, an empty line nothing', () => {
  assert.deepEqual(read(writeChunks([70, 70, 71, 70, 69, 71], 0)), [[0, 0]]);
  assert.equal(writeChunks([], 0).length, 0);
  assert.equal(writeChunks([5, 5], 0).length, chunkBytes(1));
});

test('a long step is divided, the far edges of the world hold', () => {
  const [chunk] = read(writeChunks([0, 0, 100_000, 0], FINEST));
  assert.deepEqual(chunk, [0, 0, 25_000, 0, 50_000, 0, 75_000, 0, 100_000, 0]);
  assert.deepEqual(read(writeChunks([WORLD_SIZE, WORLD_SIZE], 0)), [
    [WORLD_SIZE - 2 ** 14, WORLD_SIZE - 2 ** 14],
  ]);
});

test('damaged bytes are refused', () => {
  const geometry = writeChunks([100, 900, 300, 200, 250, 1000], FINEST);
  const change = (at: number, value: number) => geometry.with(at, value);
  for (const bad of [
    geometry.subarray(0, 8),
    geometry.subarray(0, -4),
    change(8, 0),
    change(8, 65),
    change(10, LEVELS.length),
    change(11, 1),
    change(3, 0x80),
  ]) {
    assert.throws(() => forEachChunk(bad, () => {}), RangeError);
  }
  assert.throws(() => writeChunks([0, Number.NaN], 0), RangeError);
});
