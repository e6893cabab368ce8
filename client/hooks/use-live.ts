import { useEffect, useRef, useState } from 'preact/hooks';
import type { Status } from '../api.ts';
import { listen } from '../events.ts';

export interface Live {
  status: Status | null;
  isReachable: boolean;
  /** How often the connection came back: of what happened meanwhile it tells no more than the revision. */
  returns: number;
}

/** What the server tells by itself while somebody is signed in. */
export function useLive(isSignedIn: boolean, onRefused: () => void): Live {
  const [live, setLive] = useState<Live>({ status: null, isReachable: true, returns: 0 });

  useEffect(() => {
    if (!isSignedIn) return;
    setLive({ status: null, isReachable: true, returns: 0 });
    return listen({
      onStatus: (status) => setLive((before) => ({ ...before, status })),
      onReachable: (isReachable) =>
        setLive((before) => ({
          ...before,
          isReachable,
          returns: before.returns + (isReachable && !before.isReachable ? 1 : 0),
        })),
      onRefused,
    });
  }, [isSignedIn, onRefused]);

  return live;
}

/** A value that changes at most once in `ms`; the last one always comes. */
export function useThrottled<T>(value: T, ms: number): T {
  const [shown, setShown] = useState(value);
  const changedAt = useRef(Number.NEGATIVE_INFINITY);

  useEffect(() => {
    if (Object.is(value, shown)) return;
    const wait = Math.max(0, changedAt.current + ms - performance.now());
    const timer = setTimeout(() => {
      changedAt.current = performance.now();
      setShown(value);
    }, wait);
    return () => clearTimeout(timer);
  }, [value, shown, ms]);

  return shown;
}
