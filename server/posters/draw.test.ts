import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { WORLD_SIZE } from '../geo/mercator.ts';
import type { Tile } from '../geo/tile.ts';
import { GROUPS, SPORT_COLOURS } from '../heat/by-sport.ts';
import type { Ground } from '../heat/gradient.ts';
import { PALETTES, palette } from '../heat/palette.ts';
import { colour, encodeTile } from '../heat/png.ts';
import { drawVisits } from '../heat/raster.ts';
import { toneTile } from '../heat/tone.ts';
import { pixelWidth } from '../heat/width.ts';
import { AthleteIndex } from '../index/athlete-index.ts';
import { EVERYTHING } from '../index/filter.ts';
import { windowOf } from '../index/window.ts';
import { geometryOf, PLACE, sampleActivity, seeded } from '../testing/sample-activities.ts';
import { renderTones } from '../tiles/render.ts';
import { bandsOf, drawPoster, type Poster } from './draw.ts';
import { type Layer, layersOf } from './layers.ts';
import type { Layout } from './layout.ts';
import { THEMES } from './paint.ts';

const ZOOM = 13;
const SIDE = WORLD_SIZE / 2 ** ZOOM;
const WORDS = { title: 'Home', subtitle: '', credit: '' };
const HOT = 8;
/** Who multiplies colours by their opacity before they are laid over others rounds once more for each layer. */
const ROUNDING = 2;

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

const visits = (filter = EVERYTHING): Layer => ({ filter, gradient: PALETTES.fire, name: null });

async function pixelsOf(layout: Layout, layers: Layer[] = [visits()], theme: Ground = 'dark') {
  const pixels = new Uint8Array(layout.width * layout.height * 3);
  let at = 0;
  let bands = 0;
  const drawTones: Poster['drawTones'] = async (job) => renderTones(job);
  for await (const band of drawPoster({ index, layers, hot: HOT, theme, layout, words: WORDS, drawTones })) {
    pixels.set(band, at);
    at += band.length;
    bands++;
  }
  assert.equal(at, pixels.length);
  assert.equal(bands, bandsOf(layout));
  return pixels;
}

/** The tile of each layer, as browsers get it, drawn over each other on paper by somebody else. */
async function stacked(tile: Tile, layers: Layer[], theme: Ground = 'dark') {
  const canvas = createCanvas(512, 512).getContext('2d');
  canvas.fillStyle = `rgb(${THEMES[theme].paper.join()})`;
  canvas.fillRect(0, 0, 512, 512);
  const drawings = layers.flatMap(({ filter, gradient }) => {
    const drawing = index.drawing(windowOf(tile, 512), filter);
    return drawing
      ? [{ tones: toneTile(drawVisits(tile, 512, drawing.blocks, drawing.refs)), gradient }]
      : [];
  });
  for (const { tones, gradient } of drawings) {
    const png = Buffer.concat(colour(encodeTile(tones, 512), palette(gradient, HOT)));
    canvas.drawImage(await loadImage(png), 0, 0);
  }
  return canvas.getImageData(0, 0, 512, 512).data;
}

/** Compares a part of the map, from a column and row of its pixels on, with columns of what a tile shows. */
function assertShows(
  pixels: Uint8Array,
  { width, map }: Layout,
  [left, top]: [number, number],
  shown: Uint8ClampedArray,
  [from, to]: [number, number] = [0, 512],
) {
  let furthest = 0;
  let isAny = false;
  for (let row = 0; row < 512; row++) {
    const start = (map.y + top + row) * width + map.x + left;
    for (let column = from; column < to; column++) {
      for (let part = 0; part < 3; part++) {
        const theirs = shown[(row * 512 + column) * 4 + part];
        furthest = Math.max(furthest, Math.abs(pixels[(start + column - from) * 3 + part] - theirs));
        isAny ||= theirs !== shown[part];
      }
    }
  }
  assert.ok(furthest <= ROUNDING, `colours are ${furthest} apart`);
  return isAny;
}

/** Whether a colour, or one hardly different, is anywhere among pixels. */
function hasColour(pixels: Uint8Array, colour: readonly number[]): boolean {
  for (let at = 0; at < pixels.length; at += 3) {
    if (colour.every((byte, part) => Math.abs(pixels[at + part] - byte) < 12)) return true;
  }
  return false;
}

