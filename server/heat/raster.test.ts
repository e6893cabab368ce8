import assert from 'node:assert/strict';
import { test } from 'node:test';
import { levelFor, levelUnit } from '../geo/levels.ts';
import type { Tile, TileSize } from '../geo/tile.ts';
import { bounds } from '../geo/tile.ts';
import { touches } from '../geo/touch.ts';
import { drawingOf } from '../testing/drawing.ts';
import fc from '../testing/fast-check.ts';
import { coverageTable, TABLE_STEPS, VISIT } from './coverage.ts';
import { drawVisits } from './raster.ts';
import { pixelWidth, reach } from './width.ts';

type Activity = number[][];

interface Scene {
  tile: Tile;
  size: TileSize;
  level: number;
  activities: Activity[];
}

/** Activities of a few lines within a few pixels around one tile, of any zoom and either size. */
const scene: fc.Arbitrary<Scene> = fc
  .record({
    z: fc.integer({ min: 2, max: 20 }),
    size: fc.constantFrom<TileSize>(256, 512),
    // in steps of the level's grid, as a share of the tile
    activities: fc.array(
      fc.array(
        fc.array(
          fc.tuple(
            fc.double({ min: -0.2, max: 1.4, noNaN: true }),
            fc.double({ min: -0.2, max: 1.4, noNaN: true }),
          ),
          {
            minLength: 1,
            maxLength: 8,
          },
        ),
        { minLength: 1, maxLength: 3 },
      ),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ z, size, activities }) => {
    const tile = { z, x: (2 ** z) >> 1, y: (2 ** z) >> 1 };
    const level = levelFor(size === 512 ? z + 1 : z);
    const unit = levelUnit(level);
    const { minX, minY, maxX } = bounds(tile);
    const place = (from: number, share: number) => Math.round((from + share * (maxX - minX)) / unit) * unit;
    return {
      tile,
      size,
      level,
      activities: activities.map((lines) =>
        lines.map((line) => line.flatMap(([x, y]) => [place(minX, x), place(minY, y)])),
      ),
    };
  });

function draw({ tile, size, level, activities }: Scene): Uint32Array {
  const { blocks, refs } = drawingOf(activities, level);
  return drawVisits(tile, size, blocks, refs);
}

