/** What the colours mean, in visits: the same way through the colours as the palettes of the tiles take. */
import type { GradientStop } from '../server/heat/gradient.ts';
import { hotAt, LEAST_HOT } from '../server/heat/light.ts';
import { type Lab, toBytes } from '../server/heat/oklab.ts';
import { ramp } from '../server/heat/ramp.ts';
import { tileZoomOf } from './map/zoom.ts';

const MOST_TICKS = 5;
/** Enough for a bar to look as smooth as the 256 colours of a tile. */
const BAR_COLOURS = 32;

export interface Tick {
  visits: number;
  /** 0 at the left end of the bar, 1 at the right. */
  at: number;
}

export interface Legend {
  ticks: Tick[];
  /** A CSS gradient, left to right. */
  bar: string;
}

/** Visits drawn hottest at a zoom of the map, of the exposures by the zoom of the tile. */
export function hotOf(exposure: readonly number[], zoom: number, light: number): number {
  return hotAt(exposure[tileZoomOf(zoom)], light);
}

/** The bar is logarithmic, as the palettes are: from 1 to 10 is as far as from 10 to 100. */
export function legend(stops: readonly GradientStop[], hot: number): Legend {
  const colourOf = ramp(stops, hot);
  const [first, last] = ends(stops, hot);
  const bar = bars(BAR_COLOURS, (at) => css(colourOf(first * (last / first) ** at)));
  if (last === first) return { ticks: [{ visits: first, at: 0 }], bar };
  const place = (visits: number): Tick => ({ visits, at: Math.log(visits / first) / Math.log(last / first) });
  return { ticks: counts(stops, first, last).map(place), bar };
}

/** A bar from one visit to `most`. */
export function barTo(stops: readonly GradientStop[], most: number): string {
  const colourOf = ramp(stops, most);
  return bars(BAR_COLOURS, (at) => css(colourOf(most ** at)));
}

/** A preview of a gradient, whatever its counts. */
export function preview(stops: readonly GradientStop[]): string {
  const evenly = stops.map(({ colour }) => ({ colour }));
  const colourOf = ramp(evenly, 16);
  return bars(12, (at) => css(colourOf(16 ** at)));
}

function ends(stops: readonly GradientStop[], hot: number): [number, number] {
  return [stops[0].visits ?? 1, stops[stops.length - 1].visits ?? Math.max(LEAST_HOT, hot)];
}

/** Whole, growing counts, spread evenly over the bar, so few that their numbers do not touch. */
function counts(stops: readonly GradientStop[], first: number, last: number): number[] {
  if (stops[0].visits !== undefined && stops.length <= MOST_TICKS) return stops.map((stop) => stop.visits!);
  const inner = Array.from({ length: MOST_TICKS - 2 }, (_, index) =>
    rounded(first * (last / first) ** ((index + 1) / (MOST_TICKS - 1))),
  );
  const apart = inner.filter((visits) => visits > first * 1.2 && visits < last / 1.2);
  return [first, ...new Set(apart), last];
}

/** To a number that reads well: one digit that counts from ten on, two where the first is 1. */
function rounded(visits: number): number {
  if (visits < 10) return Math.round(visits);
  const unit = 10 ** Math.floor(Math.log10(visits));
  return (visits < 2 * unit ? Math.round((visits / unit) * 2) / 2 : Math.round(visits / unit)) * unit;
}

function bars(count: number, colourAt: (at: number) => string): string {
  const colours = Array.from({ length: count }, (_, index) => colourAt(index / (count - 1)));
  return `linear-gradient(90deg, ${colours.join(', ')})`;
}

function css(lab: Lab): string {
  const [red, green, blue, alpha] = toBytes(lab);
  return `rgb(${red} ${green} ${blue} / ${(alpha / 255).toFixed(3)})`;
}
