import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chunkPoints, forEachChunk, writeChunks } from '../geo/chunks.ts';
import { COARSE_LEVELS, LEVELS, levelTolerance, levelUnit } from '../geo/levels.ts';
import { latToWorldY, lngToWorldX, MAX_LATITUDE, WORLD_SIZE } from '../geo/mercator.ts';
import fc from '../testing/fast-check.ts';
import { recordedOuting } from '../testing/track-files.ts';
import { cleanTrack } from './clean.ts';
import { makeLevels, packGeometry, unpackGeometry } from './levels.ts';
import type { Track } from './recording.ts';

const outing = cleanTrack(recordedOuting({ points: 3000 }));

test('each level stays within its tolerance of every recorded point', () => {
  const { coarse, fine } = makeLevels(outing);
  const { lng, lat } = outing.lines[0];
  for (const [level] of LEVELS.entries()) {
    const lines = linesOf(level < COARSE_LEVELS ? coarse : fine, level);
    assert.equal(lines.length > 0, true);
    const segments = lines.flatMap((xy) =>
      Array.from({ length: xy.length / 2 - 1 }, (_, at) => xy.slice(at * 2, at * 2 + 4)),
    );
    const allowed = levelTolerance(level) + levelUnit(level);
    for (let at = 0; at < lng.length; at += 97) {
      const x = lngToWorldX(lng[at] / 1e7);
      const y = latToWorldY(lat[at] / 1e7);
      const nearest = Math.min(...segments.map((segment) => distance(x, y, segment)));
      assert.ok(nearest <= allowed, `level ${level}: ${nearest} > ${allowed}`);
    }
  }
});

test('coarse levels are a small part, bounds hold everything', () => {
  const { coarse, fine, bounds } = makeLevels(outing);
  assert.ok(coarse.length < fine.length / 10);
  for (const geometry of [coarse, fine]) {
    forEachChunk(geometry, (_, level, __, chunk) => {
      const slack = levelUnit(level);
      assert.ok(chunk.minX >= bounds!.minX - slack && chunk.maxX <= bounds!.maxX + slack);
      assert.ok(chunk.minY >= bounds!.minY - slack && chunk.maxY <= bounds!.maxY + slack);
    });
  }
});

test('stored, all levels take less than 5 bytes a recorded point', () => {
  for (const [sport, noise] of [
    ['Run', 0.3],
    ['Ride', 0.3],
    ['Ride', 1],
  ] as const) {
    const track = cleanTrack(recordedOuting({ points: 4000, sport, noise }));
    const { coarse, fine } = makeLevels(track);
    const bytes = packGeometry(coarse).length + packGeometry(fine).length;
    assert.ok(bytes / 4000 < 5, `${bytes / 4000} bytes a point`);
  }
});

test('a line across the antimeridian is drawn at both edges, not across the world', () => {
  const { fine } = makeLevels(
    tracked([
      [179.99, 10],
      [-179.99, 10.01],
    ]),
  );
  const lines = linesOf(fine, LEVELS.length - 1);
  assert.equal(lines.length, 2);
  for (const xy of lines) {
    const xs = xy.filter((_, at) => at % 2 === 0);
    assert.ok(Math.max(...xs) - Math.min(...xs) < WORLD_SIZE / 10_000);
  }
});

test('beyond the edge of the map nothing is drawn, the line ends at the edge', () => {
  const { fine, bounds } = makeLevels(
    tracked([
      [10, 84.9],
      [10, 85.2],
      [40, 85.3],
      [40, 85.3],
      [40, 84.9],
      [40.1, 84.9],
    ]),
  );
  const lines = linesOf(fine, LEVELS.length - 1);
  assert.equal(lines.length, 2);
  assert.ok(Math.abs(lines[0].at(-2)! - lngToWorldX(10)) < 2 && lines[0].at(-1)! === 0);
  assert.ok(Math.abs(lines[1][0] - lngToWorldX(40)) < 2 && lines[1][1] === 0);
  assert.equal(bounds!.minY, 0);
  assert.deepEqual(
    makeLevels(
      tracked([
        [10, MAX_LATITUDE + 0.1],
        [11, -89],
      ]),
    ).bounds,
    null,
  );
  assert.deepEqual(makeLevels(tracked([])), {
    coarse: new Uint8Array(0),
    fine: new Uint8Array(0),
    bounds: null,
  });
});

