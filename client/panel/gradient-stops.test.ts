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

const colours = fc.array(fc.constantFrom('f00', 'ff0', '00ff0080'), { minLength: 1, maxLength: 32 });
/** As somebody may type them: with counts however close together, or with none. */
const typed = fc.oneof(
  colours.map((all) => all.join(';')),
  fc
    .tuple(colours, fc.uniqueArray(fc.double({ min: 0.001, max: 20_000, noNaN: true }), { maxLength: 32 }))
    .map(([all, counts]) =>
      counts
        .map((count) => Number(count.toFixed(3)))
        .sort((a, b) => a - b)
        .filter((count, at, sorted) => count !== sorted[at - 1])
        .map((count, at) => `${count}:${all[at % all.length]}`)
        .join(';'),
    ),
);

test('however close the stops of a gradient are that was typed, one of them is moved, and it can be read', () => {
  const anyHot = fc.integer({ min: 2, max: 2000 });
  const visits = fc.double({ min: 0.1, max: 1e7, noNaN: true });
  const examples: [string, number, number, number][] = [
    ['10.2:f00;10.4:ff0', 20, 1, 10.3],
    ['0.04:f00;2:ff0', 20, 1, 1],
    [Array(16).fill('f00').join(';'), 3, 7, 2],
  ];
  fc.assert(
    fc.property(typed, anyHot, fc.nat(31), visits, (text, at, which, to) => {
      fc.pre(text !== '');
      const stops = placed(parseGradient(text), at);
      const moved = movedTo(stops, which % stops.length, to);
      assert.equal(parseGradient(textOf(moved)).length, stops.length);
    }),
    { examples },
  );
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
