import assert from 'node:assert/strict';
import { test } from 'node:test';
import { basesOf, belowOf } from './bases.ts';

const bare = { basemap: { kind: 'land' as const }, googleMapsKey: null, version: '1' };
const style = { kind: 'style' as const, url: 'https://maps.example/dark' };

test('what a server has no setting for is not offered', () => {
  assert.deepEqual(basesOf(bare), ['land', 'none']);
  assert.deepEqual(basesOf({ ...bare, basemap: style, googleMapsKey: 'key' }), [
    'own',
    'land',
    'google',
    'satellite',
    'none',
  ]);
});

test('a link to a map that is not offered shows what is', () => {
  assert.deepEqual(belowOf(bare, 'google'), { kind: 'land' });
  assert.deepEqual(belowOf({ ...bare, basemap: style }, null), style);
  assert.deepEqual(belowOf({ ...bare, basemap: style }, 'land'), { kind: 'land' });
  assert.deepEqual(belowOf({ ...bare, googleMapsKey: 'key' }, 'satellite'), {
    kind: 'google',
    view: 'satellite',
  });
});
