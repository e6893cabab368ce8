/** Which activities a page of a list has. */
import { type Accounts, isVisible } from './accounts.ts';
import type { SimulatedActivity } from './activity.ts';
import { ANSWERS, Refused } from './answers.ts';
import type { Grant } from './grants.ts';

const DEFAULT_PER_PAGE = 30;
const MOST_PER_PAGE = 200;
/** What no number of seconds is, and every number of milliseconds. */
const MILLISECONDS = 1e11;

export interface ListOptions {
  /** Unix milliseconds. */
  now: number;
  /** The order when there is nothing but `after`. */
  afterOrder: 'oldest' | 'newest';
}

/**
 * Pages are cut from all there is; then what the scope does not show is left out. So a page may be short and not
 * the last, and the end is an empty one. Throws Refused: for a time that was given in milliseconds, or lies ahead,
 * and for more than 200 a page, of which nobody knows what Strava makes.
 */
export function pageOf(
  accounts: Accounts,
  { athleteId, scopes }: Grant,
  query: Record<string, string | undefined>,
  { now, afterOrder }: ListOptions,
): SimulatedActivity[] {
  const after = whole(query.after, 'after');
  const before = whole(query.before, 'before');
  if (after !== null && after * 1000 > now) throw new Refused(ANSWERS.future('after'));
  if (before !== null && before > MILLISECONDS) throw new Refused(ANSWERS.future('before'));
  const page = whole(query.page, 'page') ?? 1;
  const perPage = whole(query.per_page, 'per_page') ?? DEFAULT_PER_PAGE;
  if (perPage < 1 || perPage > MOST_PER_PAGE) throw new Refused(ANSWERS.invalid('per_page'));
  const all = accounts
    .activitiesOf(athleteId)
    .filter(({ startedAt }) => startedAt > (after ?? -Infinity) && startedAt < (before ?? Infinity));
  if (after !== null && before === null && afterOrder === 'oldest') all.reverse();
  const pages: SimulatedActivity[][] = [];
  for (let from = 0; from < all.length; from += perPage) {
    const visible = all.slice(from, from + perPage).filter((activity) => isVisible(activity, scopes));
    // an empty page says that there is no more
    if (visible.length > 0) pages.push(visible);
  }
  return pages[page - 1] ?? [];
}

function whole(text: string | undefined, field: string): number | null {
  if (text === undefined || text === '') return null;
  if (!/^\d{1,15}$/.test(text)) throw new Refused(ANSWERS.invalid(field));
  return Number(text);
}
