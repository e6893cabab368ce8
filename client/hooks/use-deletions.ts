import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { deleteActivities } from '../api/activities.ts';
import { faultInWords } from './use-doing.ts';

/** For so long a deletion can be undone. */
const UNDO_MS = 8000;

export interface Deletions {
  /** What goes soon. */
  leaving: ReadonlySet<string>;
  /** Why the last ones are still there. */
  fault: string | null;
  take(ids: readonly string[]): void;
  undo(): void;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Activities that are deleted after a moment in which that can be undone; sooner when the window closes or the page
 * is left. `onGone` is told of those that are deleted.
 */
export function useDeletions(onGone: (ids: ReadonlySet<string>) => void): Deletions {
  const [leaving, setLeaving] = useState(NONE);
  const [fault, setFault] = useState<string | null>(null);
  const waiting = useRef(NONE);
  const told = useRef(onGone);
  told.current = onGone;

  const set = useCallback((ids: ReadonlySet<string>) => {
    waiting.current = ids;
    setLeaving(ids);
  }, []);
  const send = useCallback(async () => {
    const ids = waiting.current;
    if (ids.size === 0) return;
    waiting.current = NONE;
    try {
      await deleteActivities([...ids]);
      told.current(ids);
    } catch (error) {
      setFault(faultInWords(error));
    }
    // unless others were taken meanwhile
    setLeaving(waiting.current);
  }, []);

  useEffect(() => {
    if (leaving.size === 0) return;
    const timer = setTimeout(send, UNDO_MS);
    return () => clearTimeout(timer);
  }, [leaving, send]);
  useEffect(() => {
    addEventListener('pagehide', send);
    return () => {
      removeEventListener('pagehide', send);
      void send();
    };
  }, [send]);

  const take = (ids: readonly string[]) => {
    setFault(null);
    set(new Set([...waiting.current, ...ids]));
  };
  return { leaving, fault, take, undo: () => set(NONE) };
}
