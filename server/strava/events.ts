import type { Knex } from 'knex';
import type { Account } from './accounts.ts';
import { backoff } from './details.ts';
import { StravaFault } from './faults.ts';
import { sight, withdraw } from './sightings.ts';
import type { SyncDeps } from './sync-deps.ts';
import { LostGrant } from './tokens.ts';

/** A hint that something happened at Strava, from whoever knows the webhook's address. */
export interface Hint {
  kind: 'activity' | 'deauthorized';
  objectId: string;
  /** What is said to have happened: of use only to tell a hint from its repetition. */
  aspect: string;
  /** Unix seconds. */
  time: number;
}

interface Waiting {
  object_id: string;
  kind: Hint['kind'];
  attempts: number;
}

/** Tries until a hint is let go: the sweep finds what it told of. */
const MOST_ATTEMPTS = 5;

/** Keeps a hint for later; false when it was kept before. */
export async function keepHint(db: Knex, athleteId: string, hint: Hint, now: number): Promise<boolean> {
  const kept = await db('strava_events')
    .insert({
      athlete_id: athleteId,
      kind: hint.kind,
      object_id: hint.objectId,
      aspect: hint.aspect,
      event_time: hint.time,
      received_at: new Date(now),
    })
    .onConflict(['athlete_id', 'object_id', 'aspect', 'event_time'])
    .ignore()
    .returning('id');
  // also of somebody whose token was lost, and who waits for nothing but themselves
  if (hint.kind === 'deauthorized') {
    await db('strava_accounts')
      .where({ athlete_id: athleteId })
      .whereNotNull('problem')
      .update({ retry_at: new Date(now) });
  }
  return kept.length > 0;
}

/**
 * Looks at what the athlete's oldest hint is about, once for all that are about it: whatever they say, it is read
 * again. False when there is none. Throws StravaFault `dead_grant` when the athlete did withdraw their consent.
 */
export async function followHint(deps: SyncDeps, account: Account, signal: AbortSignal): Promise<boolean> {
  const { athleteId } = account;
  const now = new Date(deps.clock.now());
  const waiting: Waiting | undefined = await deps
    .db('strava_events')
    .where({ athlete_id: athleteId, handled_at: null })
    .where((query) => query.whereNull('retry_at').orWhere('retry_at', '<=', now))
    .orderBy('id')
    .first('object_id', 'kind', 'attempts');
  if (!waiting) return false;
  const about = { athlete_id: athleteId, object_id: waiting.object_id, handled_at: null };
  // one that comes while Strava is asked may be about something later
  const latest = await deps.db('strava_events').where(about).max('id').first();
  const handled = async (trx: Knex) => {
    await trx('strava_events').where(about).where('id', '<=', latest?.max).update({ handled_at: now });
  };
  try {
    if (waiting.kind === 'deauthorized') await deps.client.knock(account, { purpose: 'news', signal });
    else await look(deps, account, waiting.object_id, handled, signal);
    await handled(deps.db);
  } catch (error) {
    // told twice: by whoever sent the hint, and by a token that Strava does not know
    if (waiting.kind === 'deauthorized' && error instanceof LostGrant) {
      throw new StravaFault('dead_grant', 'the consent is withdrawn, and its token was lost before');
    }
    if (!(error instanceof StravaFault) || (error.kind !== 'unavailable' && error.kind !== 'refused'))
      throw error;
    const { attempts } = waiting;
    if (error.kind === 'refused' || attempts + 1 >= MOST_ATTEMPTS) await handled(deps.db);
    else {
      const retry = { attempts: attempts + 1, retry_at: new Date(deps.clock.now() + backoff(attempts)) };
      await deps.db('strava_events').where(about).update(retry);
    }
  }
  return true;
}

/** Reads one activity again, and takes in what it is now. */
export async function look(
  deps: SyncDeps,
  account: Account,
  stravaId: string,
  also: (trx: Knex) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  try {
    const activity = await deps.client.activity(account, stravaId, { purpose: 'news', signal });
    await sight(deps, account, [activity], { news: true, signal, also });
  } catch (error) {
    if (!(error instanceof StravaFault) || error.kind !== 'gone') throw error;
    await withdraw(deps, account, stravaId, also);
  }
}
