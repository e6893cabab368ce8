import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PALETTES, parseGradient } from '../../server/heat/gradient.ts';
import fc from '../../server/testing/fast-check.ts';
import { movedTo, placed, textOf, withOneMore } from './gradient-stops.ts';

const palettes = fc.constantFrom(...Object.values(PALETTES));
const hot = fc.integer({ min: 4, max: 2000 });

test('evenly spread colours lie evenly on the bar, and stay what they are as text', () => {
  const stops = placed(PALETTES.fire, 100);
  assert.deepEqual(
    stops.map(({ at }) => Math.round(at * 100) / 100),
    [0, 0.25, 0.5, 0.75, 1],
  );
  assert.equal(textOf(stops), '1:c22a4f;3.2:e8492f;10:fb8b1e;32:ffcd4d;100:fffbe6');
});

test('wherever a stop is moved, the gradient can be read', () => {
  fc.assert(
    fc.property(
      palettes,
      hot,
      fc.nat(4),
      fc.double({ min: 0.1, max: 1e7, noNaN: true }),
      (gradient, at, index, to) => {
        const moved = movedTo(placed(parseGradient(textOf(placed(gradient, at))), at), index, to);
        assert.equal(parseGradient(textOf(moved)).length, 5);
      },
    ),
  );
});

test('one more has the colour that was there, until there is no room for another', () => {
  fc.assert(
    fc.property(palettes, hot, (gradient, at) => {
      let stops = placed(gradient, at);
      for (let added = withOneMore(stops, at); added; added = withOneMore(stops, at)) {
        assert.equal(added.stops.length, stops.length + 1);
        stops = placed(parseGradient(textOf(added.stops)), at);
      }
      assert.ok(stops.length <= 12);
    }),
  );
  const one = withOneMore(placed(parseGradient('1:f00'), 10), 10);
  assert.equal(one && textOf(one.stops), '1:ff0000;10:ff0000');
});
