/** Stops of a gradient as they are moved about by hand. */
import type { GradientStop } from '../../server/heat/gradient.ts';
import { type Lab, toBytes } from '../../server/heat/oklab.ts';
import { ramp } from '../../server/heat/ramp.ts';

/** A stop with its place: visits, and where on the bar that is, 0 to 1. */
export interface PlacedStop {
  visits: number;
  at: number;
  /** #rrggbb, or #rrggbbaa. */
  colour: string;
}

const MOST_STOPS = 12;
/** The least count that is not rounded to none. */
const LEAST_VISITS = 0.1;
const MOST_VISITS = 1e6;

/** The bar goes from one visit to the exposure, or to the last stop where that lies beyond. */
export function placed(stops: readonly GradientStop[], hot: number): PlacedStop[] {
  const end = endOf(stops, hot);
  return stops.map(({ visits, colour }, index) => {
    const evenly = end ** (index / Math.max(1, stops.length - 1));
    const count = visits ?? evenly;
    return { visits: count, at: Math.min(1, Math.max(0, Math.log(count) / Math.log(end))), colour };
  });
}

/** The visits at a place of the bar. */
export function visitsAt(at: number, stops: readonly GradientStop[], hot: number): number {
  return rounded(endOf(stops, hot) ** at);
}

/** The text of stops, as the address bar and the server read it: rounded, but never two at the same count. */
export function textOf(stops: readonly PlacedStop[]): string {
  let least = LEAST_VISITS;
  const parts = stops.map(({ visits, colour }) => {
    const count = Math.max(rounded(visits), least);
    least = above(count);
    return `${count}:${colour.slice(1)}`;
  });
  return parts.join(';');
}

/** A stop moved, between its neighbours, which it never passes. */
export function movedTo(stops: readonly PlacedStop[], index: number, visits: number): PlacedStop[] {
  const least = index === 0 ? 1 : above(stops[index - 1].visits);
  const most = index === stops.length - 1 ? MOST_VISITS : below(stops[index + 1].visits);
  const next = Math.min(Math.max(rounded(visits), least), Math.max(least, most));
  return stops.map((stop, at) => (at === index ? { ...stop, visits: next } : stop));
}

/** One more stop in the colour that is there, in the middle of the widest gap; null: there are enough. */
export function withOneMore(
  stops: readonly PlacedStop[],
  hot: number,
): { stops: PlacedStop[]; index: number } | null {
  if (stops.length >= MOST_STOPS) return null;
  const gaps = stops.slice(1).map(({ at }, index) => at - stops[index].at);
  const index = gaps.length === 0 ? 1 : gaps.indexOf(Math.max(...gaps)) + 1;
  const [before, after] = [stops[index - 1], stops[index]];
  const middle = after ? Math.sqrt(before.visits * after.visits) : Math.max(hot, before.visits * 2);
  const visits = Math.min(rounded(middle), MOST_VISITS);
  if (visits <= before.visits || (after && visits >= after.visits)) return null;
  const colour = hex(ramp(stops, hot)(visits));
  const added = { visits, at: after ? (before.at + after.at) / 2 : 1, colour };
  return { stops: stops.toSpliced(index, 0, added), index };
}

/** Visits at the right end of the bar. */
export function endOf(stops: readonly GradientStop[], hot: number): number {
  return Math.max(2, hot, stops[stops.length - 1].visits ?? 0);
}

/** Two digits that count. */
function rounded(visits: number): number {
  return visits < 10 ? Math.round(visits * 10) / 10 : Math.round(visits);
}

function above(visits: number): number {
  return rounded(visits < 10 ? visits + 0.1 : visits + 1);
}

function below(visits: number): number {
  return rounded(visits <= 10 ? visits - 0.1 : visits - 1);
}

function hex(lab: Lab): string {
  const bytes = toBytes(lab).slice(0, 3);
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
