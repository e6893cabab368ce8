import type { Knex } from 'knex';
import { type Keyring, UnknownAthlete } from '../athletes/keyring.ts';
import { open, seal } from '../athletes/seal.ts';
import type { Footprints } from '../database/footprint.ts';
import { PIPELINE_VERSION } from '../heat/pipeline.ts';
import { decodeTrack } from '../tracks/codec.ts';
import { better } from '../tracks/similar.ts';
import { type Duplicate, findDuplicate } from './duplicates.ts';
import { type Drawing, type Prepared, UNKNOWN_SPORT } from './prepare.ts';

/** What writing an activity needs. */
export interface WriteDeps {
  db: Knex;
  keyring: Pick<Keyring, 'dataKey'>;
  footprints: Footprints;
}

/** `created`: a new activity; `merged`: another recording of one that was there; `known`: nothing new. */
export interface Saved {
  activityId: string;
  outcome: 'created' | 'merged' | 'known';
}

/** One transaction of one athlete; `changed` is set by whoever changes what is drawn or listed. */
interface Write {
  trx: Knex.Transaction;
  deps: WriteDeps;
  athleteId: string;
  key: Buffer;
  /** The athlete's revision after this transaction, if anything changes. */
  revision: string;
  changed: boolean;
}

/** Saves one activity: the one way in, from a file and from Strava alike. */
export async function saveActivity(deps: WriteDeps, athleteId: string, prepared: Prepared): Promise<Saved> {
  const [saved] = await saveActivities(deps, athleteId, [prepared]);
  return saved;
}

/** Saves several activities in one transaction: all of them, or none. Answers in their order. */
export async function saveActivities(
  deps: WriteDeps,
  athleteId: string,
  prepared: readonly Prepared[],
): Promise<Saved[]> {
  return write(deps, athleteId, async (change) => {
    const saved: Saved[] = [];
    for (const one of prepared) saved.push(await save(change, one));
    return saved;
  });
}

/** Deletes an activity with all its recordings. False when this athlete has no such activity. */
export async function deleteActivity(
  deps: WriteDeps,
  athleteId: string,
  activityId: string,
): Promise<boolean> {
  return write(deps, athleteId, async (change) => {
    const { trx, revision } = change;
    const deleted = await trx('activities').where({ id: activityId, athlete_id: athleteId }).delete();
    if (deleted === 0) return false;
    await trx('removed_activities').insert({ athlete_id: athleteId, activity_id: activityId, revision });
    change.changed = true;
    return true;
  });
}

/**
 * Runs one write of an athlete. The lock on the athlete's row comes first and serialises them, so that
 * two imports of the same files see each other's activities and an index never misses a revision. Throws
 * UnknownAthlete for one who is deleted.
 */
export async function write<T>(
  deps: WriteDeps,
  athleteId: string,
  body: (change: Write) => Promise<T>,
): Promise<T> {
  const key = await deps.keyring.dataKey(athleteId);
  return deps.db.transaction(async (trx) => {
    const locked = await trx.raw<{ rows: { revision: string }[] }>(
      'select revision + 1 as revision from athletes where id = ? for update',
      [athleteId],
    );
    if (locked.rows.length === 0) throw new UnknownAthlete(athleteId);
    const { revision } = locked.rows[0];
    const change: Write = { trx, deps, athleteId, key, revision, changed: false };
    const result = await body(change);
    if (change.changed) {
      await trx.raw('update athletes set revision = :revision where id = :athleteId', {
        revision,
        athleteId,
      });
      await trx.raw(`select pg_notify('revision', ?)`, [`${athleteId}:${revision}`]);
    }
    return result;
  });
}

async function save(change: Write, prepared: Prepared): Promise<Saved> {
  const openSource = (sealed: Buffer) => open(change.key, sealed, 'source');
  const duplicate = await findDuplicate(change.trx, change.athleteId, prepared, openSource);
  if (duplicate === null) return { activityId: await create(change, prepared), outcome: 'created' };
  const { activityId } = duplicate;
  await fillIn(change, activityId, prepared);
  if (duplicate.by === 'file') return { activityId, outcome: 'known' };
  return { activityId, outcome: await merge(change, duplicate, prepared) };
}

async function create(change: Write, prepared: Prepared): Promise<string> {
  const { trx, athleteId, key, revision, deps } = change;
  const [{ id }] = await trx('activities')
    .insert({
      athlete_id: athleteId,
      provenance: prepared.provenance,
      sport: prepared.sport,
      started_at: timestamp(prepared.startedAt),
      elapsed: prepared.elapsed,
      distance: prepared.distance,
      commute: prepared.commute,
      virtual: prepared.virtual,
      visibility: prepared.visibility,
      strava_id: prepared.stravaId,
      name: sealName(key, prepared.name),
      footprint: prepared.drawing && deps.footprints.value(prepared.drawing.bounds),
      revision,
    })
    .returning<{ id: string }[]>('id');
  await addRecording(change, id, prepared, true);
  if (prepared.drawing) await insertTrack(change, id, prepared.drawing, prepared.pointCount);
  change.changed = true;
  return id;
}

