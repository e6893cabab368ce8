import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../testing/fast-check.ts';
import { blank, lay, THEMES } from './paint.ts';

const byte = fc.integer({ min: 0, max: 255 });
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

test('a colour covers what is below it by its opacity, to the nearest byte', () => {
  fc.assert(
    fc.property(bytes(3), bytes(3), byte, byte, (under, over, opacity, tone) => {
      const rgb = new Uint8Array(768);
      const opacities = new Uint8Array(256);
      rgb.set(over, tone * 3);
      opacities[tone] = opacity;
      const pixels = Uint8Array.from([1, 2, 3, ...under, 4, 5, 6]);
      const isAny = lay(pixels, 1, Uint8Array.from([tone]), { rgb, opacities });
      const share = tone === 0 ? 0 : opacity / 255;
      const mixed = [...under].map((below, part) => Math.round(below + (over[part] - below) * share));
      assert.deepEqual([...pixels], [1, 2, 3, ...mixed, 4, 5, 6]);
      assert.equal(isAny, tone > 0);
    }),
  );
});

test('paper is of its theme', () => {
  for (const theme of ['dark', 'light'] as const) {
    const { paper } = THEMES[theme];
    assert.deepEqual([...blank(2, theme)], [...paper, ...paper]);
  }
});
