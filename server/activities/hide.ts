import { beliefPassed } from '../athletes/belief.ts';
import { type WriteDeps, write } from './write.ts';

/**
 * Hides activities from everybody but their athlete, or no longer. Answers how many of them this athlete has; resolves
 * only when no process shows others what was hidden.
 */
export async function hideActivities(
  deps: WriteDeps,
  athleteId: string,
  { ids, hidden }: { ids: readonly string[]; hidden: boolean },
): Promise<number> {
  const { found, changed } = await write(deps, athleteId, async (change) => {
    const { trx, revision } = change;
    const mine = await trx('activities')
      .whereIn('id', [...ids])
      .where({ athlete_id: athleteId })
      .select<{ id: string; hidden: boolean }[]>('id', 'hidden');
    const others = mine.filter((one) => one.hidden !== hidden).map(({ id }) => id);
    if (others.length > 0) await trx('activities').whereIn('id', others).update({ hidden, revision });
    change.changed = others.length > 0;
    return { found: mine.length, changed: change.changed };
  });
  if (changed && hidden) await beliefPassed();
  return found;
}
