/** Numbers and times as people read them. */
import type { Units } from './hooks/use-preferences.ts';
import { LANGUAGE } from './language.ts';
import { MEASURES } from './words/common.ts';

export const METRES_PER_MILE = 1609.344;
export const METRES_PER_FOOT = 0.3048;
/** From here on lengths are told in kilometres, or miles. */
const LONG = { metric: 1000, imperial: METRES_PER_MILE / 4 };

const whole = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(LANGUAGE, { notation: 'compact', maximumSignificantDigits: 3 });
const plain = new Intl.NumberFormat(LANGUAGE, { maximumSignificantDigits: 3 });

/** 12,345 */
export function formatCount(value: number): string {
  return whole.format(value);
}

/** 1.23M from ten thousand on; 1,234 below. */
export function formatShort(value: number): string {
  return value < 10_000 ? whole.format(value) : short.format(value);
}

/** Visits may be fractions where a gradient says so. */
export function formatVisits(value: number): string {
  return value < 10_000 ? plain.format(value) : short.format(value);
}

/** Of metres: '18,310 km', '5.68 km', '300 m'; '3.53 mi', '980 ft'. */
export function formatDistance(metres: number, units: Units): string {
  const isImperial = units === 'imperial';
  if (metres > 0 && metres < LONG[units]) {
    return isImperial
      ? MEASURES.feet(whole.format(Math.round(metres / METRES_PER_FOOT / 10) * 10))
      : MEASURES.metres(whole.format(metres));
  }
  const length = metres / (isImperial ? METRES_PER_MILE : 1000);
  const count = length < 10 ? plain.format(length) : whole.format(length);
  return isImperial ? MEASURES.miles(count) : MEASURES.kilometres(count);
}

/** About how long, of seconds: '40 s', '3 min', '2 h', '3 days'. */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return MEASURES.seconds(Math.max(1, Math.ceil(seconds)));
  if (seconds < 5400) return MEASURES.minutes(Math.round(seconds / 60));
  if (seconds < 172_800) return MEASURES.hours(Math.round(seconds / 3600));
  return MEASURES.days(Math.round(seconds / 86_400));
}

const date = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'medium', timeZone: 'UTC' });
const month = new Intl.DateTimeFormat(LANGUAGE, { month: 'short', year: 'numeric', timeZone: 'UTC' });

/** Of Unix seconds: 5 Aug 2024, or Aug 5, 2024. */
export function formatDate(seconds: number): string {
  return date.format(seconds * 1000);
}

/** Of a day such as 2024-08-05: Aug 2024. */
export function formatMonth(day: string): string {
  return month.format(Date.parse(`${day}T00:00:00Z`));
}
