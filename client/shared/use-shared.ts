import { useEffect, useMemo, useState } from 'preact/hooks';
import { fetchShared, type Shared } from '../api/shared.ts';
import { ApiError, fetchViewer, type Viewer } from '../api.ts';
import { inTurn } from '../in-turn.ts';

/** 'gone': the server does not answer; 'ended': there is no such share, or no more. */
export type SharedPhase = 'loading' | 'gone' | 'ended' | 'open';

export interface SharedMap {
  phase: SharedPhase;
  viewer: Viewer | null;
  shared: Shared | null;
  /** Asks the server whether it is still shared. */
  refresh(): Promise<void>;
}

const RETRY_MS = 3000;

/** The map that a key opens. A server that does not answer is asked again. */
export function useShared(key: string): SharedMap {
  const [phase, setPhase] = useState<SharedPhase>('loading');
  const [viewer, setViewer] = useState<Viewer | null>(null);
  const [shared, setShared] = useState<Shared | null>(null);

  const refresh = useMemo(
    () =>
      inTurn(async () => {
        try {
          const shown = await fetchViewer();
          // the same object as before: a map is made of it only once
          setViewer((before) => before ?? shown);
          setShared(await fetchShared(key));
          setPhase('open');
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          if (error.status === 404 || error.status === 400) {
            setShared(null);
            setPhase('ended');
          } else setPhase((before) => (before === 'loading' ? 'gone' : before));
        }
      }),
    [key],
  );

  useEffect(() => {
    void refresh();
  }, [refresh]);

  useEffect(() => {
    if (phase !== 'gone') return;
    const timer = setInterval(refresh, RETRY_MS);
    return () => clearInterval(timer);
  }, [phase, refresh]);

  return { phase, viewer, shared, refresh };
}
