/** A bare client of the simulated Strava, for the simulator's own tests: nothing of the product is in it. */

import type { Clock } from '../strava/simulator/clock.ts';
import type { Consent } from '../strava/simulator/consent.ts';
import type { Simulator } from '../strava/simulator/simulator.ts';

export interface Heard {
  status: number;
  headers: Headers;
  /** Parsed where it is JSON, else the text. */
  body: unknown;
}

export interface Session {
  athleteId: number;
  accessToken: string;
  refreshToken: string;
  get(path: string, base?: string): Promise<Heard>;
}

export interface SignInOptions extends Consent {
  scope?: string;
}

export function authorizeUrl(strava: Simulator<Clock>, parameters: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    client_id: strava.app.clientId,
    redirect_uri: 'http://localhost:8080/auth/strava/callback',
    response_type: 'code',
    scope: 'read,activity:read_all',
    state: 'some state',
    ...parameters,
  });
  return `${strava.oauthUrl}/authorize?${query}`;
}

/** Consents, and exchanges the code. */
export async function stravaSession(
  strava: Simulator<Clock>,
  { scope, ...decision }: SignInOptions = {},
): Promise<Session> {
  const back = await strava.consent(
    authorizeUrl(strava, { approval_prompt: 'force', ...(scope && { scope }) }),
    decision,
  );
  const { body } = await token(strava, {
    grant_type: 'authorization_code',
    code: back.searchParams.get('code') ?? '',
  });
  const given = body as { access_token: string; refresh_token: string; athlete: { id: number } };
  return {
    athleteId: given.athlete.id,
    accessToken: given.access_token,
    refreshToken: given.refresh_token,
    get: (path, base = strava.apiUrl) =>
      hear(`${base}${path}`, { headers: { authorization: `Bearer ${given.access_token}` } }),
  };
}

/** Asks the token endpoint, with the app's id and secret. */
export function token(strava: Simulator<Clock>, parameters: Record<string, string>): Promise<Heard> {
  const { clientId: client_id, clientSecret: client_secret } = strava.app;
  const body = new URLSearchParams({ client_id, client_secret, ...parameters });
  return hear(`${strava.oauthUrl}/token`, { method: 'POST', body });
}

export async function hear(url: string, init?: RequestInit): Promise<Heard> {
  const { status, headers, ...answer } = await read(url, init);
  let body: unknown = answer.text;
  try {
    body = JSON.parse(answer.text);
  } catch {}
  return { status, headers, body };
}

async function read(url: string, init: RequestInit = {}) {
  const answer = await fetch(url, { redirect: 'manual', ...init });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}
