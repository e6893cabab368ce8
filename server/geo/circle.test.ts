import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../testing/fast-check.ts';
import { type Circle, onMap, outside } from './circle.ts';
import { withoutEnds } from './ends.ts';
import { EARTH_RADIUS, groundDistance } from './ground.ts';
import { latToWorldY, lngToWorldX, WORLD_SIZE } from './mercator.ts';

/** Metres by which rounding may be off. */
const CLOSE = 0.01;

const RADIANS = Math.PI / 180;

/** The haversine formula in degrees: another way to the same metres. */
function metres(lngA: number, latA: number, lngB: number, latB: number): number {
  const h =
    Math.sin(((latB - latA) * RADIANS) / 2) ** 2 +
    Math.cos(latA * RADIANS) * Math.cos(latB * RADIANS) * Math.sin(((lngB - lngA) * RADIANS) / 2) ** 2;
  return 2 * EARTH_RADIUS * Math.asin(Math.min(1, Math.sqrt(h)));
}

const unit = fc.double({ min: -1, max: 1, noNaN: true });
const circles: fc.Arbitrary<Circle> = fc.record({
  lng: fc.oneof(fc.double({ min: -180, max: 180, noNaN: true }), fc.constantFrom(-180, 179.9999, 180, 0)),
  lat: fc.oneof(fc.double({ min: -84.9, max: 84.9, noNaN: true }), fc.constantFrom(85.05, -85, 0)),
  radius: fc.double({ min: 100, max: 9000, noNaN: true }),
});
/** Points around a circle, in its radii east and north of the centre. */
const walks = fc.array(fc.tuple(unit, unit), { minLength: 1, maxLength: 20 });
const spreads = fc.constantFrom(1, 1.5, 4, 60);

/** In world units, within the world. */
function lineAround({ lng, lat, radius }: Circle, walk: [number, number][], spread: number): Float64Array {
  const degrees = radius / EARTH_RADIUS / RADIANS;
  const line = new Float64Array(walk.length * 2);
  walk.forEach(([east, north], at) => {
    const x = lngToWorldX(lng + (east * spread * degrees) / Math.cos(lat * RADIANS));
    line[at * 2] = Math.min(WORLD_SIZE - 1, Math.max(0, x));
    line[at * 2 + 1] = latToWorldY(lat + north * spread * degrees);
  });
  return line;
}

function* along(line: Float64Array, steps: number): Generator<[x: number, y: number]> {
  if (line.length === 2) yield [line[0], line[1]];
  for (let at = 2; at < line.length; at += 2) {
    for (let step = 0; step <= steps; step++) {
      const share = step / steps;
      yield [
        line[at - 2] + (line[at] - line[at - 2]) * share,
        line[at - 1] + (line[at + 1] - line[at - 1]) * share,
      ];
    }
  }
}

const length = (lines: Float64Array[]) =>
  lines.reduce((sum, line) => {
    for (let at = 2; at < line.length; at += 2) {
      sum += Math.hypot(line[at] - line[at - 2], line[at + 1] - line[at - 1]);
    }
    return sum;
  }, 0);

test('distances on the ground are those of the haversine formula', () => {
  const lng = fc.double({ min: -180, max: 180, noNaN: true });
  const lat = fc.double({ min: -85, max: 85, noNaN: true });
  fc.assert(
    fc.property(lng, lat, lng, lat, (a, b, c, d) => {
      const found = groundDistance(lngToWorldX(a), latToWorldY(b), lngToWorldX(c), latToWorldY(d));
      assert.ok(Math.abs(found - metres(a, b, c, d)) < CLOSE + 1e-7 * found);
    }),
  );
});

