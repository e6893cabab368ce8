import type { Knex } from 'knex';
import { beliefPassed } from './belief.ts';
import type { OnlyIf } from './deletion.ts';

/** What opens an athlete's map. */
const OPENERS = ['sessions', 'sign_in_links', 'owner_keys', 'shares'];

/**
 * Ends whatever opens an athlete's map, unless `onlyIf` answers no. Resolves when no process believes in any of it.
 */
export async function endAccess(
  db: Knex,
  athleteId: string,
  onlyIf: OnlyIf = async () => true,
): Promise<void> {
  await db.transaction(async (trx) => {
    if (!(await onlyIf(trx))) return;
    for (const table of OPENERS) await trx(table).where({ athlete_id: athleteId }).delete();
  });
  await beliefPassed();
}
