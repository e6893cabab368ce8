import type { Knex } from 'knex';
import { open } from '../athletes/seal.ts';
import { PIPELINE_VERSION } from '../heat/pipeline.ts';
import { unpackGeometry } from '../tracks/levels.ts';
import type { IndexedActivity } from './athlete-index.ts';
import type { Filterable, Visibility } from './filter.ts';
import type { Geometry } from './subject.ts';

/** Whose stored geometry is read, and which. */
export interface Store {
  db: Knex;
  athleteId: string;
  geometry: Geometry;
  /** Whether others may see what came from Strava's API. */
  shareStravaApi: boolean;
}

/** A drawn activity as it lies in the database. `fine` is null where only the coarse part was asked for. */
export interface StoredActivity {
  activityId: string;
  sport: string;
  startedAt: number | null;
  commute: boolean;
  virtual: boolean;
  visibility: Visibility;
  tag: Buffer;
  coarse: Buffer;
  fine: Buffer | null;
}

/** What happened to an athlete's activities after some revision, as of one moment. */
export interface StoredChanges {
  revision: string;
  /** The revision at which what the athlete hides last changed: all public geometry that is older was deleted. */
  hidingRevision: string;
  /** Added or changed, oldest change first. */
  changed: string[];
  /** Deleted. */
  removed: string[];
}

/*
 * Drawn is what has a track made by this pipeline. Tracks of another pipeline may use other levels or units, so they are
 * left out until their rebuild, which stamps a new revision, brings them in.
 */
function columns(store: Store): string {
  return `cast(a.id as text) as "activityId", ${labels(store)}, t.tag, t.coarse`;
}

function labels({ shareStravaApi }: Store): string {
  return `a.sport, cast(extract(epoch from a.started_at) as float8) as "startedAt", a.commute, a.virtual,
    ${visibilityOf(shareStravaApi)} as visibility`;
}

function drawn({ geometry, shareStravaApi }: Store): string {
  return geometry === 'own'
    ? 'from activities a join tracks t on t.activity_id = a.id and t.pipeline = :pipeline'
    : `from activities a join public_tracks t on t.activity_id = a.id and t.pipeline = :pipeline
         and t.tag is not null and ${mayBeShared(shareStravaApi)}`;
}

/** Whether others may see anything of the activity `a`: a condition in SQL. */
export function mayBeShared(shareStravaApi: boolean): string {
  const provenance = shareStravaApi ? '' : `and a.provenance <> 'strava_api'`;
  return `a.visibility = 'everyone' and not a.hidden ${provenance}`;
}

/** The visibility of the activity `a`, in SQL. */
export function visibilityOf(shareStravaApi: boolean): string {
  return `case when ${mayBeShared(shareStravaApi)} then 'public' else 'private' end`;
}

/** An athlete's revision; null when there is no such athlete. */
export async function readRevision(db: Knex, athleteId: string): Promise<string | null> {
  const row = await db('athletes').where('id', athleteId).first<{ revision: string }>('revision');
  return row ? String(row.revision) : null;
}

/** All changes after a revision, read in one statement so that they belong together. */
export async function readChanges(
  { db, athleteId, geometry }: Store,
  since: string,
): Promise<StoredChanges | null> {
  const published =
    geometry === 'own'
      ? ''
      : `union select t.activity_id, t.revision from public_tracks t
           where t.athlete_id = h.id and t.revision > :since`;
  const { rows } = await db.raw<{ rows: StoredChanges[] }>(
    `select cast(h.revision as text) as revision, cast(h.hiding_revision as text) as "hidingRevision",
       array(select cast(c.id as text) from (
           select a.id, a.revision from activities a
           where a.athlete_id = h.id and a.revision > :since ${published}) c
         group by c.id order by max(c.revision)) as changed,
       array(select cast(r.activity_id as text) from removed_activities r
         where r.athlete_id = h.id and r.revision > :since) as removed
     from athletes h where h.id = :athleteId`,
    { athleteId, since },
  );
  return rows[0] ?? null;
}

/** Coarse parts in order of id, the next `limit` after an id. */
export async function readCoarse(store: Store, after: string, limit: number): Promise<StoredActivity[]> {
  const { db, athleteId } = store;
  const { rows } = await db.raw<{ rows: StoredActivity[] }>(
    `select ${columns(store)}, null as fine ${drawn(store)}
     where a.athlete_id = :athleteId and a.id > :after order by a.id limit :limit`,
    { athleteId, after, limit, pipeline: PIPELINE_VERSION },
  );
  return rows;
}

/** Those of the given activities that are drawn, whole. */
export async function readActivities(store: Store, ids: string[]): Promise<StoredActivity[]> {
  const { db, athleteId } = store;
  const { rows } = await db.raw<{ rows: StoredActivity[] }>(
    `select ${columns(store)}, t.fine ${drawn(store)} where a.athlete_id = :athleteId and a.id = any(cast(:ids as bigint[]))`,
    { athleteId, ids, pipeline: PIPELINE_VERSION },
  );
  return rows;
}

/** The fine parts of the given activities, with the tag that says which coarse part they go with. */
export async function readFine(
  { db, athleteId, geometry }: Store,
  ids: string[],
): Promise<{ activityId: string; tag: Buffer; fine: Buffer }[]> {
  const { rows } = await db.raw<{ rows: { activityId: string; tag: Buffer; fine: Buffer }[] }>(
    `select cast(t.activity_id as text) as "activityId", t.tag, t.fine
     from ${geometry === 'own' ? 'tracks' : 'public_tracks'} t
     where t.athlete_id = :athleteId and t.activity_id = any(cast(:ids as bigint[])) and t.pipeline = :pipeline
       and t.tag is not null`,
    { athleteId, ids, pipeline: PIPELINE_VERSION },
  );
  return rows;
}

/** What filters look at, of the activities that are drawn: of all, or of those of one provenance. */
export async function readLabels(store: Store, provenance: string | null = null): Promise<Filterable[]> {
  const { db, athleteId } = store;
  const { rows } = await db.raw<{ rows: Filterable[] }>(
    `select ${labels(store)} ${drawn(store)}
     where a.athlete_id = :athleteId ${provenance === null ? '' : 'and a.provenance = :provenance'}`,
    { athleteId, provenance, pipeline: PIPELINE_VERSION },
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
