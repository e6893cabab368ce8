import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type Activity, fetchActivities } from '../api/activities.ts';
import { faultInWords } from './use-doing.ts';

export interface ActivityList {
  /** Newest first; null: not there yet. */
  activities: readonly Activity[] | null;
  /** Whether there are none beyond these. */
  isWhole: boolean;
  isLoading: boolean;
  fault: string | null;
  /** Loads the next page, unless it is on its way. */
  more(): void;
  /** Changes what is listed, as the server was told. */
  revise(revised: (activities: readonly Activity[]) => readonly Activity[]): void;
}

/** Activities page by page; `query`: the filter they have to pass. Another one begins anew. */
export function useActivityList(query: string): ActivityList {
  const [activities, setActivities] = useState<readonly Activity[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [isLoading, setLoading] = useState(true);
  const [fault, setFault] = useState<string | null>(null);
  const asked = useRef({ count: 0, isBusy: false });

  const load = useCallback(
    async (cursor: string | null) => {
      const mine = ++asked.current.count;
      asked.current.isBusy = true;
      setLoading(true);
      setFault(null);
      try {
        const page = await fetchActivities(query, cursor);
        if (mine !== asked.current.count) return;
        setActivities((before) => [...(cursor === null ? [] : (before ?? [])), ...page.activities]);
        setNext(page.next);
      } catch (error) {
        if (mine !== asked.current.count) return;
        setFault(faultInWords(error));
      }
      asked.current.isBusy = false;
      setLoading(false);
    },
    [query],
  );

  useEffect(() => {
    setActivities(null);
    setNext(null);
    void load(null);
    return () => {
      asked.current.count++;
    };
  }, [load]);

  const more = () => {
    if (!asked.current.isBusy && (activities === null || next !== null)) void load(next);
  };
  const revise: ActivityList['revise'] = (revised) => setActivities((before) => before && revised(before));
  return { activities, isWhole: activities !== null && next === null, isLoading, fault, more, revise };
}
