/** Days, as the filter takes them: YYYY-MM-DD, both ends inclusive. */
export interface Days {
  from: string | null;
  to: string | null;
}

export type Preset = 'all' | 'thisYear' | 'lastYear' | 'lastMonth';

export const PRESETS: readonly Preset[] = ['all', 'thisYear', 'lastYear', 'lastMonth'];

/** The days of a preset as of `today` (YYYY-MM-DD). The future stays open, so that a link ages well. */
export function daysOf(preset: Preset, today: string): Days {
  const year = Number(today.slice(0, 4));
  switch (preset) {
    case 'all':
      return { from: null, to: null };
    case 'thisYear':
      return { from: `${year}-01-01`, to: null };
    case 'lastYear':
      return daysOfYear(year - 1);
    case 'lastMonth': {
      const start = new Date(`${today}T00:00:00Z`);
      start.setUTCDate(start.getUTCDate() - 29);
      return { from: start.toISOString().slice(0, 10), to: null };
    }
  }
}

export function daysOfYear(year: number): Days {
  return { from: `${year}-01-01`, to: `${year}-12-31` };
}

export function sameDays(a: Days, b: Days): boolean {
  return a.from === b.from && a.to === b.to;
}

/**
 * Today where the athlete is. Activities have UTC days, in rows, filters and the timeline alike: what was recorded this
 * evening may lie a day later there, which the open end of the presets lets in.
 */
export function today(now = new Date()): string {
  const part = (value: number) => String(value).padStart(2, '0');
  return `${now.getFullYear()}-${part(now.getMonth() + 1)}-${part(now.getDate())}`;
}
