import assert from 'node:assert/strict';
import { test } from 'node:test';
import { letter } from './lettering.ts';

const AREA = { x: 0, y: 0, width: 600, height: 150 };

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
  const coverage = letter(AREA, { title: '', subtitle: '', credit: '' });
  assert.ok(coverage.every((ink) => ink === 0));
});

test('a title begins at the left edge and is inked fully', () => {
  const coverage = letter(AREA, { title: 'HHH', subtitle: '', credit: '' });
  const { columns } = extent(coverage);
  assert.ok(columns[0] < 6 && columns.at(-1)! < 300);
  assert.ok(coverage.some((ink) => ink === 255));
});

test('however long the words are, they stay on the paper and leave room for the credit', () => {
  const long = 'Everywhere I have ever been, and some places I have not '.repeat(4);
  const coverage = letter(AREA, { title: long, subtitle: long, credit: 'Pathglow' });
  const { columns, rows } = extent(coverage);
  assert.ok(columns.at(-1)! < AREA.width && rows.at(-1)! < AREA.height - 1);
  const short = letter(AREA, { title: 'A', subtitle: 'A', credit: long });
  assert.ok(extent(short).columns[0] < 20, 'the title is where it was');
});

test('letters beyond Latin are letters, not boxes', () => {
  const draw = (title: string) => letter(AREA, { title, subtitle: '', credit: '' });
  // what no font has is one box after the other: two of them look the same
  const nothing = draw('\u{10FFFF}');
  for (const title of ['Ж', 'Ω', 'Ž', 'ữ']) assert.notDeepEqual(draw(title), nothing, title);
});
