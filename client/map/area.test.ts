import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areaOf } from './area.ts';

const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-6, `${a} and ${b}`);

test('the area is what is in view', () => {
  const { west, south, east, north } = areaOf({ lng: 0, lat: 0, zoom: 1 }, { width: 512, height: 256 });
  near(west, -90);
  near(east, 90);
  near(north, -south);
  near(north, 40.97989806962013);
});

test('a step wider shows twice as much around the same middle, a step closer half', () => {
  const place = { lng: 11.25, lat: 47.98, zoom: 12 };
  const spans = [-1, 0, 1].map((wider) => {
    const { west, east } = areaOf(place, { width: 1000, height: 800 }, wider);
    near((west + east) / 2, 11.25);
    return east - west;
  });
  near(spans[1] / spans[0], 2);
  near(spans[2] / spans[1], 2);
});

test('across the 180th meridian the west is greater; the world is not shown twice, nor beyond its ends', () => {
  const fiji = areaOf({ lng: 179.9, lat: -17, zoom: 8 }, { width: 1000, height: 800 });
  assert.ok(fiji.west > fiji.east && fiji.east < -178);
  const world = areaOf({ lng: 20, lat: 10, zoom: 0 }, { width: 1400, height: 900 });
  assert.deepEqual([world.west, world.east], [-180, 180]);
  near(world.north, 85.0511287798066);
  near(world.south, -85.0511287798066);
});
