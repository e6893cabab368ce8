/** From visits to colours. Without a line of Node's, so that the viewer's legend says just what the tiles show. */
import type { GradientStop } from './gradient.ts';
import type { Lab } from './oklab.ts';
import { fromHex, mix, toBytes } from './oklab.ts';

/** Colours of a legend whose stops have no counts. */
const LEGEND_ENTRIES = 5;

/** Some counts of visits, growing, and the colours (#rrggbb) they are drawn in. */
export function legend(gradient: readonly GradientStop[], hot: number): { visits: number; colour: string }[] {
  const colourOf = ramp(gradient, hot);
  const counts = gradient.every((stop) => stop.visits !== undefined)
    ? gradient.map((stop) => stop.visits!)
    : Array.from({ length: LEGEND_ENTRIES }, (_, index) => Math.round(hot ** (index / (LEGEND_ENTRIES - 1))));
  return [...new Set(counts)].map((visits) => {
    const bytes = toBytes(colourOf(visits)).slice(0, 3);
    return { visits, colour: `#${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}` };
  });
}

/**
 * The colour of any number of visits. Between stops the way is logarithmic: from 1 visit to 10 is as far as from
 * 10 to 100. Below the first stop its colour fades out in proportion: that is the soft edge of a line.
 */
export function ramp(gradient: readonly GradientStop[], hot: number): (visits: number) => Lab {
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
