import type { Knex } from 'knex';
import { open } from '../athletes/seal.ts';
import { PIPELINE_VERSION } from '../heat/pipeline.ts';
import { unpackGeometry } from '../tracks/levels.ts';
import type { IndexedActivity } from './athlete-index.ts';

/** A drawn activity as it lies in the database. `fine` is null where only the coarse part was asked for. */
export interface StoredActivity {
  activityId: string;
  sport: string;
  startedAt: number | null;
  commute: boolean;
  virtual: boolean;
  tag: Buffer;
  coarse: Buffer;
  fine: Buffer | null;
}

/** What happened to an athlete's activities after some revision, as of one moment. */
export interface StoredChanges {
  revision: string;
  /** Added or changed, oldest change first. */
  changed: string[];
  /** Deleted. */
  removed: string[];
}

/*
 * Drawn is what has a track made by this pipeline and is not hidden. Tracks of another pipeline may use other
 * levels or units, so they are left out until their rebuild, which stamps a new revision, brings them in.
 */
const COLUMNS = `cast(a.id as text) as "activityId", a.sport,
  cast(extract(epoch from a.started_at) as float8) as "startedAt", a.commute, a.virtual, t.tag, t.coarse`;
const DRAWN =
  'from activities a join tracks t on t.activity_id = a.id and t.pipeline = :pipeline and not a.hidden';

/** An athlete's revision; null when there is no such athlete. */
export async function readRevision(db: Knex, athleteId: string): Promise<string | null> {
  const row = await db('athletes').where('id', athleteId).first<{ revision: string }>('revision');
  return row ? String(row.revision) : null;
}

/** All changes after a revision, read in one statement so that they belong together. */
export async function readChanges(db: Knex, athleteId: string, since: string): Promise<StoredChanges | null> {
  const { rows } = await db.raw<{ rows: StoredChanges[] }>(
    `select cast(h.revision as text) as revision,
       array(select cast(a.id as text) from activities a
         where a.athlete_id = h.id and a.revision > :since order by a.revision) as changed,
       array(select cast(r.activity_id as text) from removed_activities r
         where r.athlete_id = h.id and r.revision > :since) as removed
     from athletes h where h.id = :athleteId`,
    { athleteId, since },
  );
  return rows[0] ?? null;
}

/** Coarse parts in order of id, the next `limit` after an id. */
export async function readCoarse(
  db: Knex,
  athleteId: string,
  after: string,
  limit: number,
): Promise<StoredActivity[]> {
  const { rows } = await db.raw<{ rows: StoredActivity[] }>(
    `select ${COLUMNS}, null as fine ${DRAWN}
     where a.athlete_id = :athleteId and a.id > :after order by a.id limit :limit`,
    { athleteId, after, limit, pipeline: PIPELINE_VERSION },
  );
  return rows;
}

/** Those of the given activities that are drawn, whole. */
export async function readActivities(db: Knex, athleteId: string, ids: string[]): Promise<StoredActivity[]> {
  const { rows } = await db.raw<{ rows: StoredActivity[] }>(
    `select ${COLUMNS}, t.fine ${DRAWN} where a.athlete_id = :athleteId and a.id = any(cast(:ids as bigint[]))`,
    { athleteId, ids, pipeline: PIPELINE_VERSION },
  );
  return rows;
}

/** The fine parts of the given activities, with the tag that says which coarse part they go with. */
export async function readFine(
  db: Knex,
  athleteId: string,
  ids: string[],
): Promise<{ activityId: string; tag: Buffer; fine: Buffer }[]> {
  const { rows } = await db.raw<{ rows: { activityId: string; tag: Buffer; fine: Buffer }[] }>(
    `select cast(t.activity_id as text) as "activityId", t.tag, t.fine from tracks t
     where t.athlete_id = :athleteId and t.activity_id = any(cast(:ids as bigint[])) and t.pipeline = :pipeline`,
    { athleteId, ids, pipeline: PIPELINE_VERSION },
  );
  return rows;
}

/** Opens a sealed part. Throws SealError or RangeError when it is damaged or another athlete's. */
export function openGeometry(key: Buffer, sealed: Buffer): Uint8Array {
  return unpackGeometry(open(key, sealed, 'geometry'));
}

/** The activity as the index takes it. Throws like openGeometry. */
export function openActivity(key: Buffer, stored: StoredActivity): IndexedActivity {
  const { coarse, fine, ...rest } = stored;
  return { ...rest, coarse: openGeometry(key, coarse), fine: fine && openGeometry(key, fine) };
}
