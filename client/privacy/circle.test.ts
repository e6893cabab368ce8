import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundsAbout, circleLine, formatMiddle, moved, parseMiddle } from './circle.ts';

const METRES_PER_DEGREE = 111_195;

test('every corner of a circle is its radius away, and the line is closed', () => {
  const zone = { lng: 11.25, lat: 60, radius: 500 };
  const line = circleLine(zone);
  for (const [lng, lat] of line) {
    const east = (lng - zone.lng) * METRES_PER_DEGREE * Math.cos((60 * Math.PI) / 180);
    const north = (lat - zone.lat) * METRES_PER_DEGREE;
    assert.ok(Math.abs(Math.hypot(east, north) - 500) < 0.1);
  }
  const [first, last] = [line[0], line[line.length - 1]];
  assert.ok(Math.hypot(first[0] - last[0], first[1] - last[1]) < 1e-12);
});

test('a circle is seen with as much about it on every side', () => {
  const [west, south, east, north] = boundsAbout({ lng: 20, lat: 0, radius: 1000 });
  const degrees = 3000 / METRES_PER_DEGREE;
  for (const [side, expected] of [
    [west, 20 - degrees],
    [south, -degrees],
    [east, 20 + degrees],
    [north, degrees],
  ]) {
    assert.ok(Math.abs(side - expected) < 1e-4);
  }
});

test('five steps lead a radius away, at any latitude, and around the world', () => {
  const zone = { id: 'a', lng: 11.25, lat: 60, radius: 500 };
  const north = moved(zone, 0, 5);
  assert.ok(Math.abs((north.lat - 60) * METRES_PER_DEGREE - 500) < 1);
  assert.deepEqual({ ...north, lat: 60 }, zone);
  const west = moved(zone, -5, 0);
  assert.ok(Math.abs((zone.lng - west.lng) * METRES_PER_DEGREE * Math.cos(Math.PI / 3) - 500) < 1);
  assert.ok(moved({ lng: 179.9999, lat: 0, radius: 5000 }, 1, 0).lng < -179);
  assert.equal(moved({ lng: 0, lat: 84.99, radius: 5000 }, 0, 5).lat, 85);
});

test('a middle is read as it is written, and as others write it', () => {
  const zone = { lng: -11.25, lat: 47.98 };
  assert.equal(formatMiddle(zone), '47.98000, -11.25000');
  for (const text of ['47.98000, -11.25000', ' 47.98 -11.25 ', '47.98;-11.25', '47.98°, -11.25°']) {
    assert.deepEqual(parseMiddle(text), zone, text);
  }
  for (const text of ['', '47.98', '91, 0', '0, 181', '47,98, 11', 'Munich', '1,2,3']) {
    assert.equal(parseMiddle(text), null, text);
  }
});
