import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latToWorldY, lngToWorldX, WORLD_SIZE } from '../../server/geo/mercator.ts';
import { ringAround } from './ring.ts';

test('a ring is as wide and as high on the screen wherever it is, and at any zoom', () => {
  for (const lat of [-60, 0, 47.98, 75]) {
    for (const zoom of [8, 14.5, 20]) {
      const ring = ringAround({ lng: 11.25, lat }, zoom);
      const pixels = (world: number) => (world / WORLD_SIZE) * 512 * 2 ** zoom;
      const across = ring.map(([lng]) => pixels(lngToWorldX(lng)));
      const down = ring.map(([, y]) => pixels(latToWorldY(y)));
      const size = (along: number[]) => Math.max(...along) - Math.min(...along);
      assert.ok(Math.abs(size(across) - 18) < 0.5, `${lat} ${zoom}: ${size(across)} px across`);
      assert.ok(Math.abs(size(down) - 18) < 0.5, `${lat} ${zoom}: ${size(down)} px down`);
    }
  }
});
