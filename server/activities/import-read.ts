/** What was read of the files of an import, on its way to be saved. */
import type { Knex } from 'knex';
import type { FileOutcome } from './import-outcomes.ts';
import type { ReadResult } from './import-worker.ts';
import type { Prepared } from './prepare.ts';
import type { Saved } from './save.ts';

/** One thing that was found: a file, or an activity written by hand. */
export interface Read {
  /** In the order of finding, from 1. */
  ordinal: number;
  name: string;
  result: ReadResult;
}

/** Bytes that it holds until it is saved. */
export function weight(read: Read): number {
  let bytes = 1024;
  for (const { source, drawing } of preparedOf(read)) {
    bytes += (source?.length ?? 0) + (drawing ? drawing.coarse.length + drawing.fine.length : 0);
  }
  return bytes;
}

export function preparedOf({ result }: Read): Prepared[] {
  return result.kind === 'prepared' ? result.prepared : [];
}

/** What became of each; `saved`: of all the activities in them, in their order. */
export async function outcomesOf(
  db: Knex,
  athleteId: string,
  batch: readonly Read[],
  saved: readonly Saved[],
): Promise<FileOutcome[]> {
  const known = await knownActivities(db, athleteId, batch);
  const left = [...saved];
  return batch.map(({ ordinal, name, result }): FileOutcome => {
    const file = { ordinal, name };
    if (result.kind === 'failed') {
      return { ...file, outcome: 'failed', code: result.code, message: result.message };
    }
    if (result.kind === 'known') {
      return { ...file, outcome: 'known', activityId: known.get(hex(result.digest)) };
    }
    return { ...file, ...outcomeOf(left.splice(0, result.prepared.length)), code: result.note };
  });
}

/** Of all the activities in one file: the best that can be said of any. */
function outcomeOf(saved: readonly Saved[]): Pick<FileOutcome, 'outcome' | 'activityId' | 'added'> {
  const created = saved.filter(({ outcome }) => outcome === 'created');
  const merged = saved.find(({ outcome }) => outcome === 'merged');
  const [{ activityId }] = [...created, ...(merged ? [merged] : saved)];
  const outcome = created.length > 0 ? 'added' : merged ? 'merged' : 'known';
  return { outcome, activityId, added: created.length };
}

/** The activities of files that were imported before, by their digests. */
async function knownActivities(
  db: Knex,
  athleteId: string,
  batch: readonly Read[],
): Promise<Map<string, string>> {
  const digests = batch.flatMap(({ result }) =>
    result.kind === 'known' ? [Buffer.from(result.digest)] : [],
  );
  if (digests.length === 0) return new Map();
  const rows = await db('recordings')
    .where({ athlete_id: athleteId })
    .whereIn('digest', digests)
    .select<{ digest: Buffer; activityId: string }[]>('digest', 'activity_id as activityId');
  return new Map(rows.map(({ digest, activityId }) => [hex(digest), activityId]));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
