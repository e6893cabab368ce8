import { withdrawAllCopies } from '../activities/copies.ts';
import { type WriteDeps, write } from '../activities/write.ts';
import type { OnlyIf } from '../athletes/deletion.ts';
import { UnknownAthlete } from '../athletes/keyring.ts';
import { isPassing } from '../http/faults.ts';
import { type Accounts, type ConsentId, stands, type Tokens } from './accounts.ts';

export interface LeaveDeps extends WriteDeps {
  accounts: Accounts;
  /** Withdraws a consent at Strava. Rejects where Strava does not say that it is. */
  revoke(tokens: Tokens): Promise<void>;
  /** Whether somebody signs in at Strava alone, so that without it they are nobody here. */
  cameByStrava(athleteId: string): Promise<boolean>;
  /** Deletes an athlete with everything of theirs. */
  deleteAthlete(athleteId: string, onlyIf?: OnlyIf): Promise<void>;
  /** Ends whatever opens an athlete's map: sessions, links, keys, shares. */
  endAccess(athleteId: string, onlyIf?: OnlyIf): Promise<void>;
  log: { warn(details: object, message: string): void };
}

/** What became of the consent at Strava: Strava was told, or could not be. */
export interface Left {
  revoked: boolean;
}

/**
 * Disconnects an athlete who asks for it: withdraws the consent at Strava and removes all that its API gave. What came
 * by files stays. Null for who is not connected.
 *
 * They are disconnected here before anything else: a call under way whose token is refused from now on is not taken for
 * a consent that the athlete withdrew at Strava, which would delete more.
 */
export async function disconnect(deps: LeaveDeps, athleteId: string): Promise<Left | null> {
  const tokens = await deps.accounts.leave(athleteId);
  if (!tokens) return null;
  const [revoked] = await Promise.all([isRevoked(deps, tokens), forget(deps, athleteId)]);
  return { revoked };
}

/**
 * The athlete withdrew a consent at Strava: all that its API gave goes, and nothing that was open stays open. Who
 * signs in at Strava alone goes altogether. Nothing of that happens where the consent does not stand here any more:
 * they have disconnected, or connected again, while Strava was asked.
 */
export async function withdrawn(deps: LeaveDeps, consent: ConsentId): Promise<void> {
  const { athleteId } = consent;
  const onlyIf: OnlyIf = (trx) => stands(trx, consent);
  if (await deps.cameByStrava(athleteId)) {
    await deps.deleteAthlete(athleteId, onlyIf);
    return;
  }
  // until this is done the consent stands, so that after a crash it is found withdrawn once more
  await deps.endAccess(athleteId, onlyIf);
  if (await deps.accounts.leave(athleteId, consent)) await forget(deps, athleteId);
}

/**
 * Deletes an athlete with everything of theirs, and withdraws their consent, as far as Strava can be told. The deletion
 * waits for nobody.
 */
export async function leaveAltogether(deps: LeaveDeps, athleteId: string): Promise<void> {
  // as in disconnecting: from then on tokens that are being renewed are known to be nobody's
  const tokens = await deps.accounts.leave(athleteId).catch((error) => {
    if (error instanceof UnknownAthlete) return null;
    throw error;
  });
  await deps.deleteAthlete(athleteId);
  if (tokens) await isRevoked(deps, tokens);
}

/** Makes an end of what a process that was killed left of somebody who had disconnected. */
export async function finishLeaving(deps: LeaveDeps): Promise<void> {
  for (const athleteId of await deps.accounts.leaving()) {
    try {
      await forget(deps, athleteId);
    } catch (error) {
      if (isPassing(error)) throw error;
      // deleted, and their rows are about to follow
      if (error instanceof UnknownAthlete) continue;
      deps.log.warn({ err: error, athleteId }, 'what Strava gave was not removed');
    }
  }
}

/** Whether Strava says that a consent is withdrawn. */
export async function isRevoked(
  { revoke, log }: Pick<LeaveDeps, 'revoke' | 'log'>,
  tokens: Tokens,
): Promise<boolean> {
  try {
    await revoke(tokens);
    return true;
  } catch (error) {
    log.warn({ err: error }, 'a consent at Strava could not be withdrawn there');
    return false;
  }
}

/** Removes what the API gave somebody who is leaving; nothing of somebody who has connected again meanwhile. */
async function forget(deps: LeaveDeps, athleteId: string): Promise<void> {
  const keepsSeat = await deps.cameByStrava(athleteId);
  await write(deps, athleteId, async (change) => {
    const { trx } = change;
    const account = trx('strava_accounts').where({ athlete_id: athleteId, leaving: true });
    if (!(await account.clone().forUpdate().first('athlete_id'))) return;
    await withdrawAllCopies(change);
    for (const table of ['strava_activities', 'strava_events']) {
      await trx(table).where({ athlete_id: athleteId }).delete();
    }
    // their number at Strava is how they find what they uploaded again
    if (keepsSeat) await account.update({ leaving: false, name: null, problem: null, checked_at: null });
    else await account.delete();
  });
}
