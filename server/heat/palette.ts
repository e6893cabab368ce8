/**
 * What the tones of a tile look like: 256 colours made from a gradient and an exposure, as the two PNG chunks
 * that `colour` puts into a tile.
 */
import type { GradientStop } from './gradient.ts';
import { toBytes } from './oklab.ts';
import { chunk } from './png.ts';
import { ramp } from './ramp.ts';
import { visitsOf } from './tone.ts';

export type { GradientStop } from './gradient.ts';
export { InvalidGradient, PALETTES, parseGradient } from './gradient.ts';
export { legend } from './ramp.ts';

export type Palette = {
  /** Whole PNG chunks, with length and CRC. */
  plte: Buffer;
  trns: Buffer;
  /** A short digest of the colours, for ETags: equal colours, equal id. */
  id: string;
};

/** The colours of all tones with `hot` visits (at least 2) drawn hottest. Counts in the gradient go before `hot`. */
export function palette(gradient: readonly GradientStop[], hot: number): Palette {
  const colourOf = ramp(gradient, hot);
  const colours = Buffer.alloc(256 * 3);
  const opacities = Buffer.alloc(256);
  // tone 0 stays black and transparent
  for (let tone = 1; tone < 256; tone++) {
    const [red, green, blue, alpha] = toBytes(colourOf(visitsOf(tone)));
    colours.set([red, green, blue], tone * 3);
    opacities[tone] = alpha;
  }
  const plte = chunk('PLTE', colours);
  const trns = chunk('tRNS', opacities);
  // the chunks' own checksums, their last four bytes
  return { plte, trns, id: plte.toString('hex', plte.length - 4) + trns.toString('hex', trns.length - 4) };
}
