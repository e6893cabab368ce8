/**
 * What became of each file of an import, under its number in the order of finding: an import that goes on after a kill
 * tells of no file twice. What names a file is sealed with the athlete's key.
 */
import type { Knex } from 'knex';
import { withoutAthlete } from '../athletes/keyring.ts';
import { open, seal } from '../athletes/seal.ts';

/**
 * `added`: an activity that was not here before; `merged`: another recording of one that was; `known`: nothing new;
 * `failed`: it could not be imported.
 */
export const OUTCOMES = ['added', 'merged', 'known', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What became of one file, or of an activity written by hand. */
export interface FileOutcome {
  /** In the order of finding, from 1; 0: the import as a whole. */
  ordinal: number;
  name: string;
  outcome: Outcome;
  /** The first of its activities. */
  activityId?: string;
  /** Activities that were not here before. */
  added?: number;
  /** Why it failed; of another: what was wrong with the file, and could be passed over. */
  code?: string;
  /** The same in words, of a failure. */
  message?: string;
}

/** A file that could not be imported, and why. */
export interface Failure {
  name: string;
  code: string;
  message: string;
}

/** A file as the list of an import shows it. */
export interface ListedFile {
  name: string;
  outcome: Outcome;
  added: number;
  code: string | null;
  message: string | null;
  /** The first of its activities, if it is still here. */
  activity: {
    id: string;
    name: string | null;
    sport: string;
    /** Unix seconds. */
    startedAt: number | null;
    hasTrack: boolean;
  } | null;
}

export interface FilePage {
  files: ListedFile[];
  /** Where the next page begins; null after the last one. */
  next: number | null;
  /** Of the whole import. */
  counts: Record<Outcome, number>;
}

/** Why an import as a whole failed that had no room on the disk. */
export const DISK_FULL = {
  code: 'disk_full',
  message: 'The disk is full. What was imported before stays.',
};

const PAGE = 100;
/** Failures told at once. */
const MOST_FAILURES = 1000;
/** What names and messages are sealed for; failures were all that was kept once. */
const WORDS = 'import-failure';

/**
 * Keeps what became of files, but for those that were told of before. Throws UnknownAthlete for one who was deleted
 * meanwhile, with all imports.
 */
export async function recordFiles(
  db: Knex,
  { importId, athleteId, key }: { importId: string; athleteId: string; key: Buffer },
  files: readonly FileOutcome[],
): Promise<void> {
  if (files.length === 0) return;
  const sealed = (text: string) => seal(key, Buffer.from(text), WORDS);
  await db('import_files')
    .insert(
      files.map(({ ordinal, name, outcome, activityId = null, added = 0, code = null, message }) => ({
        import_id: importId,
        ordinal,
        outcome,
        name: sealed(name),
        activity_id: activityId,
        added,
        code,
        message: message === undefined ? null : sealed(message),
      })),
    )
    .onConflict(['import_id', 'ordinal'])
    .ignore()
    .catch((error) => {
      throw withoutAthlete(error, athleteId);
    });
}

/** Why files failed, the first of them where they are very many. */
export async function listFailures(db: Knex, importId: string, key: Buffer): Promise<Failure[]> {
  const rows = await db('import_files')
    .where({ import_id: importId, outcome: 'failed' })
    .orderBy('ordinal')
    .limit(MOST_FAILURES)
    .select<{ name: Buffer; code: string; message: Buffer }[]>('name', 'code', 'message');
  return rows.map(({ name, code, message }) => ({
    name: text(key, name),
    code,
    message: text(key, message),
  }));
}

/** The files of an athlete's import, those with one outcome or all, in the order of finding; a page, after a cursor. */
export async function listFiles(
  db: Knex,
  { importId, athleteId, key }: { importId: string; athleteId: string; key: Buffer },
  { outcome, cursor = -1 }: { outcome?: Outcome; cursor?: number },
): Promise<FilePage> {
  const rows = await db('import_files as f')
    .leftJoin('activities as a', (join) =>
      join.on('a.id', 'f.activity_id').andOnVal('a.athlete_id', athleteId),
    )
    .where('f.import_id', importId)
    .where('f.ordinal', '>', cursor)
    .modify((query) => {
      if (outcome !== undefined) query.where('f.outcome', outcome);
    })
    .orderBy('f.ordinal')
    .limit(PAGE + 1)
    .select<Row[]>(
      'f.ordinal',
      'f.name',
      'f.outcome',
      'f.added',
      'f.code',
      'f.message',
      'a.id',
      'a.sport',
      'a.name as activityName',
      db.raw('extract(epoch from a.started_at)::float8 as "startedAt"'),
      db.raw('exists (select 1 from tracks t where t.activity_id = a.id) as "hasTrack"'),
    );
  const page = rows.slice(0, PAGE);
  return {
    files: page.map((row) => listed(row, key)),
    next: rows.length > PAGE ? page[PAGE - 1].ordinal : null,
    counts: await countFiles(db, importId),
  };
}

interface Row extends Omit<ListedFile, 'name' | 'message' | 'activity'> {
  ordinal: number;
  name: Buffer;
  message: Buffer | null;
  id: string | null;
  sport: string;
  activityName: Buffer | null;
  startedAt: number | null;
  hasTrack: boolean;
}

function listed(row: Row, key: Buffer): ListedFile {
  const { name, outcome, added, code, message } = row;
  const { id, activityName, sport, startedAt, hasTrack } = row;
  const activity = () => ({
    id: id!,
    name: activityName && open(key, activityName, 'activity-name').toString(),
    sport,
    startedAt,
    hasTrack,
  });
  return {
    name: text(key, name),
    outcome,
    added,
    code,
    message: message && text(key, message),
    activity: id === null ? null : activity(),
  };
}

async function countFiles(db: Knex, importId: string): Promise<Record<Outcome, number>> {
  const rows = await db('import_files')
    .where({ import_id: importId })
    .groupBy('outcome')
    .select<{ outcome: Outcome; count: number }[]>('outcome', db.raw('count(*)::int as count'));
  const counts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  for (const { outcome, count } of rows) counts[outcome] = count;
  return counts;
}

function text(key: Buffer, sealed: Buffer): string {
  return open(key, sealed, WORDS).toString();
}
