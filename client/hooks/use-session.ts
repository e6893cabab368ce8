import { useCallback, useEffect, useState } from 'preact/hooks';
import {
  ApiError,
  fetchMe,
  fetchSignInState,
  fetchViewer,
  type Me,
  type Seats,
  signOut,
  type Viewer,
} from '../api.ts';
import { inTurn } from '../in-turn.ts';

export type Phase = 'loading' | 'gone' | 'signedOut' | 'signedIn';

export interface Session {
  phase: Phase;
  viewer: Viewer | null;
  /** Whether this server has a password to sign in with. */
  hasPassword: boolean;
  /** null: this server knows no Strava. */
  seats: Seats | null;
  me: Me | null;
  /** Asks the server again who is signed in and what they have. */
  refresh(): Promise<void>;
  /** Rejects with an ApiError when the server did not say that they are signed out. */
  leave(): Promise<void>;
}

const RETRY_MS = 3000;

/** Who is here, and what they have. A server that does not answer is asked again. */
export function useSession(): Session {
  const [phase, setPhase] = useState<Phase>('loading');
  const [viewer, setViewer] = useState<Viewer | null>(null);
  const [hasPassword, setHasPassword] = useState(false);
  const [seats, setSeats] = useState<Seats | null>(null);
  const [me, setMe] = useState<Me | null>(null);
  /** The last question had no answer. */
  const [isStale, setStale] = useState(false);

  const [refresh] = useState(() =>
    inTurn(async () => {
      try {
        const [shown, signIn] = await Promise.all([fetchViewer(), fetchSignInState()]);
        const athlete = signIn.signedIn ? await fetchMe() : null;
        // the same object as before: a map is made of it only once
        setViewer((before) => before ?? shown);
        setHasPassword(signIn.password);
        setSeats(signIn.strava);
        setMe(athlete);
        setPhase(athlete ? 'signedIn' : 'signedOut');
        setStale(false);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        setPhase((before) => (before === 'loading' ? 'gone' : before));
        setStale(true);
      }
    }),
  );

  useEffect(() => {
    void refresh();
  }, [refresh]);

  useEffect(() => {
    if (!isStale) return;
    const timer = setInterval(refresh, RETRY_MS);
    return () => clearInterval(timer);
  }, [isStale, refresh]);

  const leave = useCallback(async () => {
    await signOut().finally(refresh);
  }, [refresh]);

  return { phase, viewer, hasPassword, seats, me, refresh, leave };
}
