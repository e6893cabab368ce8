import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { createCanvas, loadImage } from '@napi-rs/canvas';

const PUBLIC = new URL('./public/', import.meta.url);

/** Its width and the colours of its pixels: red, green, blue, opacity. */
async function pixelsOf(file: string): Promise<{ width: number; at(x: number, y: number): number[] }> {
  const picture = await loadImage(await readFile(new URL(`./${file}`, PUBLIC)));
  assert.equal(picture.width, picture.height);
  const { width } = picture;
  const context = createCanvas(width, width).getContext('2d');
  context.drawImage(picture, 0, 0);
  return { width, at: (x, y) => [...context.getImageData(x, y, 1, 1).data] };
}

test('the manifest names icons that are there, in the sizes it says', async () => {
  const { icons } = JSON.parse(await readFile(new URL('manifest.json', PUBLIC), 'utf8'));
  for (const { src, sizes, type } of icons.filter(({ type }: { type: string }) => type === 'image/png')) {
    assert.equal(type, 'image/png');
    const { width } = await pixelsOf(src);
    assert.equal(sizes, `${width}x${width}`);
  }
  const drawn = (purpose?: string) =>
    icons.filter((icon: { type: string; purpose?: string }) => icon.purpose === purpose).length;
  assert.deepEqual([drawn(), drawn('maskable')], [3, 1]);
});

test('what phones cut to their shapes is filled to its edges, and keeps its mark in the middle', async () => {
  for (const file of ['icon-maskable-512.png', 'apple-touch-icon.png']) {
    const { width, at } = await pixelsOf(file);
    for (const x of [0, width - 1]) for (const y of [0, width - 1]) assert.equal(at(x, y)[3], 255);
  }
  const { width, at } = await pixelsOf('icon-maskable-512.png');
  const ground = at(0, 0);
  for (let y = 0; y < width; y += 4) {
    for (let x = 0; x < width; x += 4) {
      if (Math.hypot(x - width / 2, y - width / 2) < width * 0.4) continue;
      // a tenth at the edges may be cut off; where the ground's own rounded corners were, it may be off by a hair
      assert.ok(
        at(x, y).every((value, part) => Math.abs(value - ground[part]) < 3),
        `${x}, ${y}`,
      );
    }
  }
});
