import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tileZoomOf, withExposure } from './heat.ts';

const exposure = Array.from({ length: 21 }, (_, zoom) => 100 + zoom);

test('all tiles of a zoom are drawn with one exposure, that of the zoom', () => {
  const asked = withExposure('http://here/tiles/me/12/2180/1421@2x.png?sport=Ride&color=fire', {
    exposure,
    light: 0,
  });
  assert.equal(asked, 'http://here/tiles/me/12/2180/1421@2x.png?sport=Ride&color=fire&hot=112');
  const lighter = withExposure('http://here/tiles/me/0/0/0.png?color=fire', { exposure, light: 1 });
  assert.equal(lighter, 'http://here/tiles/me/0/0/0.png?color=fire&hot=50');
});

test('nothing else is touched', () => {
  const elsewhere = 'https://tiles.example/12/2180/1421.png?x=1';
  assert.equal(withExposure(elsewhere, { exposure, light: 0 }), elsewhere);
});

test('a tile is 256 px wide', () => {
  assert.deepEqual([0, 11.4, 11.6, 20].map(tileZoomOf), [1, 12, 13, 20]);
});
