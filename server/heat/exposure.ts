import { visitsOf } from './tone.ts';

/** An exposure below this would show a single pass as the hottest of all. */
const LEAST = 2;

/** The share of the pixels with at least half a visit that may be hotter than the hottest colour. */
const BURNT_OUT = 0.005;

/** A step is left only when the measured exposure is this many steps away: half a step, and some more. */
const HOLD = 0.75;

/**
 * The exposure that the busiest tiles ask for, in visits: what all but the hottest 0.5 % of their drawn pixels
 * stay below. `histogram` counts pixels by tone (256 of them). At least 2.
 */
export function exposureOf(histogram: Uint32Array): number {
  let drawn = 0;
  for (let tone = 255; tone > 0 && visitsOf(tone) >= 0.5; tone--) drawn += histogram[tone];
  let hotter = 0;
  for (let tone = 255; tone > 0; tone--) {
    hotter += histogram[tone];
    if (hotter > drawn * BURNT_OUT) return Math.max(LEAST, visitsOf(tone));
  }
  return LEAST;
}

/**
 * The exposure to use: whole visits in steps of about √2 (2, 3, 4, 6, 8, 11, 16, …), and the previous step as long
 * as `raw` is not clearly past the middle between two, so that a ride seldom moves it.
 */
export function stepExposure(raw: number, previous: number | null): number {
  const steps = 2 * Math.log2(Math.max(LEAST, raw) / LEAST);
  if (previous !== null) {
    const held = Math.round(2 * Math.log2(previous / LEAST));
    if (Math.abs(steps - held) < HOLD) return step(held);
  }
  return step(Math.round(steps));
}

function step(steps: number): number {
  return Math.round(LEAST * 2 ** (steps / 2));
}
