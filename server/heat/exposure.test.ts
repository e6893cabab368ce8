import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exposureOf, stepExposure } from './exposure.ts';
import { toneOf } from './tone.ts';

function histogramOf(pixels: Record<number, number>): Uint32Array {
  const histogram = new Uint32Array(256);
  for (const [visits, count] of Object.entries(pixels)) histogram[toneOf(Number(visits) * 255)] += count;
  return histogram;
}

test('no heat, or single passes alone, expose for two visits', () => {
  assert.equal(exposureOf(new Uint32Array(256)), 2);
  assert.equal(exposureOf(histogramOf({ 0: 60_000, 1: 500 })), 2);
});

test('a few pixels hotter than all others do not darken the rest', () => {
  const exposure = exposureOf(histogramOf({ 0: 60_000, 1: 8000, 40: 2000, 900: 20 }));
  assert.ok(exposure > 37 && exposure <= 40);
});

test('exposure moves in steps of about √2, whole visits', () => {
  const seen = new Set<number>();
  for (let raw = 1; raw < 200; raw++) seen.add(stepExposure(raw, null));
  assert.deepEqual([...seen], [2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 64, 91, 128, 181]);
});

test('a step is held until clearly left, so that a ride seldom moves it', () => {
  assert.equal(stepExposure(10, 8), 8);
  assert.equal(stepExposure(10, null), 11);
  assert.equal(stepExposure(10.5, 8), 11);
  assert.equal(stepExposure(9, 11), 11);
  assert.equal(stepExposure(5, 8), 6);
});
