import type { Knex } from 'knex';
import { type Keyring, UnknownAthlete } from '../athletes/keyring.ts';
import { open, seal } from '../athletes/seal.ts';
import type { Footprints } from '../database/footprint.ts';
import { transact } from '../database/transact.ts';
import { PIPELINE_VERSION } from '../heat/pipeline.ts';
import { decodeTrack } from '../tracks/codec.ts';
import { better } from '../tracks/similar.ts';
import type { Drawing, Prepared, Provenance } from './prepare.ts';

/** What writing an activity needs. */
export interface WriteDeps {
  db: Knex;
  keyring: Pick<Keyring, 'dataKey'>;
  footprints: Footprints;
  /** Queues the making of public geometry, for athletes who have others see any; in the transaction of the change. */
  enqueuePublishing?(trx: Knex, athleteId: string): Promise<void>;
}

/** One transaction of one athlete; `changed` is set by whoever changes what is drawn or listed. */
export interface Write {
  trx: Knex.Transaction;
  deps: WriteDeps;
  athleteId: string;
  key: Buffer;
  /** The athlete's revision after this transaction, if anything changes. */
  revision: string;
  changed: boolean;
}

/** Deletes activities with all their recordings. Answers how many of them this athlete had. */
export async function deleteActivities(
  deps: WriteDeps,
  athleteId: string,
  ids: readonly string[],
): Promise<number> {
  return write(deps, athleteId, async (change) => {
    const { trx, revision } = change;
    const deleted = await trx('activities')
      .whereIn('id', [...ids])
      .where({ athlete_id: athleteId })
      .delete()
      .returning<{ id: string }[]>('id');
    if (deleted.length === 0) return 0;
    await trx('removed_activities').insert(
      deleted.map(({ id }) => ({ athlete_id: athleteId, activity_id: id, revision })),
    );
    change.changed = true;
    return deleted.length;
  });
}

/**
 * Runs one write of an athlete. The lock on the athlete's row comes first and serialises them, so that
 * two imports of the same files see each other's activities and an index never misses a revision. As `transact` does,
 * it may run the body again. Throws UnknownAthlete for one who is deleted.
 */
export async function write<T>(
  deps: WriteDeps,
  athleteId: string,
  body: (change: Write) => Promise<T>,
): Promise<T> {
  const key = await deps.keyring.dataKey(athleteId);
  return transact(deps.db, async (trx) => {
    const locked = await trx.raw<{ rows: { revision: string; published: boolean }[] }>(
      'select revision + 1 as revision, published from athletes where id = ? for update',
      [athleteId],
    );
    if (locked.rows.length === 0) throw new UnknownAthlete(athleteId);
    const { revision, published } = locked.rows[0];
    const change: Write = { trx, deps, athleteId, key, revision, changed: false };
    const result = await body(change);
    if (change.changed) {
      await trx.raw('update athletes set revision = :revision where id = :athleteId', {
        revision,
        athleteId,
      });
      await trx.raw(`select pg_notify('revision', ?)`, [`${athleteId}:${revision}`]);
      if (published) await deps.enqueuePublishing?.(trx, athleteId);
    }
    return result;
  });
}

/** Whether a recording is better than the one that its activity is drawn from. */
export async function isBetter(
  { trx, key }: Write,
  activityId: string,
  fresh: Pick<Prepared, 'source' | 'provenance'>,
): Promise<boolean> {
  if (!fresh.source) return false;
  const old = await trx('recordings')
    .where({ activity_id: activityId, chosen: true })
    .first<{ provenance: Provenance; source: Buffer | null } | undefined>('provenance', 'source');
  if (!old?.source) return true;
  if (isFromApi(fresh) !== isFromApi(old)) return isFromApi(old);
  const before = decodeTrack(open(key, old.source, 'source'));
  return better(before, decodeTrack(fresh.source)) !== before;
}

/** No recording of an activity is the one it is drawn from, until another is. */
export async function unchoose({ trx }: Write, activityId: string): Promise<void> {
  await trx('recordings').where({ activity_id: activityId, chosen: true }).update({ chosen: false });
}

/** Makes an activity what one of its recordings says. */
export async function drawFrom(change: Write, activityId: string, prepared: Prepared): Promise<void> {
  const { startedAt, elapsed, distance, provenance, drawing, pointCount } = prepared;
  const known = { started_at: timestamp(startedAt), elapsed, distance };
  await change
    .trx('activities')
    .where({ id: activityId, athlete_id: change.athleteId })
    .update({ ...withoutNulls(known), provenance });
  await replaceTrack(change, activityId, drawing, pointCount);
}

/** Whether it came by Strava's API. */
export function isFromApi({ provenance }: { provenance: Provenance }): boolean {
  return provenance === 'strava_api';
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
  // what others see of it is made anew as well
  await trx('public_tracks').where({ activity_id: activityId }).delete();
  if (drawing) await insertTrack(change, activityId, drawing, pointCount);
  await trx('activities')
    .where({ id: activityId })
    .update({ footprint: drawing && deps.footprints.value(drawing.bounds), revision });
  change.changed = true;
}

/** Stores what is drawn of an activity that had no track. */
export async function insertTrack(
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

/** As it is stored. */
export function sealName(key: Buffer, name: string | null): Buffer | null {
  return name === null ? null : seal(key, Buffer.from(name), 'activity-name');
}

/** As a column has it. */
export function timestamp(seconds: number | null): Date | null {
  return seconds === null ? null : new Date(seconds * 1000);
}

function withoutNulls(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
