import { withdrawCopies } from '../activities/copies.ts';
import { write } from '../activities/write.ts';
import type { Account } from './accounts.ts';
import { DAY } from './clock.ts';
import type { SyncDeps } from './sync-deps.ts';

const AT_ONCE = 50;

/** What was last read before it has to go; null: it may stay. */
export function expiredBefore({ retentionDays, clock }: SyncDeps): Date | null {
  return retentionDays === null ? null : new Date(clock.now() - retentionDays * DAY);
}

/**
 * Removes what the API gave and could not be read again in time. The next list brings its outline back, as fresh as
 * that list. False when there was nothing to remove.
 */
export async function expire(deps: SyncDeps, { athleteId }: Account): Promise<boolean> {
  const before = expiredBefore(deps);
  if (!before) return false;
  return write(deps, athleteId, async (change) => {
    const ids = await change
      .trx('strava_activities')
      .where({ athlete_id: athleteId })
      .whereNot({ state: 'unseen' })
      .whereRaw('coalesce(fetched_at, seen_at) < ?', [before])
      .orderBy('strava_id')
      .limit(AT_ONCE)
      .pluck<string[]>('strava_id');
    await withdrawCopies(change, ids);
    await change
      .trx('strava_activities')
      .where({ athlete_id: athleteId })
      .whereIn('strava_id', ids)
      .update({ state: 'unseen', fetched_at: null, missing: false });
    return ids.length > 0;
  });
}
