import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toneOf, toneTile, visitsOf } from './tone.ts';

test('no visits are tone 0, any trace at least 1, 16,384 visits and more 255', () => {
  assert.equal(toneOf(0), 0);
  assert.equal(toneOf(1), 1);
  assert.equal(toneOf(16384 * 255 - 1), 254);
  assert.equal(toneOf(16384 * 255), 255);
  assert.equal(toneOf(2 ** 32 - 1), 255);
});

test('tones never fall as visits grow, and each tone is reached', () => {
  const seen = new Set<number>();
  let before = 0;
  for (let units = 0; units < 17000 * 255; units += units < 70_000 ? 1 : 255) {
    const tone = toneOf(units);
    assert.ok(tone >= before && tone <= before + 1);
    seen.add(tone);
    before = tone;
  }
  assert.equal(seen.size, 256);
});

test('visitsOf names the least visits of its tone', () => {
  for (let tone = 1; tone < 256; tone++) {
    const units = Math.round(visitsOf(tone) * 255);
    assert.equal(toneOf(units), tone);
    assert.equal(toneOf(units - 1), tone - 1);
  }
  assert.ok(Math.abs(visitsOf(toneOf(255)) - 1) < 0.06, 'one visit is told within a step');
});

test('a tile is toned pixel by pixel', () => {
  const visits = Uint32Array.of(0, 1, 255, 65_535, 65_536, 10_000_000);
  assert.deepEqual([...toneTile(visits)], Array.from(visits, toneOf));
});
