/** Moments as people speak of them, told from now. */
import { LANGUAGE } from './language.ts';
import { COMMON } from './words/common.ts';

const relative = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: 'auto' });

const UNITS: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** Of Unix seconds: 'in 6 days', '3 hours ago', 'yesterday', 'just now'. */
export function fromNow(seconds: number, now = Date.now() / 1000): string {
  const away = seconds - now;
  for (const [unit, length] of UNITS) {
    const count = Math.round(away / length);
    if (Math.abs(away) >= length && count !== 0) return relative.format(count, unit);
  }
  return away > 0 ? COMMON.soon : COMMON.justNow;
}
