import type { Knex } from 'knex';
import { UnknownAthlete } from '../athletes/keyring.ts';
import type { Accounts, ConsentId, KeptTokens, Tokens } from './accounts.ts';
import { type Clock, MINUTE } from './clock.ts';
import { StravaFault } from './faults.ts';
import { type AppCredentials, refreshTokens } from './grants.ts';

export interface TokenDeps {
  db: Knex;
  accounts: Accounts;
  app: AppCredentials;
  clock: Clock;
  /** Withdraws a consent at Strava, as far as it can be told. */
  revoke(tokens: Tokens): Promise<unknown>;
}

/** Milliseconds before its end from which a token is no longer used. */
const AHEAD = 10 * MINUTE;

/** The tokens of one athlete cannot be renewed, though they may not have been withdrawn: they have to connect again. */
export class LostGrant extends Error {
  constructor() {
    super('a refresh was cut off, and the token it gave is lost');
    this.name = 'LostGrant';
  }
}

/**
 * An athlete's access token, renewed ahead of its end; with `instead`, another than that one, which Strava refused.
 *
 * Strava may give another refresh token each time, and then the one before is worth nothing. So one process at a time
 * renews an athlete's, and what came is stored before anybody uses it. Should a process die in between, the new token
 * is lost: that such a refresh was under way is stored first, so that this is not mistaken for a withdrawn consent.
 *
 * Throws StravaFault (`dead_grant`: the athlete withdrew their consent; `unauthorized`: they are not connected) and
 * LostGrant.
 */
export async function accessToken(deps: TokenDeps, athleteId: string, instead?: string): Promise<string> {
  const usable = async () => {
    const tokens = await deps.accounts.tokens(athleteId);
    if (!tokens) throw notConnected();
    const isUsable =
      instead === undefined ? tokens.expiresAt - deps.clock.now() > AHEAD : tokens.access !== instead;
    return { tokens, isUsable };
  };
  const before = await usable();
  if (before.isUsable) return before.tokens.access;
  return deps.db.transaction(async (trx) => {
    await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`strava-token:${athleteId}`]);
    const { tokens, isUsable } = await usable();
    return isUsable ? tokens.access : renew(deps, tokens);
  });
}

async function renew(deps: TokenDeps, { refresh, torn, consent }: KeptTokens): Promise<string> {
  const { accounts, app, clock } = deps;
  const now = clock.now();
  if (!(await accounts.refreshBegins(consent, now))) throw notConnected();
  try {
    const fresh = await refreshTokens(app, refresh, now);
    await keep(deps, consent, fresh);
    return fresh.access;
  } catch (error) {
    if (error instanceof StravaFault && error.kind === 'dead_grant' && torn) throw new LostGrant();
    // an answer that was broken off may have brought another token
    const isWhole = error instanceof StravaFault && error.status !== null;
    if (isWhole && !torn) await accounts.refreshFailed(consent);
    throw error;
  }
}

/**
 * Who left while Strava was asked had the tokens withdrawn that were known then. Strava may have put these in their
 * place by that time, so they are withdrawn as well, unless they are of somebody who has connected again.
 */
async function keep({ accounts, revoke }: TokenDeps, consent: ConsentId, fresh: Tokens): Promise<void> {
  const isKept = await accounts.refreshed(consent, fresh).catch((error) => {
    if (error instanceof UnknownAthlete) return false;
    throw error;
  });
  if (isKept || (await accounts.findByStrava(consent.stravaAthleteId))?.connected) return;
  await revoke(fresh);
}

function notConnected(): StravaFault {
  return new StravaFault('unauthorized', 'the athlete is not connected');
}
