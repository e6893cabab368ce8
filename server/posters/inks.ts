/**
 * The 256 colours of a poster: tones of heat on its ground, and the words' ink in sixteen steps. What would be the
 * sixteen hottest tones (more than nine thousand visits) shares one colour to make room for them.
 */
import type { GradientStop, Ground } from '../heat/gradient.ts';
import { toBytes } from '../heat/oklab.ts';
import { ramp } from '../heat/ramp.ts';
import { visitsOf } from '../heat/tone.ts';

const THEMES: Record<Ground, { ground: Colour; ink: Colour }> = {
  dark: { ground: [13, 16, 22], ink: [244, 241, 234] },
  light: { ground: [250, 248, 243], ink: [28, 30, 36] },
};

type Colour = readonly [red: number, green: number, blue: number];

const STEPS = 16;
const HOTTEST = 255 - STEPS;

/** Red, green, blue of every index. */
export function coloursOf(gradient: readonly GradientStop[], hot: number, theme: Ground): Uint8Array {
  const { ground, ink } = THEMES[theme];
  const colourOf = ramp(gradient, hot);
  const colours = new Uint8Array(256 * 3);
  const set = (index: number, over: Colour, share: number) => {
    for (let at = 0; at < 3; at++) {
      colours[index * 3 + at] = Math.round(ground[at] + (over[at] - ground[at]) * share);
    }
  };
  set(0, ground, 0);
  for (let tone = 1; tone <= HOTTEST; tone++) {
    const [red, green, blue, alpha] = toBytes(colourOf(visitsOf(tone)));
    set(tone, [red, green, blue], alpha / 255);
  }
  for (let step = 1; step <= STEPS; step++) set(HOTTEST + step, ink, step / STEPS);
  return colours;
}

/** The index of a tone. */
export function heatIndex(tone: number): number {
  return Math.min(tone, HOTTEST);
}

/** The index of ink that covers so much of a pixel, 0 to 255. */
export function inkIndex(coverage: number): number {
  return coverage === 0 ? 0 : HOTTEST + Math.ceil((coverage * STEPS) / 255);
}
