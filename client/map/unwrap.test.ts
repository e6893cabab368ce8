import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { FeatureCollection, MultiPolygon } from 'geojson';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { cutLine, unwrapped, unwrappedRing } from './unwrap.ts';

test('a coast goes on past the antimeridian', () => {
  const ring = [
    [179, 60],
    [-179, 60],
    [-179, 62],
    [179, 62],
    [179, 60],
  ];
  assert.deepEqual(
    unwrappedRing(ring).map(([lng]) => lng),
    [179, 181, 181, 179, 179],
  );
});

test('land around a pole is closed along the edge of the map', () => {
  const ring = [-180, -90, 0, 90, 180].map((lng) => [lng, -70]);
  assert.deepEqual(unwrappedRing([...ring.slice(0, 4), [-180, -70]]).slice(4), [
    [180, -70],
    [180, -89],
    [-180, -89],
    [-180, -70],
  ]);
});

test('no coast of the bundled world runs across the map', () => {
  const file = new URL('../../node_modules/world-atlas/countries-50m.json', import.meta.url);
  const world = JSON.parse(readFileSync(file, 'utf8')) as Topology<{ land: GeometryCollection }>;
  const land = unwrapped(feature(world, world.objects.land) as FeatureCollection);
  for (const { geometry } of land.features) {
    for (const ring of (geometry as MultiPolygon).coordinates.flat()) {
      const steps = ring.slice(1).map(([lng], at) => Math.abs(lng - ring[at][0]));
      // along the edge beyond the pole is the one long way there is
      const isPolar = ring.some(([, lat]) => Math.abs(lat) === 89);
      assert.ok(isPolar || Math.max(...steps) < 180);
    }
  }
});

test('a border is cut where it crosses the antimeridian', () => {
  assert.deepEqual(
    cutLine([
      [178, 1],
      [179, 1],
      [-179, 1],
      [-178, 1],
    ]).length,
    2,
  );
});
