import type { RawActivity } from './recording.ts';

/** Unix seconds between which somebody may have recorded something: before and after, a clock was wrong. */
const EARLIEST = Date.UTC(1980, 0, 1) / 1000;
const LATEST = Date.UTC(2100, 0, 1) / 1000;
/** Seconds from the median time of a recording beyond which its clock was not set yet. */
const LONGEST = 366 * 86_400;

/** Between which Unix seconds a time is believed. */
export interface Clock {
  from: number;
  to: number;
}

/** For what nothing else is known of. */
export const ANY_CLOCK: Clock = { from: EARLIEST, to: LATEST };

/** Around the median: a device that was just switched on counts from 1989 or from when it was made. */
export function clockOf({ lines, startedAt }: RawActivity): Clock {
  const times: number[] = [];
  for (const { time } of lines) {
    const step = Math.max(1, Math.floor(time.length / 100));
    for (let at = 0; at < time.length; at += step) {
      if (time[at] >= EARLIEST && time[at] < LATEST) times.push(time[at]);
    }
  }
  const median = times.sort((a, b) => a - b)[times.length >> 1] ?? startedAt;
  if (median === null) return ANY_CLOCK;
  return { from: Math.max(EARLIEST, median - LONGEST), to: Math.min(LATEST, median + LONGEST) };
}

/** The time in whole milliseconds; null where it is none. */
export function believable(time: number | null, { from, to }: Clock): number | null {
  return time !== null && time >= from && time < to ? Math.round(time * 1000) / 1000 : null;
}
