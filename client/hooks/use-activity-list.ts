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

/**
 * Activities page by page; `query`: the filter they have to pass. Another one begins anew. With another revision what is
 * listed is asked for again, and stays until it has come: a page of what was listed before may have become longer.
 */
export function useActivityList(query: string, revision: string): ActivityList {
  const [activities, setActivities] = useState<readonly Activity[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [isLoading, setLoading] = useState(true);
  const [fault, setFault] = useState<string | null>(null);
  const asked = useRef({ count: 0, isBusy: false, revision });
  const listed = useRef({ count: 0, isWhole: false });
  listed.current = { count: activities?.length ?? 0, isWhole: activities !== null && next === null };

  const load = useCallback(
    async (cursor: string | null, isEnough: (count: number) => boolean = () => true) => {
      const mine = ++asked.current.count;
      asked.current.isBusy = true;
      setLoading(true);
      setFault(null);
      const found: Activity[] = [];
      try {
        let after = cursor;
        do {
          const page = await fetchActivities(query, after);
          if (mine !== asked.current.count) return;
          found.push(...page.activities);
          after = page.next;
        } while (after !== null && !isEnough(found.length));
        setActivities((before) => [...(cursor === null ? [] : (before ?? [])), ...found]);
        setNext(after);
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

  useEffect(() => {
    if (asked.current.revision === revision || isLoading) return;
    asked.current.revision = revision;
    const { count, isWhole } = listed.current;
    void load(null, (found) => !isWhole && found >= count);
  }, [revision, isLoading, load]);

  const more = () => {
    if (!asked.current.isBusy && (activities === null || next !== null)) void load(next);
  };
  const revise: ActivityList['revise'] = (revised) => setActivities((before) => before && revised(before));
  return { activities, isWhole: activities !== null && next === null, isLoading, fault, more, revise };
}