/**
 * Adds another recording of an activity. Both are kept, so that the choice can be undone; the better one is
 * drawn. A file takes over what Strava's API gave: it may be shown to others, the API's copy may not.
 */
async function merge(
  change: Write,
  { activityId }: Duplicate,
  prepared: Prepared,
): Promise<Saved['outcome']> {
  const { trx, key, athleteId } = change;
  const chosen = await trx('recordings')
    .where({ activity_id: activityId, chosen: true })
    .first<{ provenance: string; source: Buffer | null } | undefined>('provenance', 'source');
  const wins = isBetter(
    prepared,
    chosen && { ...chosen, source: chosen.source && open(key, chosen.source, 'source') },
  );
  if (wins)
    await trx('recordings').where({ activity_id: activityId, chosen: true }).update({ chosen: false });
  await addRecording(change, activityId, prepared, wins);
  if (!wins) return 'merged';

  const { startedAt, elapsed, distance, provenance, drawing, pointCount } = prepared;
  const known = { started_at: timestamp(startedAt), elapsed, distance };
  await trx('activities')
    .where({ id: activityId, athlete_id: athleteId })
    .update({ ...withoutNulls(known), provenance });
  await replaceTrack(change, activityId, drawing, pointCount);
  return 'merged';
}

function isBetter(
  fresh: Prepared,
  old: { provenance: string; source: Uint8Array | null } | undefined,
): boolean {
  if (!fresh.source) return false;
  if (!old?.source) return true;
  const fromApi = (provenance: string) => provenance === 'strava_api';
  if (fromApi(fresh.provenance) !== fromApi(old.provenance)) return fromApi(old.provenance);
  const before = decodeTrack(old.source);
  return better(before, decodeTrack(fresh.source)) !== before;
}

async function addRecording(
  change: Write,
  activityId: string,
  prepared: Prepared,
  chosen: boolean,
): Promise<void> {
  await change.trx('recordings').insert({
    activity_id: activityId,
    athlete_id: change.athleteId,
    digest: Buffer.from(prepared.digest),
    provenance: prepared.provenance,
    point_count: prepared.pointCount,
    source: prepared.source && seal(change.key, prepared.source, 'source'),
    chosen,
  });
}

/** Draws an activity anew: its track, its footprint, and the revision at which an index takes them up. */
export async function replaceTrack(
  change: Write,
  activityId: string,
  drawing: Drawing | null,
  pointCount: number,
): Promise<void> {
  const { trx, deps, revision } = change;
  await trx('tracks').where({ activity_id: activityId }).delete();
  if (drawing) await insertTrack(change, activityId, drawing, pointCount);
  await trx('activities')
    .where({ id: activityId })
    .update({ footprint: drawing && deps.footprints.value(drawing.bounds), revision });
  change.changed = true;
}

async function insertTrack(
  change: Write,
  activityId: string,
  drawing: Drawing,
  pointCount: number,
): Promise<void> {
  await change.trx('tracks').insert({
    activity_id: activityId,
    athlete_id: change.athleteId,
    tag: Buffer.from(drawing.tag),
    pipeline: PIPELINE_VERSION,
    coarse: seal(change.key, drawing.coarse, 'geometry'),
    fine: seal(change.key, drawing.fine, 'geometry'),
    point_count: pointCount,
  });
}

/** Fills in what the activity did not say before and this recording does (a bulk export's names, after its bare files). */
async function fillIn(change: Write, activityId: string, prepared: Prepared): Promise<void> {
  const { trx, key, athleteId } = change;
  const before = await trx('activities')
    .where({ id: activityId, athlete_id: athleteId })
    .first<{ sport: string; commute: boolean; strava_id: string | null; name: Buffer | null }>(
      'sport',
      'commute',
      'strava_id',
      'name',
    );
  const news: Record<string, unknown> = {};
  if (before.name === null && prepared.name !== null) news.name = sealName(key, prepared.name);
  if (
    before.strava_id === null &&
    prepared.stravaId !== null &&
    !(await takenStravaId(change, prepared.stravaId))
  ) {
    // Strava's own words about its activity are better than a file's.
    Object.assign(news, { strava_id: prepared.stravaId, sport: prepared.sport });
    if (prepared.name !== null) news.name = sealName(key, prepared.name);
  } else if (before.sport === UNKNOWN_SPORT && prepared.sport !== UNKNOWN_SPORT) news.sport = prepared.sport;
  if (prepared.commute && !before.commute) news.commute = true;
  if (Object.keys(news).length === 0) return;
  await trx('activities')
    .where({ id: activityId, athlete_id: athleteId })
    .update({ ...news, revision: change.revision });
  change.changed = true;
}

/** Two activities at Strava may be one outing here; the number stays with the activity that has it. */
async function takenStravaId({ trx, athleteId }: Write, stravaId: string): Promise<boolean> {
  return (
    (await trx('activities').where({ athlete_id: athleteId, strava_id: stravaId }).first('id')) !== undefined
  );
}

function sealName(key: Buffer, name: string | null): Buffer | null {
  return name === null ? null : seal(key, Buffer.from(name), 'activity-name');
}

function timestamp(seconds: number | null): Date | null {
  return seconds === null ? null : new Date(seconds * 1000);
}

function withoutNulls(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
