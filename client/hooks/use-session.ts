import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, fetchMe, fetchSignInState, fetchViewer, type Me, signOut, type Viewer } from '../api.ts';

export type Phase = 'loading' | 'gone' | 'signedOut' | 'signedIn';

export interface Session {
  phase: Phase;
  viewer: Viewer | null;
  /** Whether this server has a password to sign in with. */
  hasPassword: boolean;
  me: Me | null;
  /** Asks the server again who is signed in and what they have. */
  refresh(): Promise<void>;
  leave(): Promise<void>;
}

const RETRY_MS = 3000;

/** Who is here, and what they have. A server that does not answer is asked again. */
export function useSession(): Session {
  const [phase, setPhase] = useState<Phase>('loading');
  const [viewer, setViewer] = useState<Viewer | null>(null);
  const [hasPassword, setHasPassword] = useState(false);
  const [me, setMe] = useState<Me | null>(null);
  const latest = useRef(0);

  const refresh = useCallback(async () => {
    const asked = ++latest.current;
    const apply = (change: () => void) => {
      // an answer that was overtaken by a later one says nothing new
      if (asked === latest.current) change();
    };
    try {
      const [shown, signIn] = await Promise.all([fetchViewer(), fetchSignInState()]);
      const athlete = signIn.signedIn ? await fetchMe() : null;
      apply(() => {
        // the same object as before: a map is made of it only once
        setViewer((before) => before ?? shown);
        setHasPassword(signIn.password);
        setMe(athlete);
        setPhase(athlete ? 'signedIn' : 'signedOut');
      });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      apply(() => setPhase((before) => (before === 'loading' || before === 'gone' ? 'gone' : before)));
    }
  }, []);

  useEffect(() => {
    void refresh();
  }, [refresh]);

  useEffect(() => {
    if (phase !== 'gone') return;
    const timer = setInterval(refresh, RETRY_MS);
    return () => clearInterval(timer);
  }, [phase, refresh]);

  const leave = useCallback(async () => {
    await signOut().catch(() => undefined);
    await refresh();
  }, [refresh]);

  return { phase, viewer, hasPassword, me, refresh, leave };
}
