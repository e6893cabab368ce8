import { useEffect, useState } from 'preact/hooks';
import { type Calendar, fetchCalendar } from '../api.ts';

const RETRY_MS = 3000;

/** All activities by day, as of a revision; the last answer stays until the next has come. null: not known yet. */
export function useCalendar(revision: string | null): Calendar | null {
  const [calendar, setCalendar] = useState<Calendar | null>(null);
  useEffect(() => {
    if (revision === null) return setCalendar(null);
    let isGone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = () =>
      fetchCalendar().then(
        (found) => !isGone && setCalendar(found),
        () => {
          if (!isGone) timer = setTimeout(ask, RETRY_MS);
        },
      );
    void ask();
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [revision]);
  return calendar;
}