test('where its pixels are a tile’s, a poster shows just what the tiles show', async () => {
  const x = Math.floor(PLACE.x / SIDE) - 1;
  const y = Math.floor(PLACE.y / SIDE);
  const layout = layoutOf(x, y, 3, 2);
  const pixels = await pixelsOf(layout);
  let drawn = 0;
  for (let column = 0; column < 3; column++) {
    for (let row = 0; row < 2; row++) {
      const shown = await stacked({ z: ZOOM, x: x + column, y: y + row }, [visits()]);
      if (assertShows(pixels, layout, [column * 512, row * 512], shown)) drawn++;
    }
  }
  assert.ok(drawn > 0);
});

for (const theme of ['dark', 'light'] as const) {
  test(`by sport it is the tiles of each group over each other, on ${theme} paper`, async () => {
    const tile = { z: ZOOM, x: Math.floor(PLACE.x / SIDE), y: Math.floor(PLACE.y / SIDE) };
    const layout = layoutOf(tile.x, tile.y, 1, 1);
    const counts = [
      { sport: 'Run', count: 4 },
      { sport: 'Ride', count: 9 },
    ];
    const bySport = (sports: string[] | null) =>
      layersOf({ ...EVERYTHING, sports }, { by: 'sport', color: 'glacier' }, theme, async () => counts);
    const layers = await bySport(null);
    const [rides, runs] = layers;
    assert.deepEqual([rides.filter.sports, runs.filter.sports], [['Ride'], ['Run']]);
    const shown = await stacked(tile, layers, theme);
    assertShows(await pixelsOf(layout, layers, theme), layout, [0, 0], shown);
    assert.notDeepEqual(shown, await stacked(tile, [runs, rides], theme), 'the order is seen');

    const onlyRides = await bySport(['Ride', 'Swim']);
    assert.deepEqual(onlyRides, [rides]);
    const withoutRuns = await pixelsOf(layout, onlyRides, theme);
    assertShows(withoutRuns, layout, [0, 0], await stacked(tile, [rides], theme));
    for (const { colour } of SPORT_COLOURS[theme].runs)
      assert.ok(!hasColour(withoutRuns, bytesOf(colour)), colour);
  });
}

test('a legend names what has colours of its own and is seen', async () => {
  const layout = layoutOf(Math.floor(PLACE.x / SIDE), Math.floor(PLACE.y / SIDE), 1, 1);
  const layers = await layersOf(EVERYTHING, { by: 'sport' }, 'dark', async () =>
    ['Ride', 'Run', 'Sail', 'Hike'].map((sport) => ({ sport, count: 1 })),
  );
  const below = (pixels: Uint8Array) => pixels.subarray(layout.words!.y * layout.width * 3);
  const written = below(await pixelsOf(layout, layers));
  const named = GROUPS.filter((group) => hasColour(written, bytesOf(SPORT_COLOURS.dark[group][1].colour)));
  assert.deepEqual(named, ['rides', 'runs']);
  assert.notDeepEqual(below(await pixelsOf(layout, layers.slice(0, 1))), written);
});

function bytesOf(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

test('a map across the 180th meridian shows both sides of it', async () => {
  const row = Math.floor(PLACE.y / SIDE);
  const layout = layoutOf(-0.5, row, 1, 1);
  const pixels = await pixelsOf(layout);
  const [west, east] = await Promise.all(
    [2 ** ZOOM - 1, 0].map((x) => stacked({ z: ZOOM, x, y: row }, [visits()])),
  );
  // but for the few pixels at the meridian itself, where the round ends of both halves lie over each other
  assert.ok(assertShows(pixels, layout, [0, 0], west, [256, 500]));
  assert.ok(assertShows(pixels, layout, [268, 0], east, [12, 256]));
});

test('margins are bare, words are inked below the map', async () => {
  const layout = layoutOf(Math.floor(PLACE.x / SIDE), Math.floor(PLACE.y / SIDE), 1, 1);
  const pixels = await pixelsOf(layout);
  const { width, map, words } = layout;
  const { paper, ink } = THEMES.dark;
  for (let row = 0; row < layout.height; row++) {
    const line = pixels.subarray(row * width * 3, (row + 1) * width * 3);
    const bare =
      row < map.y ? line : [...line.subarray(0, map.x * 3), ...line.subarray((map.x + map.width) * 3)];
    assert.ok(bare.every((byte, at) => byte === paper[at % 3]));
  }
  const written = pixels.subarray(words!.y * width * 3);
  assert.ok(hasColour(written, ink));
  // shades between the two, without fringes of colour
  for (let at = 0; at < written.length; at += 3) {
    const shares = ink.map((byte, part) => (written[at + part] - paper[part]) / (byte - paper[part]));
    assert.ok(Math.max(...shares) - Math.min(...shares) < 0.02, String(shares));
  }
});
