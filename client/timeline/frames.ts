/** The frames of the years as they are played. */
import { chosenMonths, daysOfMonths, type Months } from '../calendar.ts';
import type { Days } from '../dates.ts';
import type { Span } from './brush.ts';

/** The map grows from the first month on, or shows one year that moves along. */
export type PlayMode = 'growing' | 'year';

/** More would take longer than anybody looks. */
const MOST_FRAMES = 120;
const YEAR = 12;

/**
 * The days of each frame, the last of which ends where the span does. `isStill`: for those who want no motion, a frame
 * for each year.
 */
export function framesOf(span: Span, mode: PlayMode, isStill: boolean): Days[] {
  const length = span.to - span.from + 1;
  const step = isStill ? YEAR : Math.ceil(length / MOST_FRAMES);
  const count = Math.ceil(length / step);
  return Array.from({ length: count }, (_, at) => {
    const to = span.to - (count - 1 - at) * step;
    const from = mode === 'growing' ? span.from : Math.max(span.from, to - YEAR + 1);
    return daysOfMonths(Math.min(from, to), to);
  });
}

/** The frame that plays next when the map was stopped at some days. */
export function frameAfter(frames: readonly Days[], { to }: Days, months: Months): number {
  if (to === null) return 0;
  const last = chosenMonths(months.first, months.first + months.counts.length - 1, months);
  const next = frames.findIndex((frame) => frame.to! > to);
  return next < 0 || to === last.to ? 0 : next;
}
