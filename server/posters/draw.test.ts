import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WORLD_SIZE } from '../geo/mercator.ts';
import type { Tile } from '../geo/tile.ts';
import { drawVisits } from '../heat/raster.ts';
import { toneTile } from '../heat/tone.ts';
import { pixelWidth } from '../heat/width.ts';
import { AthleteIndex } from '../index/athlete-index.ts';
import { EVERYTHING } from '../index/filter.ts';
import { windowOf } from '../index/window.ts';
import { geometryOf, PLACE, sampleActivity, seeded } from '../testing/sample-activities.ts';
import { renderTones } from '../tiles/render.ts';
import { bandsOf, drawPoster } from './draw.ts';
import { heatIndex } from './inks.ts';
import type { Layout } from './layout.ts';

const ZOOM = 13;
const SIDE = WORLD_SIZE / 2 ** ZOOM;
const WORDS = { title: 'Home', subtitle: '', credit: '' };

const index = new AthleteIndex();
const random = seeded(5);
for (let id = 1; id <= 60; id++) index.add(sampleActivity(String(id), random));
// there and back across the 180th meridian, as the antimeridian cuts it
const y = PLACE.y;
const line = geometryOf([
  [WORLD_SIZE - SIDE / 3, y, WORLD_SIZE - 1, y + SIDE / 5],
  [0, y + SIDE / 5, SIDE / 4, y + SIDE / 4],
]);
const tag = new Uint8Array(16).fill(3);
index.add({
  activityId: '99',
  tag,
  ...line,
  sport: 'Sail',
  startedAt: 1.6e9,
  commute: false,
  virtual: false,
  visibility: 'public',
});

/** A poster whose map has the pixels of tiles: so many of 512 px, from a place given in tiles of ZOOM. */
function layoutOf(x: number, y: number, columns: number, rows: number): Layout {
  const map = { x: 20, y: 30, width: columns * 512, height: rows * 512 };
  const words = { x: 20, y: map.y + map.height, width: map.width, height: 100 };
  return {
    width: map.width + 40,
    height: words.y + words.height,
    map,
    words,
    minX: x * SIDE,
    minY: y * SIDE,
    scale: 512 / SIDE,
    lineWidth: pixelWidth(ZOOM, 512),
  };
}

async function pixelsOf(layout: Layout): Promise<{ pixels: Uint8Array; bands: number }> {
  const pixels = new Uint8Array(layout.width * layout.height);
  let at = 0;
  let bands = 0;
  const drawTones = async (job: Parameters<typeof renderTones>[0]) => renderTones(job);
  for await (const band of drawPoster({ index, filter: EVERYTHING, layout, words: WORDS, drawTones })) {
    pixels.set(band, at);
    at += band.length;
    bands++;
  }
  assert.equal(at, pixels.length);
  return { pixels, bands };
}

function indicesOf(tile: Tile): Uint8Array {
  const drawing = index.drawing(windowOf(tile, 512), EVERYTHING);
  if (!drawing) return new Uint8Array(512 * 512);
  return toneTile(drawVisits(tile, 512, drawing.blocks, drawing.refs)).map(heatIndex);
}

/** Compares a part of the map, from a column and row of its pixels on, with a part of a tile as large. */
function assertShows(
  pixels: Uint8Array,
  { width, map }: Layout,
  [left, top]: [number, number],
  tile: Tile,
  [from, to]: [number, number] = [0, 512],
) {
  const indices = indicesOf(tile);
  for (let row = 0; row < 512; row++) {
    const start = (map.y + top + row) * width + map.x + left;
    assert.deepEqual(
      pixels.subarray(start, start + to - from),
      indices.subarray(row * 512 + from, row * 512 + to),
      `row ${row} of ${tile.z}/${tile.x}/${tile.y}`,
    );
  }
}

test('where its pixels are a tile’s, a poster shows just what the tiles show', async () => {
  const x = Math.floor(PLACE.x / SIDE) - 1;
  const y = Math.floor(PLACE.y / SIDE);
  const layout = layoutOf(x, y, 3, 2);
  const { pixels, bands } = await pixelsOf(layout);
  assert.equal(bands, bandsOf(layout));
  for (let column = 0; column < 3; column++) {
    for (let row = 0; row < 2; row++) {
      assertShows(pixels, layout, [column * 512, row * 512], { z: ZOOM, x: x + column, y: y + row });
    }
  }
  assert.ok(indicesOf({ z: ZOOM, x: x + 1, y }).some((index) => index > 0));
});

test('a map across the 180th meridian shows both sides of it', async () => {
  const row = Math.floor(PLACE.y / SIDE);
  const layout = layoutOf(-0.5, row, 1, 1);
  const { pixels } = await pixelsOf(layout);
  const west = { z: ZOOM, x: 2 ** ZOOM - 1, y: row };
  const east = { z: ZOOM, x: 0, y: row };
  // but for the few pixels at the meridian itself, where the round ends of both halves lie over each other
  assertShows(pixels, layout, [0, 0], west, [256, 500]);
  assertShows(pixels, layout, [268, 0], east, [12, 256]);
  assert.ok(indicesOf(west).some((index) => index > 0) && indicesOf(east).some((index) => index > 0));
});

test('margins are bare, words are inked below the map', async () => {
  const layout = layoutOf(Math.floor(PLACE.x / SIDE), Math.floor(PLACE.y / SIDE), 1, 1);
  const { pixels } = await pixelsOf(layout);
  const { width, map, words } = layout;
  for (let row = 0; row < layout.height; row++) {
    const line = pixels.subarray(row * width, (row + 1) * width);
    const bare = row < map.y ? line : [...line.subarray(0, map.x), ...line.subarray(map.x + map.width)];
    assert.ok(bare.every((index) => index === 0));
  }
  const written = pixels.subarray(words!.y * width);
  assert.ok(written.includes(255) && written.every((index) => index === 0 || index > 239));
});
