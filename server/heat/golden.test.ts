/**
 * Pictures of the raster, looked at once and kept. UPDATE_GOLDEN=1 makes them anew: look at them, and raise
 * PIPELINE_VERSION, since every stored tile has become another one.
 */
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { levelFor } from '../geo/levels.ts';
import type { Tile, TileSize } from '../geo/tile.ts';
import { bounds } from '../geo/tile.ts';
import { drawingOf } from '../testing/drawing.ts';
import { PALETTES, palette } from './palette.ts';
import { colour, encodeTile, readTone } from './png.ts';
import { drawVisits } from './raster.ts';
import { toneTile } from './tone.ts';

const SCENES: { name: string; tile: Tile; size: TileSize; look: keyof typeof PALETTES; hot: number }[] = [
  { name: 'far', tile: { z: 9, x: 266, y: 177 }, size: 256, look: 'fire', hot: 32 },
  { name: 'far-2x', tile: { z: 9, x: 266, y: 177 }, size: 512, look: 'glacier', hot: 32 },
  { name: 'middle', tile: { z: 15, x: 17051, y: 11347 }, size: 256, look: 'aurora', hot: 16 },
  { name: 'near', tile: { z: 18, x: 136412, y: 90782 }, size: 256, look: 'orchid', hot: 16 },
  { name: 'near-2x', tile: { z: 18, x: 136412, y: 90782 }, size: 512, look: 'beacon', hot: 16 },
];

for (const { name, tile, size, look, hot } of SCENES) {
  test(`the picture '${name}' has not changed`, async () => {
    const { blocks, refs } = drawingOf(rosette(tile), levelFor(size === 512 ? tile.z + 1 : tile.z));
    const plain = encodeTile(toneTile(drawVisits(tile, size, blocks, refs)), size);
    const png = Buffer.concat(colour(plain, palette(PALETTES[look], hot)));
    const file = new URL(`golden/${name}.png`, import.meta.url);
    if (process.env.UPDATE_GOLDEN) {
      await mkdir(new URL('.', file), { recursive: true });
      await writeFile(file, png);
    }
    const golden = await readFile(file);
    assert.deepEqual(pixels(png), pixels(golden));
  });
}

/** Straight lines at every angle from the middle, each passed once more than the one before; loops; a dot. */
function rosette(tile: Tile): number[][][] {
  const { minX, minY, maxX } = bounds(tile);
  const side = maxX - minX;
  const at = (x: number, y: number) => [minX + side * x, minY + side * y];
  const activities: number[][][] = [];
  for (let spoke = 0; spoke < 24; spoke++) {
    const angle = (spoke * Math.PI) / 12 + 0.02;
    const line = [0.08, 0.46].flatMap((r) => at(0.5 + r * Math.cos(angle), 0.5 + r * Math.sin(angle)));
    for (let pass = 0; pass <= spoke; pass++) activities.push([line]);
  }
  for (const radius of [0.6, 0.33, 0.04]) {
    const circle = Array.from({ length: 97 }, (_, step) =>
      at(0.5 + radius * Math.cos((step * Math.PI) / 48), 0.5 + radius * Math.sin((step * Math.PI) / 48)),
    );
    activities.push([circle.flat()]);
  }
  activities.push([at(0.5, 0.5)]);
  return activities;
}

/** Red, green, blue and opacity of each pixel, from the tones and the two chunks of colours after the header. */
function pixels(png: Buffer): Uint8Array {
  const tones = readTone(png);
  const plte = 33 + 8;
  const trns = plte + 768 + 12;
  const rgba = new Uint8Array(tones.length * 4);
  for (const [index, tone] of tones.entries()) {
    rgba.set(png.subarray(plte + tone * 3, plte + tone * 3 + 3), index * 4);
    rgba[index * 4 + 3] = png[trns + tone];
  }
  return rgba;
}
