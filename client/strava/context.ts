import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Connection, Seats, Status } from '../api.ts';

export interface StravaState {
  /** null: this server knows no Strava. */
  seats: Seats | null;
  /** null: the athlete is not connected. */
  connection: Connection | null;
  status: Status | null;
  /** Asks the server again who is here and what they have. */
  refresh(): Promise<void>;
}

const Context = createContext<StravaState>({
  seats: null,
  connection: null,
  status: null,
  refresh: async () => {},
});

export const StravaProvider = Context.Provider;

export const useStrava = () => useContext(Context);
