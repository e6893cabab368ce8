import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latToWorldY, lngToWorldX, WORLD_SIZE } from '../geo/mercator.ts';
import fc from '../testing/fast-check.ts';
import { layOut, PAPERS, type Paper } from './layout.ts';

const papers = fc.constantFrom(...(Object.keys(PAPERS) as Paper[]));
const areas = fc
  .tuple(
    fc.double({ min: -180, max: 180, noNaN: true }),
    fc.double({ min: 0.001, max: 350, noNaN: true }),
    fc.double({ min: -80, max: 79, noNaN: true }),
    fc.double({ min: 0.001, max: 5, noNaN: true }),
  )
  .map(([west, across, south, up]) => ({
    west,
    east: west + across > 180 ? west + across - 360 : west + across,
    south,
    north: south + up,
  }));

test('the whole area is on the map, in its middle, and touches two of its edges', () => {
  fc.assert(
    fc.property(papers, fc.boolean(), fc.boolean(), areas, (paper, landscape, hasWords, area) => {
      const layout = layOut({ paper, landscape, dpi: 150, area, hasWords });
      const { map, minX, minY, scale } = layout;
      const turn = area.east < area.west ? WORLD_SIZE : 0;
      const left = (lngToWorldX(area.west) - minX) * scale;
      const right = (lngToWorldX(area.east) + turn - minX) * scale;
      const top = (latToWorldY(area.north) - minY) * scale;
      const bottom = (latToWorldY(area.south) - minY) * scale;
      const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 0.01, `${a} and ${b}`);
      near(left, map.width - right);
      near(top, map.height - bottom);
      near(Math.min(left, top), 0);
      assert.ok(Math.min(left, top) > -0.01);
    }),
  );
});

test('nothing leaves the paper, and words lie below the map', () => {
  const area = { west: 7, south: 47, east: 8, north: 48 };
  for (const paper of Object.keys(PAPERS) as Paper[]) {
    for (const landscape of [false, true]) {
      const { width, height, map, words } = layOut({ paper, landscape, dpi: 300, area, hasWords: true });
      const [short, long] = PAPERS[paper].map((millimetres) => Math.round((millimetres / 25.4) * 300));
      assert.deepEqual([width, height], landscape ? [long, short] : [short, long]);
      assert.equal(words!.y, map.y + map.height);
      assert.equal(words!.y + words!.height, height);
      assert.equal(words!.x + words!.width + map.x, width);
    }
  }
});

test('a line takes the same share of the paper at every resolution', () => {
  const area = { west: 7, south: 47, east: 8, north: 48 };
  const widths = [150, 300, 600].map(
    (dpi) => layOut({ paper: 'a2', landscape: false, dpi, area, hasWords: false }).lineWidth,
  );
  assert.ok(Math.abs(widths[1] / widths[0] - 2) < 0.05 && Math.abs(widths[2] / widths[1] - 2) < 0.05);
});

test('an area without extent is refused', () => {
  for (const area of [
    { west: 7, south: 47, east: 7, north: 48 },
    { west: 7, south: 48, east: 8, north: 47 },
  ]) {
    assert.throws(
      () => layOut({ paper: 'a4', landscape: false, dpi: 300, area, hasWords: true }),
      RangeError,
    );
  }
});
