import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import fc from '../testing/fast-check.ts';
import { PALETTES, palette } from './palette.ts';
import { colour, EMPTY_TILE, encodeTile, readTone } from './png.ts';

/** The picture as another program sees it: red, green, blue, opacity. */
async function decode(png: Buffer) {
  const image = await loadImage(png);
  const canvas = createCanvas(image.width, image.height);
  canvas.getContext('2d').drawImage(image, 0, 0);
  return canvas.getContext('2d').getImageData(0, 0, image.width, image.height);
}

test('tones come back from a tile, coloured or not', () => {
  fc.assert(
    fc.property(fc.constantFrom(256 as const, 512 as const), fc.array(fc.nat(255)), (size, some) => {
      const tones = new Uint8Array(size * size);
      for (const [index, tone] of some.entries()) tones[(index * 7919) % tones.length] = tone;
      const png = encodeTile(tones, size);
      assert.deepEqual(readTone(png), tones);
      assert.deepEqual(readTone(Buffer.concat(colour(png, palette(PALETTES.fire, 9)))), tones);
    }),
    { numRuns: 20 },
  );
});

test('the palette swap equals a fresh render, as another decoder sees it', async () => {
  const tones = Uint8Array.from({ length: 65536 }, (_, at) => (at * at) >> 9);
  const png = encodeTile(tones, 256);
  for (const gradient of [PALETTES.fire, PALETTES.beacon]) {
    const made = palette(gradient, 30);
    const { data } = await decode(Buffer.concat(colour(png, made)));
    for (let at = 0; at < tones.length; at++) {
      const alpha = made.trns[8 + tones[at]];
      assert.equal(data[at * 4 + 3], alpha);
      // a canvas premultiplies, which shifts the colours of faint pixels
      if (alpha > 250) {
        for (let c = 0; c < 3; c++) {
          assert.ok(Math.abs(data[at * 4 + c] - made.plte[8 + tones[at] * 3 + c]) <= 2);
        }
      }
    }
  }
});

test('a swap leaves the pixels alone and costs about 1 KB', () => {
  const png = encodeTile(new Uint8Array(65536).fill(9), 256);
  const swapped = Buffer.concat(colour(png, palette(PALETTES.glacier, 30)));
  assert.equal(swapped.length, png.length + 780 + 268);
  assert.ok(swapped.subarray(-(png.length - 33)).equals(png.subarray(33)));
});

test('the empty tile is small, transparent, and the same in every colour', async () => {
  assert.ok(EMPTY_TILE.length < 150);
  assert.deepEqual(colour(EMPTY_TILE, palette(PALETTES.fire, 30)), [EMPTY_TILE]);
  const { width, data } = await decode(EMPTY_TILE);
  assert.equal(width, 256);
  assert.ok(data.every((value) => value === 0));
  assert.ok(readTone(EMPTY_TILE).every((tone) => tone === 0));
});

test('what is no tile is refused', () => {
  assert.throws(() => readTone(Buffer.from('<svg>')), RangeError);
  assert.throws(() => readTone(encodeTile(new Uint8Array(65536), 256).subarray(0, 40)), RangeError);
});
