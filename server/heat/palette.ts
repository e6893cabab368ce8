/**
 * What the tones of a tile look like: 256 colours made from a gradient and an exposure, as the two PNG chunks
 * that `colour` puts into a tile.
 */
import type { GradientStop } from './gradient.ts';
import type { Lab } from './oklab.ts';
import { fromHex, mix, toBytes } from './oklab.ts';
import { chunk } from './png.ts';
import { visitsOf } from './tone.ts';

export type { GradientStop } from './gradient.ts';
export { InvalidGradient, PALETTES, parseGradient } from './gradient.ts';

export type Palette = {
  /** Whole PNG chunks, with length and CRC. */
  plte: Buffer;
  trns: Buffer;
  /** A short digest of the colours, for ETags: equal colours, equal id. */
  id: string;
};

/** Colours of a legend whose stops have no counts. */
const LEGEND_ENTRIES = 5;

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

/** Some counts of visits, growing, and the colours (#rrggbb) they are drawn in. */
export function legend(gradient: readonly GradientStop[], hot: number): { visits: number; colour: string }[] {
  const colourOf = ramp(gradient, hot);
  const counts = gradient.every((stop) => stop.visits !== undefined)
    ? gradient.map((stop) => stop.visits!)
    : Array.from({ length: LEGEND_ENTRIES }, (_, index) => Math.round(hot ** (index / (LEGEND_ENTRIES - 1))));
  return [...new Set(counts)].map((visits) => {
    const bytes = toBytes(colourOf(visits)).slice(0, 3);
    return { visits, colour: `#${Buffer.from(bytes).toString('hex')}` };
  });
}

/**
 * The colour of any number of visits. Between stops the way is logarithmic: from 1 visit to 10 is as far as from
 * 10 to 100. Below the first stop its colour fades out in proportion: that is the soft edge of a line.
 */
function ramp(gradient: readonly GradientStop[], hot: number): (visits: number) => Lab {
  const span = Math.log(Math.max(2, hot));
  const labs = gradient.map((stop) => fromHex(stop.colour));
  const places = gradient.map(({ visits }, index) =>
    visits === undefined ? (span * index) / Math.max(1, gradient.length - 1) : Math.log(visits),
  );
  return (visits) => {
    const place = Math.log(visits);
    const next = places.findIndex((at) => at > place);
    if (next < 0) return labs[labs.length - 1];
    if (next > 0) {
      return mix(labs[next - 1], labs[next], (place - places[next - 1]) / (places[next] - places[next - 1]));
    }
    const [l, a, b, alpha] = labs[0];
    return [l, a, b, alpha * Math.exp(place - places[0])];
  };
}
