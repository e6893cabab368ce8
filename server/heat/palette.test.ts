import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PALETTES_ON_LIGHT } from './gradient.ts';
import { fromHex } from './oklab.ts';
import { InvalidGradient, legend, PALETTES, palette, parseGradient } from './palette.ts';
import { toneOf } from './tone.ts';

/** The chunk's bytes without length, type and CRC. */
const inside = (chunk: Buffer) => chunk.subarray(8, -4);

function colourOf(made: ReturnType<typeof palette>, visits: number): string {
  const tone = toneOf(Math.round(visits * 255));
  return inside(made.plte).toString('hex', tone * 3, tone * 3 + 3);
}

test('gradients are read with and without counts, short and long', () => {
  assert.deepEqual(parseGradient('f80;#00FF00;12345678'), [
    { colour: '#ff8800' },
    { colour: '#00ff00' },
    { colour: '#12345678' },
  ]);
  assert.deepEqual(parseGradient('1:#f80c; 10 : fff;'), [
    { visits: 1, colour: '#ff8800cc' },
    { visits: 10, colour: '#ffffff' },
  ]);
});

test('what is no gradient is refused, with the reason', () => {
  for (const [text, reason] of [
    ['', /empty/],
    ['red', /'red' is not a colour/],
    ['fffff', /not a colour/],
    ['1:fff;000', /Either every colour/],
    ['000;1:fff', /Either every colour/],
    ['5:fff;5:000', /Counts must grow/],
    ['0:fff', /not a count/],
    ['-1:fff', /not a count/],
    ['1e3:fff', /not a count/],
    ['fff;'.repeat(33), /at most 32/],
    [`${'x'.repeat(999)}`, /xxxxx…'/],
  ] as const) {
    assert.throws(
      () => parseGradient(text),
      (error: Error) => error instanceof InvalidGradient && reason.test(error.message),
      text,
    );
  }
});

test('each palette grows lighter with every visit, from clearly visible on a dark map to nearly white', () => {
  for (const [name, gradient] of Object.entries(PALETTES)) {
    const made = palette(gradient, 64);
    let before = 0;
    for (let visits = 1; visits <= 64; visits++) {
      const [lightness] = fromHex(`#${colourOf(made, visits)}`);
      assert.ok(lightness >= before - 0.002, `${name} at ${visits}`);
      if (visits === 1) assert.ok(lightness > 0.5, `${name}: a single pass`);
      before = lightness;
    }
    assert.ok(before > 0.94, `${name}: the hottest`);
  }
});

test('on a light map each grows darker with every visit, from clearly visible on paper', () => {
  for (const [name, gradient] of Object.entries(PALETTES_ON_LIGHT)) {
    const made = palette(gradient, 64);
    let before = 1;
    for (let visits = 1; visits <= 64; visits++) {
      const [lightness] = fromHex(`#${colourOf(made, visits)}`);
      assert.ok(lightness <= before + 0.002, `${name} at ${visits}`);
      if (visits === 1) assert.ok(lightness < 0.76, `${name}: a single pass`);
      before = lightness;
    }
    assert.ok(before < 0.32, `${name}: the hottest`);
  }
});

test('nothing is transparent, a line is opaque, its edge in between', () => {
  const { plte, trns } = palette(PALETTES.fire, 10);
  assert.equal(plte.length, 12 + 768);
  assert.equal(trns.length, 12 + 256);
  const opacity = inside(trns);
  assert.equal(opacity[0], 0);
  assert.ok(opacity[toneOf(255)] > 240);
  assert.ok(Math.abs(opacity[toneOf(128)] - 128) < 8);
});

test('counts stand where they were put; without counts the last colour is the exposure', () => {
  const counted = palette(parseGradient('1:f00;10:0f0;100:00f'), 5000);
  assert.equal(colourOf(counted, 107), '0000ff');
  assert.equal(colourOf(palette(parseGradient('f00;00f'), 50), 54), '0000ff');
  assert.notEqual(colourOf(palette(parseGradient('f00;00f'), 50), 40), '0000ff');
});

test('equal colours have equal ids, other exposures others', () => {
  assert.equal(palette(parseGradient('f00;00f'), 50).id, palette(parseGradient('ff0000;0000ff'), 50).id);
  assert.notEqual(palette(PALETTES.fire, 50).id, palette(PALETTES.fire, 51).id);
  assert.notEqual(palette(PALETTES.fire, 50).id, palette(PALETTES.aurora, 50).id);
});

test('a legend names growing counts and their colours', () => {
  assert.deepEqual(
    legend(PALETTES.fire, 16).map(({ visits }) => visits),
    [1, 2, 4, 8, 16],
  );
  assert.deepEqual(
    legend(PALETTES.fire, 2).map(({ visits }) => visits),
    [1, 2],
  );
  assert.equal(legend(PALETTES.fire, 16)[4].colour, PALETTES.fire[4].colour);
  assert.deepEqual(legend(parseGradient('3:f00;30:00f'), 500), [
    { visits: 3, colour: '#ff0000' },
    { visits: 30, colour: '#0000ff' },
  ]);
});
