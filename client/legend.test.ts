import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PALETTES, parseGradient } from '../server/heat/gradient.ts';
import { hotAt } from '../server/heat/light.ts';
import { legend } from './legend.ts';

test('its numbers go from one visit to the exposure, where those visits are on the bar', () => {
  for (const hot of [2, 3, 4, 6, 8, 11, 16, 45, 128, 1024]) {
    const { ticks } = legend(PALETTES.fire, hot);
    assert.deepEqual(
      [ticks[0], ticks.at(-1)],
      [
        { visits: 1, at: 0 },
        { visits: hot, at: 1 },
      ],
    );
    for (const { visits, at } of ticks) assert.ok(Math.abs(hot ** at - visits) < 1e-6);
    for (const [index, tick] of ticks.slice(1).entries()) {
      assert.ok(tick.at - ticks[index].at > 0.06, `${hot}: ${tick.visits}`);
    }
  }
});

test('counts of a gradient are the legend, whatever the exposure', () => {
  const stops = parseGradient('1:f00;10:0f0;100:fff');
  assert.deepEqual(legend(stops, 4), legend(stops, 400));
  assert.deepEqual(legend(stops, 4).ticks, [
    { visits: 1, at: 0 },
    { visits: 10, at: 0.5 },
    { visits: 100, at: 1 },
  ]);
  assert.equal(legend(parseGradient('5:f00'), 4).ticks.length, 1);
});

test('a stop of light halves the visits drawn hottest, but never below two', () => {
  assert.deepEqual(
    [-1, 0, 0.5, 1, 4].map((light) => hotAt(16, light)),
    [32, 16, 11, 8, 2],
  );
});
