import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scaleOf } from './google-scale.ts';

test('a scale is a round length, as wide as there is room for', () => {
  assert.deepEqual(scaleOf(1, 'metric'), { text: '50 m', width: 50 });
  assert.deepEqual(scaleOf(100 / 9, 'metric'), { text: '1 km', width: 90 });
  assert.deepEqual(scaleOf(78_000, 'metric'), { text: '5000 km', width: 64 });
  assert.deepEqual(scaleOf(0.1, 'metric'), { text: '5 m', width: 50 });
});

test('it is told in miles and feet where people measure in them', () => {
  assert.deepEqual(scaleOf(100, 'imperial'), { text: '5 mi', width: 80 });
  assert.deepEqual(scaleOf(1, 'imperial'), { text: '200 ft', width: 61 });
});

test('at every zoom it has one digit, and takes at least half of its room', () => {
  for (let metres = 0.02; metres < 150_000; metres *= 1.07) {
    for (const units of ['metric', 'imperial'] as const) {
      const { text, width } = scaleOf(metres, units);
      assert.match(text, /^[1235]0* (km|mi|m|ft)$/);
      assert.ok(width <= 90 && width >= 44, `${metres}: ${text} in ${width}`);
    }
  }
});