test('nothing inside the circle is left, all that is outside is, and the line meets the circle', () => {
  fc.assert(
    fc.property(circles, walks, spreads, (circle, walk, spread) => {
      const line = lineAround(circle, walk as [number, number][], spread);
      const centre = [lngToWorldX(circle.lng), latToWorldY(circle.lat)];
      const away = (x: number, y: number) => groundDistance(centre[0], centre[1], x, y) - circle.radius;
      const parts = outside(line, onMap(circle));
      for (const part of parts) {
        for (const [x, y] of along(part, 20)) assert.ok(away(x, y) > -CLOSE, `${away(x, y)} m`);
        for (const end of [0, part.length - 2]) {
          const isOwn = [0, line.length - 2].some(
            (own) => line[own] === part[end] && line[own + 1] === part[end + 1],
          );
          assert.ok(isOwn || Math.abs(away(part[end], part[end + 1])) < CLOSE, 'ends on the circle');
        }
      }
      // what is outside is as long as the sum of its pieces, and no piece is there twice
      let outsideLength = 0;
      let before: [number, number] | null = null;
      for (const [x, y] of along(line, 500)) {
        if (before && away((x + before[0]) / 2, (y + before[1]) / 2) > 0) {
          outsideLength += Math.hypot(x - before[0], y - before[1]);
        }
        before = [x, y];
      }
      const tolerance = (length([line]) / 500) * 4 + 1;
      assert.ok(Math.abs(length(parts) - outsideLength) <= tolerance, 'as much as is outside');
    }),
    { numRuns: 300 },
  );
});

test('a segment straight through is cut though neither of its ends is near; beside, it is left as it is', () => {
  for (const lat of [0, 48, -71, 84.5]) {
    const circle = { lng: 11, lat, radius: 500 };
    const [x, y] = [lngToWorldX(11), latToWorldY(lat)];
    const side = (500 / EARTH_RADIUS / RADIANS / Math.cos(lat * RADIANS) / 360) * WORLD_SIZE;
    const through = outside(Float64Array.of(x - 1e8, y + 100, x + 1e8, y + 100), onMap(circle));
    assert.equal(through.length, 2);
    assert.ok(Math.abs(through[0][2] - (x - side)) < side * 0.01);
    assert.ok(Math.abs(through[1][0] - (x + side)) < side * 0.01);
    const beside = Float64Array.of(x - 1e8, y + side * 1.02, x + 1e8, y + side * 1.02);
    assert.deepEqual(outside(beside, onMap(circle)), [beside]);
  }
});

test('across the 180th meridian both sides are cut; beyond the map there is nothing to cut', () => {
  const circle = onMap({ lng: 179.999, lat: -17, radius: 2000 });
  const y = latToWorldY(-17);
  const west = Float64Array.of(WORLD_SIZE - 1, y, WORLD_SIZE - 1e6, y);
  const east = Float64Array.of(0, y, 1e6, y);
  for (const line of [west, east]) {
    const [part] = outside(line, circle);
    const reach = groundDistance(lngToWorldX(179.999), y, part[0], part[1]);
    assert.ok(Math.abs(reach - 2000) < CLOSE);
  }
  for (const lat of [85.3, 89.99, 90, -90]) {
    const line = Float64Array.of(5e8, 0, 6e8, 0);
    assert.deepEqual(outside(line, onMap({ lng: 12, lat, radius: 9000 })), [line]);
  }
});

test('a point alone is inside or not', () => {
  const circle = onMap({ lng: 11, lat: 48, radius: 100 });
  const at = (lng: number) => Float64Array.of(lngToWorldX(lng), latToWorldY(48));
  assert.deepEqual(outside(at(11.0001), circle), []);
  assert.deepEqual(outside(at(11.01), circle), [at(11.01)]);
});

test('the ends are as long along the way as asked, over several lines, and nothing of a short track is left', () => {
  fc.assert(
    fc.property(
      fc.array(
        circles.chain((circle) => fc.tuple(fc.constant(circle), walks)),
        { minLength: 1, maxLength: 4 },
      ),
      fc.double({ min: 0, max: 7500, noNaN: true }),
      fc.double({ min: 0, max: 7500, noNaN: true }),
      (pieces, first, last) => {
        const lines = pieces.map(([circle, walk]) => lineAround(circle, walk as [number, number][], 4));
        const ground = (all: Float64Array[]) =>
          all.reduce((sum, line) => {
            for (let at = 2; at < line.length; at += 2) {
              sum += groundDistance(line[at - 2], line[at - 1], line[at], line[at + 1]);
            }
            return sum;
          }, 0);
        const total = ground(lines);
        const left = withoutEnds(lines, { first, last });
        const wanted = Math.max(0, total - first - last);
        // a long line on the map is no great circle: what is left is measured in other pieces than what was
        const tolerance = 1 + total * 1e-3;
        assert.ok(Math.abs(ground(left) - wanted) <= tolerance, `${ground(left)} of ${wanted} m`);
        if (total <= first + last - tolerance) assert.deepEqual(left, []);
      },
    ),
  );
});
