import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_ZOOM } from '../geo/tile.ts';
import { lineWidth, pixelWidth, reach } from './width.ts';

test('lines are 1.6 px to zoom 14, 4 px from zoom 18, and grow evenly between', () => {
  for (let zoom = 0; zoom <= MAX_ZOOM; zoom++) {
    if (zoom <= 14) assert.equal(lineWidth(zoom), 1.6);
    else if (zoom >= 18) assert.equal(lineWidth(zoom), 4);
    else assert.ok(lineWidth(zoom) > lineWidth(zoom - 1) && lineWidth(zoom) < lineWidth(zoom + 1));
  }
});

test('a 512-px tile shows the same width on screen, and reaches as far in the world', () => {
  for (let zoom = 0; zoom <= MAX_ZOOM; zoom++) {
    assert.equal(pixelWidth(zoom, 512), 2 * pixelWidth(zoom, 256));
    assert.equal(reach(zoom, 512), reach(zoom, 256));
  }
  assert.equal(reach(0, 256), 0.8 * 2 ** 23);
});
