/** What the server is asked, and what it answers. */
import type { Calendar } from '../server/activities/calendar.ts';
import type { Passing } from '../server/activities/near.ts';
import type { Summary } from '../server/activities/queries.ts';
import type { Basemap } from '../server/http/basemap.ts';
import type { Connection } from '../server/strava/connection.ts';
import type { TileJson } from '../server/tiles/tilejson.ts';
import { COMMON } from './words/common.ts';
import { FAULTS } from './words/faults.ts';

export type { Calendar } from '../server/activities/calendar.ts';
export type { Import } from '../server/activities/imports.ts';
export type { Passing } from '../server/activities/near.ts';
export type { Status } from '../server/activities/status.ts';
export type { SyncStatus } from '../server/activities/sync-status.ts';
export type { Basemap } from '../server/http/basemap.ts';
export type { Connection } from '../server/strava/connection.ts';

export interface Viewer {
  basemap: Basemap;
  googleMapsKey: string | null;
  version: string;
}

export interface SignInState {
  signedIn: boolean;
  /** Whether this server has a password to sign in with. */
  password: boolean;
  /** null: this server knows no Strava. */
  strava: Seats | null;
}

/** How many athletes Strava lets connect here, and how many are. */
export interface Seats {
  seats: number;
  taken: number;
  /** Strava's own pictures, where the operator has put them; null: none. */
  pictures: { connect: string | null; powered: string | null };
  /** Days after which what Strava's API gave is read again or removed; null: it is kept. */
  retentionDays: number | null;
  /** Whether what it gave may be seen by whom the athlete shares the map with. */
  shareable: boolean;
}

/** The athlete, as far as the panel shows it. */
export interface Me extends Summary {
  id: string;
  /** Where most activities are. */
  home: { lng: number; lat: number; zoom: number } | null;
  /** null: not connected. */
  strava: Connection | null;
}

/** What is drawn under a filter. */
export type Drawn = Pick<TileJson, 'exposure' | 'bounds' | 'center' | 'home' | 'fromStrava'>;

/** An answer that is no success, in the server's words. Status 0: no answer at all. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const fetchViewer = () => ask<Viewer>('/api/viewer');

export const fetchSignInState = () => ask<SignInState>('/auth/state');

export const fetchMe = () => ask<Me>('/api/me');

/** What the URLs begin with of the athlete's own tiles, and of what others may see of them. */
export const OWN_TILES = '/tiles/me';
export const PUBLIC_TILES = '/tiles/public';

/** `query` is a filter's, without '?'; `tiles`: what the URLs of the map's tiles begin with. */
export const fetchDrawn = (query: string, signal: AbortSignal, tiles = OWN_TILES) =>
  ask<Drawn>(`${tiles}/tile.json${query && `?${query}`}`, { signal });

export const fetchCalendar = () => ask<Calendar>('/api/activities/calendar');

/** `zoom`: of the tiles that are shown; `reach`: pixels by which a line may be missed; `query`: a filter's. */
export const fetchNear = (
  { lng, lat, zoom }: { lng: number; lat: number; zoom: number },
  reach: number,
  query: string,
  signal: AbortSignal,
) =>
  ask<Passing>(`/api/activities/near?lng=${lng}&lat=${lat}&zoom=${zoom}&px=${reach}${query && `&${query}`}`, {
    signal,
  });

/** The lines of an activity, as exact as that zoom shows them: longitudes and latitudes. */
export const fetchTrack = async (id: string, zoom: number) => {
  const path = `/api/activities/${encodeURIComponent(id)}/track?zoom=${zoom}`;
  return (await ask<{ geometry: { coordinates: [number, number][][] } }>(path)).geometry.coordinates;
};

/** Looks for new and changed activities now. */
export const syncStrava = () => ask<object>('/api/sync', { method: 'POST' });

/** `revoked` false: Strava could not be told. */
export const disconnectStrava = () => ask<{ revoked: boolean }>('/api/strava', { method: 'DELETE' });

export const signOut = () => send<void>('POST', '/auth/logout');

export const signIn = (password: string) => send<void>('POST', '/auth/owner', { password });

/** Asks for a change; `body` goes as JSON. */
export const send = <T>(method: string, path: string, body?: object) =>
  ask<T>(path, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });

/** An event of the page: a question got no answer at all. */
export const NO_ANSWER = 'noanswer';

/** Rejects with an ApiError, or with the reason of an aborted signal. */
export async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    dispatchEvent(new Event(NO_ANSWER));
    throw new ApiError(0, 'no_answer', (error as Error).message);
  }
  if (!answer.ok) throw errorOf(answer.status, await answer.text());
  if (answer.status === 204) return undefined as T;
  return (await answer.json()) as T;
}

/** The error in an answer's body, in the viewer's words; the page of a proxy in between has none of ours. */
export function errorOf(status: number, body: string): ApiError {
  try {
    const { code, message, details } = JSON.parse(body).error;
    const why = typeof details?.message === 'string' ? ` ${details.message}` : '';
    return new ApiError(status, String(code), `${FAULTS[code] ?? message}${why}`);
  } catch {
    return new ApiError(status, 'unknown', COMMON.answered(status));
  }
}
