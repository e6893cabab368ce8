import { ask, send } from '../api.ts';

/** A browser that is signed in; times in Unix seconds. */
export interface Session {
  id: string;
  /** Which, roughly; null where it is none the server knows. */
  browser: string | null;
  createdAt: number;
  usedAt: number;
  current: boolean;
}

/** Where everything of mine is had as a file. */
export const EXPORT_URL = '/api/me/export';

export const fetchSessions = async () => (await ask<{ sessions: Session[] }>('/api/sessions')).sessions;

export const endSession = (id: string) => send<void>('DELETE', `/api/sessions/${encodeURIComponent(id)}`);

export const endAllSessions = () => send<void>('DELETE', '/api/sessions');

export const deleteEverything = () => send<{ deleted: boolean }>('DELETE', '/api/me');