/** The same lines, each point twice as often or so, the new ones exactly on the line where the grid has a place. */
function densified(line: number[], unit: number): number[] {
  const dense = line.slice(0, 2);
  for (let at = 2; at < line.length; at += 2) {
    const stepsX = (line[at] - line[at - 2]) / unit;
    const stepsY = (line[at + 1] - line[at - 1]) / unit;
    const parts = greatestCommonDivisor(Math.abs(stepsX), Math.abs(stepsY)) || 1;
    for (let part = 1; part < Math.min(parts, 5); part++) {
      dense.push(
        line[at - 2] + (stepsX / parts) * part * unit,
        line[at - 1] + (stepsY / parts) * part * unit,
      );
    }
    dense.push(line[at], line[at + 1]);
  }
  return dense;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

test('a straight line is as wide as it should be, its inside one whole visit', () => {
  for (const size of [256, 512] as const) {
    for (const z of [3, 14, 16, 20]) {
      const tile = { z, x: 1, y: 1 };
      const { minX, minY, maxX, maxY } = bounds(tile);
      const across = minX + (maxX - minX) / 2;
      const level = levelFor(size === 512 ? z + 1 : z);
      const visits = draw({ tile, size, level, activities: [[[across, minY, across, maxY]]] });
      const row = visits.subarray(size * 100, size * 101);
      const sum = row.reduce((total, value) => total + value, 0) / VISIT;
      assert.ok(Math.abs(sum - pixelWidth(z, size)) < 0.05, `${sum} at ${z}`);
      assert.ok(
        row.every((value, column) => value === row[size - 1 - column]),
        'symmetric',
      );
      for (let other = 0; other < size; other++) assert.equal(visits[other * size + size / 2], row[size / 2]);
    }
  }
});

test('within one activity a pixel counts once, over activities visits add up', () => {
  const tile = { z: 13, x: 4000, y: 4000 };
  const { minX, minY, maxX } = bounds(tile);
  const px = (maxX - minX) / 256;
  const line = [minX, minY + 100.5 * px, maxX, minY + 100.5 * px];
  const twice = [...line, ...line.slice(0, 2), ...line.slice(2)];
  const at = 100 * 256 + 128;
  const level = levelFor(13);
  assert.equal(draw({ tile, size: 256, level, activities: [[twice, line]] })[at], VISIT);
  assert.equal(draw({ tile, size: 256, level, activities: [[line], [twice], [line]] })[at], 3 * VISIT);
  const dot = [minX + 40.5 * px, minY + 40.5 * px];
  assert.equal(
    draw({ tile, size: 256, level, activities: [[dot]] })[40 * 256 + 40],
    VISIT,
    'a point is a dot',
  );
});

test('neighbours join without seams: four tiles are one large picture, pixel for pixel', () => {
  fc.assert(
    fc.property(scene, (given) => {
      const { tile, size, level, activities } = given;
      const { blocks, refs } = drawingOf(activities, level);
      const picture = largePicture(given);
      for (const [right, down] of [
        [0, 0],
        [1, 0],
        [0, 1],
        [1, 1],
      ]) {
        const part = new Uint32Array(size * size);
        for (let row = 0; row < size; row++) {
          const from = (down * size + row) * size * 2 + right * size;
          part.set(picture.subarray(from, from + size), row * size);
        }
        assert.deepEqual(
          drawVisits({ z: tile.z, x: tile.x + right, y: tile.y + down }, size, blocks, refs),
          part,
        );
      }
    }),
    { numRuns: 6 },
  );
});

test('joints neither gap nor bulge: a line of short steps is the nearest of its segments at every pixel', () => {
  const tile = { z: 16, x: 32768, y: 32768 };
  const turn = fc.double({ min: -1.2, max: 1.2, noNaN: true });
  fc.assert(
    fc.property(
      fc.constantFrom<TileSize>(256, 512),
      fc.array(fc.tuple(turn, fc.integer({ min: 1, max: 1500 })), { minLength: 2, maxLength: 40 }),
      (size, turns) => {
        const level = levelFor(size === 512 ? tile.z + 1 : tile.z);
        const { minX, minY, maxX } = bounds(tile);
        const line = [minX + (maxX - minX) / 2, minY + (maxX - minX) / 2];
        let heading = 0;
        for (const [by, steps] of turns) {
          heading += by;
          const [x, y] = line.slice(-2);
          line.push(
            x + Math.round(Math.cos(heading) * steps) * levelUnit(level),
            y + Math.round(Math.sin(heading) * steps) * levelUnit(level),
          );
        }
        const given = { tile, size, level, activities: [[line]] };
        const picture = largePicture(given);
        const drawn = draw(given);
        for (let row = 0; row < size; row++) {
          const from = row * size * 2;
          assert.deepEqual(
            drawn.subarray(row * size, row * size + size),
            picture.subarray(from, from + size),
          );
        }
      },
    ),
    { numRuns: 25 },
  );
});

test('more activities than stamps still count one by one', () => {
  const tile = { z: 13, x: 4000, y: 4000 };
  const { minX, minY, maxX } = bounds(tile);
  const px = (maxX - minX) / 256;
  const line = [minX, minY + 100.5 * px, maxX, minY + 100.5 * px];
  const activities = Array.from({ length: 600 }, () => [line, line]);
  assert.equal(draw({ tile, size: 256, level: levelFor(13), activities })[100 * 256 + 128], 600 * VISIT);
});

test('drawing order does not matter, nor the direction of a line', () => {
  fc.assert(
    fc.property(scene, (given) => {
      const { activities } = given;
      const turned = activities.toReversed().map((lines) => lines.toReversed().map(backwards));
      assert.deepEqual(draw(given), draw({ ...given, activities: turned }));
    }),
    { numRuns: 60 },
  );
});

test('recording density does not matter: further points along a line change no pixel', () => {
  fc.assert(
    fc.property(scene, (given) => {
      const unit = levelUnit(given.level);
      const dense = given.activities.map((lines) => lines.map((line) => densified(line, unit)));
      assert.deepEqual(draw(given), draw({ ...given, activities: dense }));
    }),
    { numRuns: 60 },
  );
});

test('a filter and its complement make the whole visits', () => {
  fc.assert(
    fc.property(scene, fc.nat({ max: 4 }), (given, first) => {
      const some = draw({ ...given, activities: given.activities.slice(0, first) });
      const others = draw({ ...given, activities: given.activities.slice(first) });
      assert.deepEqual(
        draw(given),
        some.map((value, at) => value + others[at]),
      );
    }),
    { numRuns: 60 },
  );
});

test('a line out of reach colours no pixel, one within reach nearly always does', () => {
  let touching = 0;
  let faint = 0;
  fc.assert(
    fc.property(scene, (given) => {
      const { tile, size, activities } = given;
      for (const line of activities.flat()) {
        // near the tile's edge, where it matters
        const lit = draw({ ...given, activities: [[line]] }).some((value) => value > 0);
        const touched = touches(line, bounds(tile), reach(tile.z, size));
        assert.ok(touched || !lit);
        if (touched) touching++;
        if (touched && !lit) faint++;
      }
    }),
    { numRuns: 100 },
  );
  assert.ok(faint <= touching * 0.02, `${faint} of ${touching}`);
});

test('a tile without activities is empty', () => {
  assert.ok(drawVisits({ z: 0, x: 0, y: 0 }, 256, [], new Uint32Array()).every((value) => value === 0));
});

function backwards(line: number[]): number[] {
  const turned: number[] = [];
  for (let at = line.length - 2; at >= 0; at -= 2) turned.push(line[at], line[at + 1]);
  return turned;
}

/**
 * Two by two tiles, the scene's the north-west one, in one picture and without any cleverness: every pixel is
 * measured against every segment.
 */
function largePicture({ tile, size, activities }: Scene): Uint32Array {
  const { minX, minY, maxX } = bounds(tile);
  const pixel = (maxX - minX) / size;
  const table = coverageTable(pixelWidth(tile.z, size));
  const across = size * 2;
  const picture = new Uint32Array(across * across);
  for (const lines of activities) {
    const covered = new Uint8Array(across * across);
    for (const line of lines) {
      for (let at = 0; at < Math.max(2, line.length - 2); at += 2) {
        const [x, y, toX = x, toY = y] = line
          .slice(at, at + 4)
          .map((value, n) => (value - (n % 2 ? minY : minX)) / pixel);
        for (let index = 0; index < covered.length; index++) {
          const distance2 = squaredDistance(
            (index % across) + 0.5 - x,
            Math.floor(index / across) + 0.5 - y,
            toX - x,
            toY - y,
          );
          covered[index] = Math.max(covered[index], table[Math.floor(distance2 * TABLE_STEPS)] ?? 0);
        }
      }
    }
    for (let index = 0; index < covered.length; index++) picture[index] += covered[index];
  }
  return picture;
}

/** From (u, v) to the segment from the origin to (dx, dy). */
function squaredDistance(u: number, v: number, dx: number, dy: number): number {
  const along = u * dx + v * dy;
  if (along <= 0) return u ** 2 + v ** 2;
  if (along >= dx ** 2 + dy ** 2) return (u - dx) ** 2 + (v - dy) ** 2;
  return (u * dy - v * dx) ** 2 / (dx ** 2 + dy ** 2);
}
