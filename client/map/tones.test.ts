import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PALETTES, palette } from '../../server/heat/palette.ts';
import { colour, EMPTY_TILE, encodeTile } from '../../server/heat/png.ts';
import { TILE_SIDE, tonesOf } from './tones.ts';

const bytesOf = (png: Buffer) => new Uint8Array(png).buffer;

test('tones come back from a tile as the server sends it', async () => {
  const tones = Uint8Array.from({ length: TILE_SIDE ** 2 }, (_, at) => (at * at) >> 9);
  const sent = Buffer.concat(colour(encodeTile(tones, TILE_SIDE), palette(PALETTES.fire, 9)));
  assert.deepEqual(await tonesOf(bytesOf(sent)), tones);
});

test('there are none on the empty tile', async () => {
  assert.deepEqual(await tonesOf(bytesOf(EMPTY_TILE)), new Uint8Array(TILE_SIDE ** 2));
});

test('what is no tile of ours is refused', async () => {
  const tile = encodeTile(new Uint8Array(TILE_SIDE ** 2), TILE_SIDE);
  await assert.rejects(tonesOf(bytesOf(tile.subarray(0, 33))), RangeError);
  const garbled = Buffer.from(tile);
  garbled.fill(0xff, 41, 60);
  await assert.rejects(tonesOf(bytesOf(garbled)));
});
