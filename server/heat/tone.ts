/**
 * Visits to one byte: 0 is none, 1 the faintest trace (1/255 visit), 255 is 16,384 visits and more. Logarithmic
 * between, each tone 6 % more visits than the one before, which no eye sees in a palette.
 */
import { VISIT } from './coverage.ts';

const MOST = 16384 * VISIT;

/** STARTS[tone] is the fewest units that give it: strictly growing, by one where whole units are coarser than 6 %. */
const STARTS = (() => {
  const starts = new Uint32Array(256);
  for (let tone = 1; tone < 256; tone++) {
    starts[tone] = Math.max(starts[tone - 1] + 1, Math.round(Math.exp((Math.log(MOST) * (tone - 1)) / 254)));
  }
  return starts;
})();

/** Below this, tones are looked up. */
const TABLE_SIZE = 2 ** 16;

const TABLE = (() => {
  const table = new Uint8Array(TABLE_SIZE);
  for (let units = 1; units < TABLE_SIZE; units++) {
    table[units] =
      units >= (STARTS[table[units - 1] + 1] ?? Infinity) ? table[units - 1] + 1 : table[units - 1];
  }
  return table;
})();

/** The tone of a number of units (1/255 visit each). */
export function toneOf(visits: number): number {
  if (visits < TABLE_SIZE) return TABLE[visits];
  let low = TABLE[TABLE_SIZE - 1];
  let high = 255;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (STARTS[middle] <= visits) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The tones of a tile, pixel by pixel; written over `tones` when that is given. */
export function toneTile(visits: Uint32Array, tones: Uint8Array = new Uint8Array(visits.length)): Uint8Array {
  for (let at = 0; at < visits.length; at++) {
    const units = visits[at];
    tones[at] = units < TABLE_SIZE ? TABLE[units] : toneOf(units);
  }
  return tones;
}

/** The fewest visits (1 is one activity; fractions at a line's edge) that give a tone; 0 for tone 0. */
export function visitsOf(tone: number): number {
  return STARTS[tone] / VISIT;
}
