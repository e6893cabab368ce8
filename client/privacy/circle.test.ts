import assert from 'node:assert/strict';
import { test } from 'node:test';
import { circleLine, placeOf } from './circle.ts';

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

test('twice the radius is seen from one zoom further out', () => {
  const near = placeOf({ lng: 0, lat: 0, radius: 200 });
  const far = placeOf({ lng: 0, lat: 0, radius: 400 });
  assert.ok(Math.abs(near.zoom - far.zoom - 1) < 1e-9);
  // 100 of 512 · 2^zoom pixels around the world are 400 m
  assert.ok(Math.abs((100 / (512 * 2 ** near.zoom)) * 360 * METRES_PER_DEGREE - 400) < 1);
});
