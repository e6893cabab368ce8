import type { Knex } from 'knex';
import { beliefPassed } from './belief.ts';

/** What opens an athlete's map. */
const OPENERS = ['sessions', 'sign_in_links', 'owner_keys', 'shares'];

/** Ends whatever opens an athlete's map. Resolves when no process believes in any of it. */
export async function endAccess(db: Knex, athleteId: string): Promise<void> {
  await db.transaction(async (trx) => {
    for (const table of OPENERS) await trx(table).where({ athlete_id: athleteId }).delete();
  });
  await beliefPassed();
}
