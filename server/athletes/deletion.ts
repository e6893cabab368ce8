import type { Knex } from 'knex';
import { transact } from '../database/transact.ts';
import { beliefPassed } from './belief.ts';

/** Whether something is still to be done, asked in the transaction that does it. */
export type OnlyIf = (trx: Knex.Transaction) => Promise<boolean>;

/** What deleting an athlete needs. */
export interface DeletionDeps {
  db: Knex;
  /** Queues the job that calls `erase`, in the transaction that destroys the key: a crash in between is made good. */
  enqueueErasure(trx: Knex, athleteId: string): Promise<void>;
  erasure: ErasureDeps;
}

/** What erasing the rest of an athlete needs, beside the rows. */
export interface ErasureDeps {
  db: Knex;
  /** Takes jobs off the queue whose payload names one of these imports or the athlete, unless they run. */
  dropJobs(trx: Knex, about: { athleteId: string; importIds: readonly string[] }): Promise<void>;
  /** Removes what was uploaded for an import and waits for it, in this process's folder. */
  removeUploads(importId: string): Promise<void>;
}

/**
 * Deletes an athlete with everything of theirs, and resolves once no process answers from anything of it. The data
 * key goes first, in a commit of its own: from then on every byte of theirs is unreadable wherever it lies, cached
 * tiles and uploads too. Called twice, or for nobody, it does the same and finds nothing. With `onlyIf`, nothing is
 * deleted unless that answers true, in the transaction of that commit.
 */
export async function deleteAthlete(deps: DeletionDeps, athleteId: string, onlyIf?: OnlyIf): Promise<void> {
  if (!(await destroyKey(deps, athleteId, onlyIf))) return;
  await Promise.all([erase(deps.erasure, athleteId), beliefPassed()]);
}

async function destroyKey(
  { db, enqueueErasure }: DeletionDeps,
  athleteId: string,
  onlyIf: OnlyIf = async () => true,
): Promise<boolean> {
  return db.transaction(async (trx) => {
    if (!(await onlyIf(trx))) return false;
    for (const table of ['data_keys', 'sessions', 'sign_in_links']) {
      await trx(table).where({ athlete_id: athleteId }).delete();
    }
    await enqueueErasure(trx, athleteId);
    await trx.raw(`select pg_notify('deleted', ?)`, [athleteId]);
    return true;
  });
}

/**
 * Removes the rows of an athlete whose key is destroyed. The lock on the athlete's row comes first, as in every write
 * of theirs: a write under way ends before, one that comes later finds nobody. All other tables follow by cascade.
 */
export async function erase({ db, dropJobs, removeUploads }: ErasureDeps, athleteId: string): Promise<void> {
  const importIds = await transact(db, async (trx) => {
    await trx('athletes').where({ id: athleteId }).forUpdate().first('id');
    const ids = await trx('imports').where({ athlete_id: athleteId, spool: true }).pluck<string[]>('id');
    await dropJobs(trx, { athleteId, importIds: ids });
    await trx('athletes').where({ id: athleteId }).delete();
    // other processes have folders of their own
    for (const id of ids) await trx.raw(`select pg_notify('deleted', ?)`, [`${athleteId}:${id}`]);
    return ids;
  });
  for (const id of importIds) await removeUploads(id);
}
