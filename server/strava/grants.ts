import type { Tokens } from './accounts.ts';
import { type Answer, ask, type Question } from './ask.ts';
import type { Budget } from './budget.ts';
import { faultOf, StravaFault } from './faults.ts';
import { type GrantShape, readGrant } from './shapes.ts';

/** The application at Strava, as its token addresses want it. */
export interface AppCredentials {
  clientId: string;
  clientSecret: string;
  /** Without a slash at the end. */
  oauthUrl: string;
}

/** Tokens from a grant's answer; one that brings no other refresh token leaves the one there was. */
export function tokensOf(grant: GrantShape, now: number, refresh = ''): Tokens {
  return {
    access: grant.access_token,
    refresh: grant.refresh_token ?? refresh,
    expiresAt: now + grant.expires_in * 1000,
  };
}

/** Milliseconds that each of the two calls may take by which a consent is withdrawn: somebody waits. */
const REVOKE_PATIENCE = 3000;

/** Trades a refresh token for tokens that work. Throws StravaFault: `dead_grant` when it is worth nothing. */
export async function refreshTokens(app: AppCredentials, refresh: string, now: number): Promise<Tokens> {
  const answer = await ask(`${app.oauthUrl}/token`, {
    method: 'POST',
    form: {
      client_id: app.clientId,
      client_secret: app.clientSecret,
      grant_type: 'refresh_token',
      refresh_token: refresh,
    },
  });
  if (answer.status === 200) return tokensOf(readGrant(answer.body), now, refresh);
  const fault = faultOf(answer.status, answer.body);
  // no token of an athlete's stands behind this call: only the application's own secret can be wrong
  if (fault.kind === 'unauthorized') throw new StravaFault('wrong_app', 'it does not know the application');
  throw fault;
}

/**
 * Withdraws the athlete's consent, by the address that is there to stay, else by the one it succeeds. Whether it was
 * withdrawn already makes no difference. Throws StravaFault where Strava does not say so, in some seconds.
 */
export async function revokeTokens(
  app: AppCredentials,
  budget: Budget,
  { access, refresh }: Tokens,
): Promise<void> {
  const counted = async (path: string, question: Question) => {
    const granted = await budget.leave();
    const answer = await ask(`${app.oauthUrl}/${path}`, {
      ...question,
      method: 'POST',
      patience: REVOKE_PATIENCE,
    });
    await budget.note(answer.headers, granted);
    return answer;
  };
  const basic = Buffer.from(`${app.clientId}:${app.clientSecret}`).toString('base64');
  const revoked = await counted('revoke', {
    authorization: `Basic ${basic}`,
    form: { token: refresh, token_type_hint: 'refresh_token' },
  }).catch(() => null);
  if (isDone(revoked)) return;
  const answer = await counted('deauthorize', { authorization: `Bearer ${access}` });
  if (!isDone(answer) && answer.status !== 401) throw faultOf(answer.status, answer.body);
}

function isDone(answer: Answer | null): boolean {
  return answer !== null && answer.status >= 200 && answer.status < 300;
}
