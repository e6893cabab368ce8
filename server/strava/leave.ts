import { withdrawAllCopies } from '../activities/copies.ts';
import { type WriteDeps, write } from '../activities/write.ts';
import type { Accounts } from './accounts.ts';
import { type AppCredentials, revokeTokens } from './grants.ts';

export interface LeaveDeps extends WriteDeps {
  accounts: Accounts;
  app: AppCredentials;
  /** Whether somebody signs in at Strava alone, so that without it they are nobody here. */
  cameByStrava(athleteId: string): Promise<boolean>;
  /** Deletes an athlete with everything of theirs. */
  deleteAthlete(athleteId: string): Promise<void>;
  /** Ends whatever opens an athlete's map: sessions, links, keys, shares. */
  endAccess(athleteId: string): Promise<void>;
  log: { warn(details: object, message: string): void };
}

/** What became of the consent at Strava: Strava was told, or could not be. */
export interface Left {
  revoked: boolean;
}

/**
 * Disconnects an athlete who asks for it: withdraws the consent at Strava and removes all that its API gave. What came
 * by files stays. Null for who is not connected.
 */
export async function disconnect(deps: LeaveDeps, athleteId: string): Promise<Left | null> {
  const tokens = await deps.accounts.tokens(athleteId);
  if (!tokens) return null;
  const revoked = await revokeTokens(deps.app, tokens).then(
    () => true,
    (error) => {
      deps.log.warn({ err: error }, 'a consent at Strava could not be withdrawn there');
      return false;
    },
  );
  await forget(deps, athleteId);
  return { revoked };
}

/**
 * The athlete withdrew their consent at Strava: all that its API gave goes, and nothing that was open stays open. Who
 * signs in at Strava alone goes altogether.
 */
export async function withdrawn(deps: LeaveDeps, athleteId: string): Promise<void> {
  if (await deps.cameByStrava(athleteId)) {
    await deps.deleteAthlete(athleteId);
    return;
  }
  await forget(deps, athleteId);
  await deps.endAccess(athleteId);
}

async function forget(deps: LeaveDeps, athleteId: string): Promise<void> {
  const keepsSeat = await deps.cameByStrava(athleteId);
  await write(deps, athleteId, async (change) => {
    const { trx } = change;
    await withdrawAllCopies(change);
    for (const table of ['strava_activities', 'strava_events']) {
      await trx(table).where({ athlete_id: athleteId }).delete();
    }
    const account = trx('strava_accounts').where({ athlete_id: athleteId });
    // their number at Strava is how they find what they uploaded again
    if (keepsSeat) {
      const nothing = { access_token: null, refresh_token: null, expires_at: null, refresh_began_at: null };
      await account.update({ ...nothing, connected: false, name: null, problem: null, checked_at: null });
    } else await account.delete();
  });
}
