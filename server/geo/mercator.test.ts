import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../testing/fast-check.ts';
import {
  latToWorldY,
  lngToWorldX,
  MAX_LATITUDE,
  metresPerWorldUnit,
  WORLD_SIZE,
  worldXToLng,
  worldYToLat,
} from './mercator.ts';

test('the corners and the middle of the map', () => {
  assert.equal(lngToWorldX(-180), 0);
  assert.equal(lngToWorldX(180), WORLD_SIZE);
  assert.equal(lngToWorldX(0), WORLD_SIZE / 2);
  assert.ok(latToWorldY(MAX_LATITUDE) < 1);
  assert.ok(latToWorldY(-MAX_LATITUDE) > WORLD_SIZE - 1);
  assert.equal(latToWorldY(0), WORLD_SIZE / 2);
});

test('latitudes beyond the map end at its edge', () => {
  assert.equal(latToWorldY(90), latToWorldY(MAX_LATITUDE));
  assert.equal(latToWorldY(-90), latToWorldY(-MAX_LATITUDE));
});

test('there and back again within a nanodegree', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -180, max: 180, noNaN: true }),
      fc.double({ min: -85, max: 85, noNaN: true }),
      (lng, lat) => {
        assert.ok(Math.abs(worldXToLng(lngToWorldX(lng)) - lng) < 1e-9);
        assert.ok(Math.abs(worldYToLat(latToWorldY(lat)) - lat) < 1e-9);
      },
    ),
  );
});

test('a unit is 1.9 cm at the equator and half of it at 60 degrees', () => {
  assert.ok(Math.abs(metresPerWorldUnit(WORLD_SIZE / 2) - 0.018661) < 1e-6);
  assert.ok(Math.abs(metresPerWorldUnit(latToWorldY(60)) / metresPerWorldUnit(WORLD_SIZE / 2) - 0.5) < 1e-9);
});
