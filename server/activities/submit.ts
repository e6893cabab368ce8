import type { Knex } from 'knex';
import type { Imports } from './imports.ts';
import type { Spool } from './spool.ts';

/** Queues the job of an import, in the transaction that stores it; queued twice it is still one job. */
export type EnqueueImport = (trx: Knex, importId: string) => Promise<void>;

/** Queues files and folders of this machine for import; answers the import's id. */
export function submitPaths(
  imports: Imports,
  athleteId: string,
  paths: readonly string[],
  enqueue: EnqueueImport,
): Promise<string> {
  const sources = paths.map((path) => ({ name: path, path, size: null }));
  return imports.create(athleteId, { sources, spooled: false }, enqueue);
}

/**
 * After a start: queues the imports again that nobody finished, for their jobs may have died with their server,
 * and removes uploads that no import speaks of. Call it before uploads are taken.
 */
export async function resumeImports({
  db,
  imports,
  spool,
  enqueue,
}: {
  db: Knex;
  imports: Imports;
  spool: Spool;
  enqueue: EnqueueImport;
}): Promise<void> {
  const unfinished = await imports.unfinished();
  await spool.removeAllBut(new Set(unfinished.map(({ id }) => id)));
  for (const { id } of unfinished) await enqueue(db, id);
}
