/** Puts sample activities into a test's database the way the write path does, one transaction each. */
import type { Knex } from 'knex';
import { seal } from '../athletes/seal.ts';
import { PIPELINE_VERSION } from '../heat/pipeline.ts';
import type { IndexedActivity } from '../index/athlete-index.ts';
import { packGeometry } from '../tracks/levels.ts';

export interface Athlete {
  id: string;
  key: Buffer;
}

/** Writes an activity and returns its id; with `replaced` it takes the place of that one. */
export async function storeActivity(
  db: Knex,
  { id: athleteId, key }: Athlete,
  activity: IndexedActivity,
  replaced?: string,
): Promise<string> {
  return db.transaction(async (trx) => {
    const revision = await nextRevision(trx, athleteId);
    const { sport, startedAt, commute, virtual, visibility, tag, coarse, fine } = activity;
    const row = {
      athlete_id: athleteId,
      provenance: 'upload',
      sport,
      started_at: startedAt === null ? null : new Date(startedAt * 1000),
      commute,
      virtual,
      hidden: visibility === 'private',
      revision,
    };
    if (replaced) {
      await trx('activities').where('id', replaced).update(row);
      await trx('tracks').where('activity_id', replaced).delete();
    }
    const activityId = replaced ?? String((await trx('activities').insert(row).returning('id'))[0].id);
    await trx('tracks').insert({
      activity_id: activityId,
      athlete_id: athleteId,
      tag: Buffer.from(tag),
      pipeline: PIPELINE_VERSION,
      coarse: seal(key, packGeometry(coarse), 'geometry'),
      fine: seal(key, packGeometry(fine!), 'geometry'),
      point_count: 100,
    });
    await notify(trx, athleteId, revision);
    return activityId;
  });
}

export async function removeActivity(
  db: Knex,
  { id: athleteId }: Athlete,
  activityId: string,
): Promise<void> {
  await db.transaction(async (trx) => {
    const revision = await nextRevision(trx, athleteId);
    await trx('activities').where('id', activityId).delete();
    await trx('removed_activities').insert({ athlete_id: athleteId, activity_id: activityId, revision });
    await notify(trx, athleteId, revision);
  });
}

/** Any other change of an activity's row. */
export async function updateActivity(
  db: Knex,
  { id: athleteId }: Athlete,
  activityId: string,
  columns: Record<string, unknown>,
): Promise<void> {
  await db.transaction(async (trx) => {
    const revision = await nextRevision(trx, athleteId);
    await trx('activities')
      .where('id', activityId)
      .update({ ...columns, revision });
    await notify(trx, athleteId, revision);
  });
}

async function nextRevision(trx: Knex.Transaction, athleteId: string): Promise<string> {
  const [{ revision }] = await trx('athletes')
    .where('id', athleteId)
    .increment('revision', 1)
    .returning<{ revision: string }[]>('revision');
  return revision;
}

async function notify(trx: Knex.Transaction, athleteId: string, revision: string): Promise<void> {
  await trx.raw("select pg_notify('revision', ?)", [`${athleteId}:${revision}`]);
}
