import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GROUP_NAMES, GROUPS, SPORT_COLOURS } from '../heat/by-sport.ts';
import { type LegendEntry, letter, type Words } from './lettering.ts';
import { THEMES } from './paint.ts';

const AREA = { x: 20, y: 0, width: 600, height: 150 };
const WIDTH = AREA.width + 2 * AREA.x;
const LAYOUT = {
  width: WIDTH,
  height: AREA.height,
  words: AREA,
  map: { x: 0, y: 0, width: WIDTH, height: 0 },
  minX: 0,
  minY: 0,
  scale: 1,
  lineWidth: 1,
};

/** How much of each pixel of the part for words is ink: 0 to 255. */
function inked(words: Partial<Words>, legend: LegendEntry[] = []): Uint8Array {
  const all = { title: '', subtitle: '', credit: '', ...words };
  const rgb = letter({ layout: LAYOUT, words: all, legend, theme: 'dark' }, [0, AREA.height]);
  const { paper, ink } = THEMES.dark;
  return Uint8Array.from({ length: AREA.width * AREA.height }, (_, at) => {
    const pixel = Math.floor(at / AREA.width) * WIDTH + AREA.x + (at % AREA.width);
    return Math.round(((rgb[pixel * 3] - paper[0]) / (ink[0] - paper[0])) * 255);
  });
}

/** Columns and rows that have any ink. */
function extent(coverage: Uint8Array): { columns: number[]; rows: number[] } {
  const columns = new Set<number>();
  const rows = new Set<number>();
  for (const [at, ink] of coverage.entries()) {
    if (ink === 0) continue;
    columns.add(at % AREA.width);
    rows.add(Math.floor(at / AREA.width));
  }
  return { columns: [...columns].sort((a, b) => a - b), rows: [...rows].sort((a, b) => a - b) };
}

test('without words there is no ink', () => {
  const coverage = inked({});
  assert.ok(coverage.every((ink) => ink === 0));
});

test('a title begins at the left edge and is inked fully', () => {
  const coverage = inked({ title: 'HHH' });
  const { columns } = extent(coverage);
  assert.ok(columns[0] < 6 && columns.at(-1)! < 300);
  assert.ok(coverage.some((ink) => ink === 255));
});

test('however long the words are, they stay on the paper and leave room for the credit', () => {
  const long = 'Everywhere I have ever been, and some places I have not '.repeat(4);
  const coverage = inked({ title: long, subtitle: long, credit: 'Pathglow' });
  const { columns, rows } = extent(coverage);
  assert.ok(columns.at(-1)! < AREA.width && rows.at(-1)! < AREA.height - 1);
  const short = inked({ title: 'A', subtitle: 'A', credit: long });
  assert.ok(extent(short).columns[0] < 20, 'the title is where it was');
});

test('letters beyond Latin are letters, not boxes', () => {
  const draw = (title: string) => inked({ title });
  // what no font has is one box after the other: two of them look the same
  const nothing = draw('\u{10FFFF}');
  for (const title of ['Ж', 'Ω', 'Ž', 'ữ']) assert.notDeepEqual(draw(title), nothing, title);
});

test('all groups of sports have room beside the credit, also on the narrowest paper', () => {
  const legend = GROUPS.map((group) => ({ name: GROUP_NAMES[group], gradient: SPORT_COLOURS.dark[group] }));
  for (const subtitle of ['', 'M']) {
    const { columns } = extent(inked({ subtitle }, legend));
    assert.ok(columns[0] < 3);
    assert.ok(columns.at(-1)! < AREA.width * 0.665, String(columns.at(-1)));
  }
});

test('rows are the same, however many are asked for at once', () => {
  const lettering = {
    layout: LAYOUT,
    words: { title: 'Ångström', subtitle: 'two lines', credit: 'Pathglow' },
    legend: [{ name: 'Rides', gradient: SPORT_COLOURS.light.rides }],
    theme: 'light',
  } as const;
  const whole = letter(lettering, [0, AREA.height]);
  const parts = Buffer.concat([0, 50, 100].map((from) => letter(lettering, [from, from + 50])));
  assert.equal(parts.length, whole.length);
  // gradients are dithered, by where they are on the canvas
  for (const [at, byte] of whole.entries()) assert.ok(Math.abs(byte - parts[at]) <= 1, `at ${at}`);
});