test('one point is a dot', () => {
  const { coarse, fine } = makeLevels(tracked([[10, 50]]));
  assert.equal(linesOf(fine, 6)[0].length, 2);
  assert.equal(linesOf(coarse, 0)[0].length, 2);
});

test('packed geometry comes back byte for byte', () => {
  const coordinate = fc.integer({ min: 0, max: WORLD_SIZE - 1 });
  const near = fc.integer({ min: -500, max: 500 });
  const line = fc
    .tuple(coordinate, coordinate, fc.array(fc.tuple(near, near), { maxLength: 200 }))
    .map(([x, y, steps]) => {
      const xy = [x, y];
      for (const [dx, dy] of steps) {
        xy.push(
          Math.min(WORLD_SIZE - 1, Math.max(0, xy.at(-2)! + dx)),
          Math.min(WORLD_SIZE - 1, Math.max(0, xy.at(-2)! + dy)),
        );
      }
      return xy;
    });
  const geometry = fc
    .array(fc.tuple(line, fc.integer({ min: 0, max: LEVELS.length - 1 })), { maxLength: 5 })
    .map((lines) => new Uint8Array(Buffer.concat(lines.map(([xy, level]) => writeChunks(xy, level)))));
  fc.assert(
    fc.property(geometry, (bytes) => assert.deepEqual(unpackGeometry(packGeometry(bytes)), bytes)),
    { numRuns: 100 },
  );
});

test('damaged packed geometry is a RangeError, never other geometry', () => {
  const { fine } = makeLevels(outing);
  const packed = Buffer.from(packGeometry(fine));
  fc.assert(
    fc.property(
      fc.nat(packed.length - 1),
      fc.integer({ min: 1, max: 255 }),
      fc.boolean(),
      (at, change, cut) => {
        const damaged = Buffer.from(cut ? packed.subarray(0, at) : packed);
        if (!cut) damaged[at] ^= change;
        try {
          assert.deepEqual(unpackGeometry(damaged), fine);
        } catch (error) {
          assert.ok(error instanceof RangeError, `${error}`);
        }
      },
    ),
    { numRuns: 300 },
  );
  assert.throws(() => packGeometry(fine.subarray(0, -2)), RangeError);
});

function tracked(points: [lng: number, lat: number][]): Track {
  const line = {
    lng: Int32Array.from(points, ([lng]) => Math.round(lng * 1e7)),
    lat: Int32Array.from(points, ([, lat]) => Math.round(lat * 1e7)),
    time: new Float64Array(points.length).fill(Number.NaN),
    altitude: new Float32Array(points.length).fill(Number.NaN),
  };
  const lines = points.length > 0 ? [line] : [];
  return { lines, pointCount: points.length, distance: 0, startedAt: null, elapsed: null };
}

/** Chunks of a level that begin where another ended are one line. */
function linesOf(geometry: Uint8Array, wanted: number): number[][] {
  const lines: number[][] = [];
  forEachChunk(geometry, (offset, level) => {
    if (level !== wanted) return;
    const xy = [...chunkPoints(geometry, offset)];
    const last = lines.at(-1);
    if (last && last.at(-2) === xy[0] && last.at(-1) === xy[1]) last.push(...xy.slice(2));
    else lines.push(xy);
  });
  return lines;
}

function distance(x: number, y: number, [ax, ay, bx, by]: number[]): number {
  const length2 = (bx - ax) ** 2 + (by - ay) ** 2;
  const share =
    length2 === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length2));
  return Math.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay));
}
