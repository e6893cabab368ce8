import { useCallback } from 'preact/hooks';
import { type Activity, fetchActivities } from '../api/activities.ts';
import { type Pages, usePages } from './use-pages.ts';

/** Activities, newest first; `query`: the filter they have to pass; `atOnce`: see usePages. */
export function useActivityList(query: string, revision: string, atOnce: number): Pages<Activity> {
  const fetchPage = useCallback(
    async (cursor: string | null, wanted: number) => {
      const { activities, next } = await fetchActivities(query, cursor, wanted);
      return { items: activities, next };
    },
    [query],
  );
  return usePages(fetchPage, revision, atOnce);
}
