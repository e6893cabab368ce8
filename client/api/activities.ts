import { ask, send } from '../api.ts';

export interface Activity {
  id: string;
  name: string | null;
  sport: string;
  /** Unix seconds. */
  startedAt: number | null;
  /** Metres. */
  distance: number | null;
  /** Nobody else sees it. */
  hidden: boolean;
  /** Where it is shown elsewhere. */
  link: string | null;
}

export interface ActivityPage {
  activities: Activity[];
  /** Where the next page begins; null after the last one. */
  next: string | null;
}

/** The server takes as many at a time, and gives as many. */
export const MOST_AT_ONCE = 1000;
/** Asked for at least. */
const PAGE = 100;

/** Newest first; `query` is a filter's, and a box's, without '?'; `wanted`: how many are worth waiting for. */
export const fetchActivities = (query: string, cursor: string | null, wanted: number) => {
  const asked = new URLSearchParams(query);
  asked.set('limit', String(Math.min(MOST_AT_ONCE, Math.max(PAGE, wanted))));
  if (cursor !== null) asked.set('cursor', cursor);
  return ask<ActivityPage>(`/api/activities?${asked}`);
};

export async function hideActivities(ids: readonly string[], hidden: boolean): Promise<void> {
  for (const some of portions(ids)) await send('PATCH', '/api/activities', { ids: some, hidden });
}

/**
 * One portion after another. When the page is left, or `isLeft` already, what is left of them is asked for at once, and
 * outlives the page as far as the browser lets it: Chrome some 60 KB, thousands of ids.
 */
export async function deleteActivities(ids: readonly string[], isLeft = false): Promise<void> {
  const left = portions(ids);
  const hurry = () => Promise.all(left.map((some) => deletePortion(some, true)));
  if (isLeft) return void (await hurry());
  const onLeave = () => void hurry().catch(() => {});
  addEventListener('pagehide', onLeave);
  try {
    for (; left.length > 0; left.shift()) await deletePortion(left[0], false);
  } finally {
    removeEventListener('pagehide', onLeave);
  }
}

const deletePortion = (ids: readonly string[], keepalive: boolean) =>
  ask('/api/activities', {
    method: 'DELETE',
    keepalive,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ids }),
  });

function portions(ids: readonly string[]): string[][] {
  const count = Math.ceil(ids.length / MOST_AT_ONCE);
  return Array.from({ length: count }, (_, at) => ids.slice(at * MOST_AT_ONCE, (at + 1) * MOST_AT_ONCE));
}
