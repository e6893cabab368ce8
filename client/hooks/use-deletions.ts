import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { deleteActivities } from '../api/activities.ts';
import { ACTIVITIES } from '../words/activities.ts';
import { faultInWords } from './use-doing.ts';

/** For so long a deletion can be undone. */
const UNDO_MS = 8000;

export interface Deletions {
  /** What goes soon, and can be brought back. */
  waiting: ReadonlySet<string>;
  /** That, and what the server was asked to delete. */
  leaving: ReadonlySet<string>;
  /** Why the last ones are still there. */
  fault: string | null;
  take(ids: readonly string[]): void;
  undo(): void;
}

interface Told {
  /** These are deleted. */
  onGone(ids: ReadonlySet<string>): void;
  /** Some are still there, and the window that would say so is not. */
  onFault(fault: string): void;
}

type Ids = ReadonlySet<string>;
const NONE: Ids = new Set();

/**
 * Activities that are deleted after a moment in which that can be undone; sooner when the window closes or the page
 * is left.
 */
export function useDeletions(told: Told): Deletions {
  const [waiting, setWaiting] = useState(NONE);
  const [sent, setSent] = useState(NONE);
  const [fault, setFault] = useState<string | null>(null);
  const now = useRef({ told, waiting, isGone: false });
  now.current.told = told;

  const wait = useCallback((ids: Ids) => {
    now.current.waiting = ids;
    setWaiting(ids);
  }, []);
  const send = useCallback(async (isLeft = false) => {
    const { waiting: ids } = now.current;
    if (ids.size === 0) return;
    wait(NONE);
    setSent((before) => new Set([...before, ...ids]));
    try {
      await deleteActivities([...ids], isLeft);
      now.current.told.onGone(ids);
    } catch (error) {
      const why = ACTIVITIES.notDeleted(faultInWords(error));
      if (now.current.isGone) now.current.told.onFault(why);
      else setFault(why);
    }
    setSent((before) => new Set([...before].filter((id) => !ids.has(id))));
  }, []);

  useEffect(() => {
    if (waiting.size === 0) return;
    const timer = setTimeout(send, UNDO_MS);
    return () => clearTimeout(timer);
  }, [waiting, send]);
  useEffect(() => {
    const onLeave = () => void send(true);
    addEventListener('pagehide', onLeave);
    return () => {
      removeEventListener('pagehide', onLeave);
      now.current.isGone = true;
      void send();
    };
  }, [send]);

  const take = (ids: readonly string[]) => {
    setFault(null);
    wait(new Set([...now.current.waiting, ...ids]));
  };
  const leaving = useMemo(() => new Set([...waiting, ...sent]), [waiting, sent]);
  return { waiting, leaving, fault, take, undo: () => wait(NONE) };
}
