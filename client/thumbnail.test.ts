import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TILE_SIDE } from './map/tones.ts';
import { HEIGHT, hottestPart, sightOf, WIDTH } from './thumbnail.ts';

const SIDE = 2 * TILE_SIDE;

/** Four tiles with such tones at places of the square that they make. */
function tilesWith(heat: readonly (readonly [x: number, y: number, tone: number])[]): Uint8Array[] {
  const tiles = [0, 1, 2, 3].map(() => new Uint8Array(TILE_SIDE ** 2));
  for (const [x, y, tone] of heat) {
    const tile = Math.floor(x / TILE_SIDE) + 2 * Math.floor(y / TILE_SIDE);
    tiles[tile][(x % TILE_SIDE) + (y % TILE_SIDE) * TILE_SIDE] = tone;
  }
  return tiles;
}

test('what is little is in the middle, wherever in the tiles it lies', () => {
  for (const [x, y] of [
    [WIDTH, HEIGHT],
    [255, 256],
    [SIDE - WIDTH, 300],
  ]) {
    const part = hottestPart(
      tilesWith([
        [x - 20, y - 9, 90],
        [x, y, 90],
        [x + 20, y + 9, 90],
      ]),
    );
    const drawn = [...part.entries()].filter(([, tone]) => tone > 0).map(([at]) => at);
    assert.equal(drawn.length, 3);
    assert.ok(Math.abs((drawn[1] % WIDTH) - WIDTH / 2) <= 1);
    assert.ok(Math.abs(Math.floor(drawn[1] / WIDTH) - HEIGHT / 2) <= 1);
  }
});

test('of much, the hottest part is seen, also at an edge', () => {
  const faint = Array.from(
    { length: 400 },
    (_, at) => [60 + (at % 20), 60 + Math.floor(at / 20), 9] as const,
  );
  const part = hottestPart(tilesWith([...faint, [SIDE - 1, SIDE - 1, 250], [SIDE - 2, SIDE - 40, 250]]));
  assert.deepEqual(new Set(part), new Set([0, 9]));
  const hot = faint.map(([x, y]) => [SIDE - x, y, 90] as const);
  assert.deepEqual(new Set(hottestPart(tilesWith([...faint, ...hot]))), new Set([0, 90]));
  assert.equal(hottestPart(tilesWith([[SIDE - 1, SIDE - 1, 250]])).at(-1), 250);
  assert.deepEqual(hottestPart(tilesWith([])), new Uint8Array(WIDTH * HEIGHT));
});

test('the tiles are those around all of it, where that is little, else around most of it', () => {
  const home: [number, number] = [11.25, 47.98];
  // a tile is 0.088 degrees wide at zoom 12, and 0.176 at 11
  const tiles = ['12/2175/1423', '12/2176/1423', '12/2175/1424', '12/2176/1424'];
  assert.deepEqual(sightOf({ center: [11.25, 48, 12], home }), { zoom: 12, tiles });
  assert.deepEqual(sightOf({ center: [20, 50, 10], home })?.tiles[0], '11/1087/711');
  assert.equal(sightOf({}), null);
});

test('at the edges of the world there are four tiles all the same', () => {
  const tilesAt = (lng: number, lat: number) => sightOf({ home: [lng, lat] })!.tiles;
  assert.deepEqual(tilesAt(179.999, 0), ['11/2047/1023', '11/0/1023', '11/2047/1024', '11/0/1024']);
  assert.deepEqual(tilesAt(-180, 85.05), ['11/2047/0', '11/0/0', '11/2047/1', '11/0/1']);
  assert.equal(tilesAt(0, -85.05)[3], '11/1024/2047');
});
