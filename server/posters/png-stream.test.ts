import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { pngStream } from './png-stream.ts';

const WIDTH = 37;
const HEIGHT = 50;
const LINE = WIDTH * 3;
const pixels = Uint8Array.from({ length: LINE * HEIGHT }, (_, at) => (at * at) % 251);

function* bandsOf(...rows: number[]): Generator<Uint8Array> {
  let row = 0;
  for (const count of rows) {
    yield pixels.subarray(row * LINE, (row + count) * LINE);
    row += count;
  }
}

async function whole(bands: Iterable<Uint8Array>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of pngStream({ width: WIDTH, height: HEIGHT, dpi: 300 }, bands)) parts.push(part);
  return Buffer.concat(parts);
}

test('another decoder sees every pixel in its colour', async () => {
  const image = await loadImage(await whole(bandsOf(1, 30, 19)));
  assert.deepEqual([image.width, image.height], [WIDTH, HEIGHT]);
  const canvas = createCanvas(WIDTH, HEIGHT).getContext('2d');
  canvas.drawImage(image, 0, 0);
  const { data } = canvas.getImageData(0, 0, WIDTH, HEIGHT);
  for (let at = 0; at < WIDTH * HEIGHT; at++) {
    assert.deepEqual([...data.subarray(at * 4, at * 4 + 3)], [...pixels.subarray(at * 3, at * 3 + 3)]);
  }
});

test('a band is a chunk, as soon as it is there; the density is in pixels a metre', async () => {
  const names: string[] = [];
  const png = await whole(bandsOf(10, 10, 30));
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    names.push(png.toString('latin1', at + 4, at + 8));
    if (names.at(-1) === 'pHYs') assert.equal(png.readUInt32BE(at + 8), 11811);
  }
  // the last one ends the stream of deflate
  assert.deepEqual(names, ['IHDR', 'pHYs', 'IDAT', 'IDAT', 'IDAT', 'IDAT', 'IEND']);
});

test('bands that do not make up the picture are refused', async () => {
  await assert.rejects(whole(bandsOf(10)), RangeError);
  await assert.rejects(whole([new Uint8Array(LINE + 1)]), RangeError);
  await assert.rejects(whole([pixels, pixels.subarray(0, LINE)]), RangeError);
});

test('what makes the bands may fail, or be told to stop', async () => {
  const made: number[] = [];
  let ended = false;
  const bands = function* () {
    try {
      for (let row = 0; row < HEIGHT; row++) {
        made.push(row);
        yield pixels.subarray(0, LINE);
      }
    } finally {
      ended = true;
    }
  };
  for await (const _ of pngStream({ width: WIDTH, height: HEIGHT, dpi: 300 }, bands())) {
    if (made.length === 3) break;
  }
  assert.deepEqual([made.length, ended], [3, true]);
  const broken = function* () {
    yield pixels.subarray(0, LINE);
    throw new Error('no more');
  };
  await assert.rejects(whole(broken()), /no more/);
});
