import { createHmac } from 'node:crypto';
import type { Knex } from 'knex';
import { type Write, type WriteDeps, write } from '../activities/write.ts';
import { beliefPassed } from '../athletes/belief.ts';
import { UnknownAthlete } from '../athletes/keyring.ts';
import { deriveKey } from '../athletes/seal.ts';

/** Metres of each activity that others do not see, where it begins and where it ends: at least. */
export interface HiddenEnds {
  first: number;
  last: number;
}

/** What is hidden is up to so much longer than asked. */
const LONGER = 0.5;

/**
 * Changes what an athlete hides, by a body that answers null where it changed nothing. All that was cut otherwise is
 * deleted with the change, so that nothing of it is left to be shown; what others see is then made anew in the
 * background, and until then there is less of it: of everything, not only of what is near, since what others miss
 * meanwhile would tell them where a zone is. Resolves when no process shows anything that was cut before.
 */
export async function changeHiding<T>(
  deps: WriteDeps,
  athleteId: string,
  body: (change: Write) => Promise<T>,
): Promise<T> {
  const result = await write(deps, athleteId, async (change) => {
    const { trx, revision } = change;
    const changed = await body(change);
    if (changed === null) return changed;
    await trx('athletes').where({ id: athleteId }).update({ hiding_revision: revision });
    await trx('public_tracks').where({ athlete_id: athleteId }).delete();
    change.changed = true;
    return changed;
  });
  if (result !== null) await beliefPassed();
  return result;
}

/** Throws UnknownAthlete. */
export async function readHiddenEnds(db: Knex, athleteId: string): Promise<HiddenEnds> {
  const row = await db('athletes')
    .where({ id: athleteId })
    .first<HiddenEnds | undefined>('hide_first as first', 'hide_last as last');
  if (!row) throw new UnknownAthlete(athleteId);
  return row;
}

/** Resolves when it is in force in every process. */
export function changeHiddenEnds(
  deps: WriteDeps,
  athleteId: string,
  ends: Partial<HiddenEnds>,
): Promise<HiddenEnds> {
  return changeHiding(deps, athleteId, async ({ trx }) => {
    const { first, last } = { ...(await readHiddenEnds(trx, athleteId)), ...ends };
    await trx('athletes').where({ id: athleteId }).update({ hide_first: first, hide_last: last });
    return { first, last };
  });
}

/**
 * What is hidden of one activity: longer than asked by a length of its own, so that the ends of many do not lie at one
 * distance from a door. Made from the athlete's key, so it stays the same without being kept.
 */
export function endsOf(key: Buffer, activityId: string, { first, last }: HiddenEnds): HiddenEnds {
  const lengths = deriveKey(key, 'hidden ends');
  const longer = (which: string) => {
    const digest = createHmac('sha256', lengths).update(`${activityId}/${which}`).digest();
    return 1 + (digest.readUInt32BE() / 2 ** 32) * LONGER;
  };
  return { first: first * longer('first'), last: last * longer('last') };
}
