/**
 * What the tones of a tile look like: 256 colours made from a gradient and an exposure, as the two PNG chunks
 * that `colour` puts into a tile.
 */
import { coloursOf } from './colours.ts';
import type { GradientStop } from './gradient.ts';
import { chunk } from './png.ts';

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
  const { rgb, opacities } = coloursOf(gradient, hot);
  const plte = chunk('PLTE', rgb);
  const trns = chunk('tRNS', opacities);
  // the chunks' own checksums, their last four bytes
  return { plte, trns, id: plte.toString('hex', plte.length - 4) + trns.toString('hex', trns.length - 4) };
}
