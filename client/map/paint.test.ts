import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GradientStop, PALETTES } from '../../server/heat/gradient.ts';
import { palette } from '../../server/heat/palette.ts';
import { colour, EMPTY_TILE, encodeTile } from '../../server/heat/png.ts';
import fc from '../../server/testing/fast-check.ts';
import { painted, paintOf } from './paint.ts';

const colours = fc
  .uniqueArray(fc.integer({ min: 0, max: 0xffffffff }), { minLength: 1, maxLength: 8 })
  .map((all) => all.map((bits): GradientStop => ({ colour: `#${bits.toString(16).padStart(8, '0')}` })));

const bytesOf = (png: Buffer) => new Uint8Array(png).buffer;

test('a tile coloured here is, byte for byte, the tile that the server would have coloured', () => {
  const tile = encodeTile(
    Uint8Array.from({ length: 256 * 256 }, (_, at) => at % 251),
    256,
  );
  fc.assert(
    fc.property(colours, fc.integer({ min: 2, max: 5000 }), (stops, hot) => {
      const plain = bytesOf(Buffer.concat(colour(tile, palette(PALETTES.fire, 2))));
      const here = Buffer.from(painted(plain, paintOf(stops, hot)));
      assert.ok(here.equals(Buffer.concat(colour(tile, palette(stops, hot)))));
    }),
    { numRuns: 30 },
  );
});

test('the empty tile stays as it is', () => {
  assert.deepEqual(Buffer.from(painted(bytesOf(EMPTY_TILE), paintOf(PALETTES.fire, 10))), EMPTY_TILE);
});
