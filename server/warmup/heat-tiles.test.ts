import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bounds, bounds, type Tile, type TileSize } from '../geo/tile.ts';
import { AthleteIndex } from '../index/athlete-index.ts';
import { EVERYTHING } from '../index/filter.ts';
import { windowOf } from '../index/window.ts';
import { PLACE, sampleActivity, seeded, UNITS_PER_METRE } from '../testing/sample-activities.ts';
import { heatTiles } from './heat-tiles.ts';
import type { Layer } from './layer.ts';

const index = new AthleteIndex();
const random = seeded(5);
for (let at = 0; at < 40; at++) index.add(sampleActivity(String(at), random));
const extent = index.extent(EVERYTHING)!;

const layer = (zoom: number, size: TileSize, areas: Tile[] | null = null): Layer => ({ zoom, size, areas });
const everywhere = { boxes: null, limit: 1e6 };

/** The plain way: every tile of the extent, one by one. */
function allOf({ zoom, size }: Layer, wanted = (_tile: Tile) => true): string[] {
  const side = 2 ** (31 - zoom);
  const tiles: string[] = [];
  for (let x = Math.floor(extent.minX / side) - 1; x <= extent.maxX / side + 1; x++) {
    for (let y = Math.floor(extent.minY / side) - 1; y <= extent.maxY / side + 1; y++) {
      const tile = { z: zoom, x, y };
      if (wanted(tile) && index.touching(windowOf(tile, size), EVERYTHING).count > 0) tiles.push(`${x}/${y}`);
    }
  }
  return tiles.sort();
}

function listed(found: Uint32Array): string[] {
  return Array.from({ length: found.length / 2 }, (_, at) => `${found[at * 2]}/${found[at * 2 + 1]}`);
}

test('exactly the tiles that have heat, each once', async () => {
  for (const zoom of [0, 3, 7, 10, 12, 13, 14]) {
    for (const size of [256, 512] as const) {
      const found = listed(await heatTiles(index, layer(zoom, size), everywhere));
      assert.deepEqual(found.toSorted(), allOf(layer(zoom, size)), `zoom ${zoom}, ${size} px`);
    }
  }
});

test('the same order each time, so that an ordinal names a tile', async () => {
  const first = await heatTiles(index, layer(13, 512), everywhere);
  assert.deepEqual(await heatTiles(index, layer(13, 512), everywhere), first);
  assert.deepEqual(await heatTiles(index, layer(13, 512), { boxes: null, limit: 10 }), first.slice(0, 20));
});

test('only within areas, and within boxes', async () => {
  const at = (z: number) => ({
    z,
    x: Math.floor(PLACE.x / 2 ** (31 - z)),
    y: Math.floor(PLACE.y / 2 ** (31 - z)),
  });
  const areas = [at(11), { ...at(12), x: at(12).x + 3 }];
  const inAreas = ({ z, x, y }: Tile) =>
    areas.some((area) => x >> (z - area.z) === area.x && y >> (z - area.z) === area.y);
  const found = listed(await heatTiles(index, layer(14, 512, areas), everywhere));
  assert.ok(found.length > 0);
  assert.deepEqual(found.toSorted(), allOf(layer(14, 512), inAreas));
  assert.deepEqual(listed(await heatTiles(index, layer(11, 256, [at(11)]), everywhere)), [
    `${at(11).x}/${at(11).y}`,
  ]);

  const box: Bounds = {
    minX: PLACE.x - 2000 * UNITS_PER_METRE,
    minY: PLACE.y - 1000 * UNITS_PER_METRE,
    maxX: PLACE.x + 500 * UNITS_PER_METRE,
    maxY: PLACE.y + 700 * UNITS_PER_METRE,
  };
  const inBox = (tile: Tile) => {
    const { minX, minY, maxX, maxY } = bounds(tile);
    return minX < box.maxX && maxX > box.minX && minY < box.maxY && maxY > box.minY;
  };
  const boxed = listed(await heatTiles(index, layer(14, 256), { boxes: [box], limit: 1e6 }));
  assert.ok(boxed.length > 0);
  assert.deepEqual(boxed.toSorted(), allOf(layer(14, 256), inBox));
});

test('only what changed', async () => {
  const changing = new AthleteIndex();
  const dice = seeded(9);
  for (let at = 0; at < 20; at++) changing.add(sampleActivity(String(at), dice));
  const { generation } = changing;
  changing.add(sampleActivity('new', dice));
  const changes = changing.changesSince(generation)!;
  const all = await heatTiles(changing, layer(13, 256), everywhere);
  const found = await heatTiles(changing, layer(13, 256), { ...everywhere, changes });
  assert.ok(found.length > 0 && found.length < all.length);
  const concerned = listed(all).filter((name) => {
    const [x, y] = name.split('/').map(Number);
    return changes.some((change) => change.concerns(windowOf({ z: 13, x, y }, 256), EVERYTHING));
  });
  assert.deepEqual(listed(found), concerned);
});
