import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PALETTES } from '../../server/heat/gradient.ts';
import { googleTileUrl } from './google-tiles.ts';

const layer = {
  query: 'sport=Ride',
  stops: PALETTES.fire,
  exposure: Array.from({ length: 21 }, (_, zoom) => 100 + zoom),
};
const heat = { light: 0, tiles: '/tiles/me', revision: '7' };
const at = (z: number, x: number, y: number, ratio = 1) => googleTileUrl({ z, x, y }, layer, heat, ratio);

test('the copies of the world left and right of it show the same tiles', () => {
  const url =
    '/tiles/me/3/7/2.png?sport=Ride&gradient=c22a4f%3Be8492f%3Bfb8b1e%3Bffcd4d%3Bfffbe6&hot=103&as=7';
  for (const x of [7, -1, 15, -9, 7 + 8 * 100]) assert.equal(at(3, x, 2), url);
});

test('above, below and beyond there is nothing', () => {
  assert.equal(at(3, 0, -1), null);
  assert.equal(at(3, 0, 8), null);
  assert.equal(at(21, 5, 5), null);
  assert.ok(at(20, 5, 5));
});

test('a screen of finer pixels gets finer tiles', () => {
  assert.match(at(3, 1, 2, 2) ?? '', /^\/tiles\/me\/3\/1\/2@2x\.png\?/);
});

test('counts of a gradient are kept, and light lowers what is hottest', () => {
  const url = googleTileUrl(
    { z: 0, x: 0, y: 0 },
    {
      ...layer,
      query: '',
      stops: [
        { visits: 1, colour: '#ff0000' },
        { visits: 20, colour: '#ffff00aa' },
      ],
    },
    { light: 1, tiles: '/tiles/public', revision: '7' },
    1,
  );
  assert.equal(url, '/tiles/public/0/0/0.png?gradient=1%3Aff0000%3B20%3Affff00aa&hot=50&as=7');
});
