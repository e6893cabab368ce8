/**
 * A filter says which activities count. It is part of a tile's URL, so it has one canonical form:
 * two spellings of the same question share one exposure and one entry of the address table.
 */

/** `public`: others may see the activity, as far as zones and hidden ends let them; `private`: only its athlete may. */
export type Visibility = 'public' | 'private';

export interface Filter {
  /** Strava's `sport_type` words, sorted, without repeats; null = every sport, none = no activity at all. */
  sports: string[] | null;
  /** Unix seconds, inclusive; null = since ever. */
  from: number | null;
  /** Unix seconds, exclusive; null = for ever. */
  to: number | null;
  /** Only commutes, only the others, or null = both. */
  commute: boolean | null;
  /** Whether virtual rides and runs (on a trainer, in a game's world) are drawn too. */
  virtual: boolean;
  /** Only what others may see, only what they may not, or null = both. */
  visibility: Visibility | null;
}

/** What a filter looks at. */
export interface Filterable {
  sport: string;
  /** Unix seconds; null when the recording does not tell. */
  startedAt: number | null;
  commute: boolean;
  virtual: boolean;
  visibility: Visibility;
}

/** The query parameters a filter is read from. */
export interface FilterQuery {
  sport?: string;
  from?: string;
  to?: string;
  commute?: boolean | string;
  virtual?: boolean | string;
  visibility?: string;
}

/** A filter that cannot be meant: `parameter` names the query parameter at fault. */
export class InvalidFilter extends Error {
  /** What it means to whoever asked. */
  readonly statusCode = 400;
  readonly parameter: string;
  constructor(parameter: string, message: string) {
    super(message);
    this.name = 'InvalidFilter';
    this.parameter = parameter;
  }
}

export const EVERYTHING: Filter = {
  sports: null,
  from: null,
  to: null,
  commute: null,
  virtual: false,
  visibility: null,
};

const DAY = 86_400;
const MAX_SPORTS = 64;

/**
 * Reads a filter: `sport=Ride,Run`, `from` and `to` as UTC days (both inclusive), `commute` and `virtual`
 * as true or false, `visibility` as public or private. An empty value means what a missing one means. Unknown sports
 * are kept: they match nothing. Throws InvalidFilter.
 */
export function parseFilter(query: FilterQuery): Filter {
  const from = parseDay('from', query.from);
  const to = parseDay('to', query.to);
  if (from !== null && to !== null && from > to) throw new InvalidFilter('to', 'from is after to');
  return {
    sports: parseSports(query.sport),
    from,
    to: to === null ? null : to + DAY,
    commute: parseFlag('commute', query.commute),
    virtual: parseFlag('virtual', query.virtual) ?? false,
    visibility: parseVisibility(query.visibility),
  };
}

/** The canonical text of a filter: equal keys mean equal filters. */
export function filterKey(filter: Filter): string {
  const { sports, from, to, commute, virtual, visibility } = filter;
  const parts = [from ?? '', to ?? '', commute ?? '', virtual ? 'virtual' : '', visibility ?? ''];
  if (sports === null && parts.every((part) => part === '')) return '';
  return [sports?.join(',') ?? '*', ...parts].join(';');
}

/** The filter that lets through what both let through. */
export function both(a: Filter, b: Filter): Filter {
  const nothing = areOpposed(a.commute, b.commute) || areOpposed(a.visibility, b.visibility);
  return {
    sports: nothing ? [] : sharedBy(a.sports, b.sports),
    from: extreme(Math.max, a.from, b.from),
    to: extreme(Math.min, a.to, b.to),
    commute: a.commute ?? b.commute,
    virtual: a.virtual && b.virtual,
    visibility: a.visibility ?? b.visibility,
  };
}

/** Whether an activity counts. One without a start counts only where no dates are asked for. */
export function matches(filter: Filter, activity: Filterable): boolean {
  const { sports, from, to, commute, virtual, visibility } = filter;
  if (activity.virtual && !virtual) return false;
  if (sports !== null && !sports.includes(activity.sport)) return false;
  if (commute !== null && commute !== activity.commute) return false;
  if (visibility !== null && visibility !== activity.visibility) return false;
  if (from === null && to === null) return true;
  const start = activity.startedAt;
  return start !== null && (from === null || start >= from) && (to === null || start < to);
}

function areOpposed<T>(a: T | null, b: T | null): boolean {
  return a !== null && b !== null && a !== b;
}

function sharedBy(a: string[] | null, b: string[] | null): string[] | null {
  return a === null || b === null ? (a ?? b) : a.filter((sport) => b.includes(sport));
}

function extreme(choose: (a: number, b: number) => number, a: number | null, b: number | null) {
  return a === null || b === null ? (a ?? b) : choose(a, b);
}

function parseSports(text: string | undefined): string[] | null {
  if (!text) return null;
  const sports = [...new Set(text.split(','))].sort();
  if (sports.length > MAX_SPORTS) throw new InvalidFilter('sport', `more than ${MAX_SPORTS} sports`);
  if (!sports.every((sport) => /^[A-Za-z]\w{0,39}$/.test(sport))) {
    throw new InvalidFilter('sport', 'a sport is one word, several are joined by commas');
  }
  return sports;
}

/** Unix seconds at which a UTC day begins; a day that does not exist (2023-02-29) is refused. */
function parseDay(parameter: string, text: string | undefined): number | null {
  if (!text) return null;
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text) {
    throw new InvalidFilter(parameter, 'a date is written year-month-day, such as 2024-05-31');
  }
  return time / 1000;
}

function parseFlag(parameter: string, value: boolean | string | undefined): boolean | null {
  if (value === undefined || value === '') return null;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw new InvalidFilter(parameter, 'true or false');
}

function parseVisibility(text: string | undefined): Visibility | null {
  if (!text) return null;
  if (text === 'public' || text === 'private') return text;
  throw new InvalidFilter('visibility', 'public or private');
}
