import type { Knex } from 'knex';
import { open, seal } from '../athletes/seal.ts';
import { findCopy, reread } from './copies.ts';
import { type Duplicate, findDuplicate } from './duplicates.ts';
import { type Prepared, UNKNOWN_SPORT } from './prepare.ts';
import {
  drawFrom,
  insertTrack,
  isBetter,
  isFromApi,
  sealName,
  timestamp,
  unchoose,
  type Write,
  type WriteDeps,
  write,
} from './write.ts';

/** `created`: a new activity; `merged`: another recording of one that was there; `known`: nothing new. */
export interface Saved {
  activityId: string;
  outcome: 'created' | 'merged' | 'known';
}

/** Saves one activity: the one way in, from a file and from Strava alike. */
export async function saveActivity(deps: WriteDeps, athleteId: string, prepared: Prepared): Promise<Saved> {
  const [saved] = await saveActivities(deps, athleteId, [prepared]);
  return saved;
}

/**
 * Saves several activities in one transaction, with whatever `also` does: all of it, or nothing. Answers in their order.
 */
export async function saveActivities(
  deps: WriteDeps,
  athleteId: string,
  prepared: readonly Prepared[],
  also?: (trx: Knex.Transaction, saved: readonly Saved[]) => Promise<void>,
): Promise<Saved[]> {
  return write(deps, athleteId, async (change) => {
    const saved: Saved[] = [];
    for (const one of prepared) saved.push(await save(change, one));
    await also?.(change.trx, saved);
    return saved;
  });
}

/** Saves one activity within a write. */
export async function save(change: Write, prepared: Prepared): Promise<Saved> {
  const copy =
    isFromApi(prepared) && prepared.stravaId !== null && (await findCopy(change, prepared.stravaId));
  if (copy) return { activityId: await reread(change, copy, prepared), outcome: 'known' };
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
      hidden: prepared.hidden ?? false,
      strava_id: prepared.stravaId,
      name: sealName(key, prepared.name),
      named_by_api: isFromApi(prepared) && prepared.name !== null,
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
  const wins = await isBetter(change, activityId, prepared);
  if (wins) await unchoose(change, activityId);
  await addRecording(change, activityId, prepared, wins);
  if (wins) await drawFrom(change, activityId, prepared);
  return 'merged';
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
    strava_id: isFromApi(prepared) ? prepared.stravaId : null,
    outline: prepared.outline ?? false,
  });
}

/** Fills in what the activity did not say before and this recording does (a bulk export's names, after its bare files). */
async function fillIn(change: Write, activityId: string, prepared: Prepared): Promise<void> {
  const { trx, key, athleteId } = change;
  const before = await trx('activities').where({ id: activityId, athlete_id: athleteId }).first<{
    sport: string;
    commute: boolean;
    strava_id: string | null;
    name: Buffer | null;
    named_by_api: boolean;
  }>('sport', 'commute', 'strava_id', 'name', 'named_by_api');
  const fromApi = isFromApi(prepared);
  const news: Record<string, unknown> = {};
  const isNew =
    before.strava_id === null &&
    prepared.stravaId !== null &&
    !(await takenStravaId(change, prepared.stravaId));
  if (isNew) news.strava_id = prepared.stravaId;
  // Strava's own words about its activity are better than a file's, if they may be kept.
  const knowsBetter = !fromApi && (isNew || before.named_by_api);
  if (prepared.name !== null && (before.name === null || knowsBetter)) {
    Object.assign(news, { name: sealName(key, prepared.name), named_by_api: fromApi });
  }
  if (isNew && !fromApi) news.sport = prepared.sport;
  else if (before.sport === UNKNOWN_SPORT && prepared.sport !== UNKNOWN_SPORT) news.sport = prepared.sport;
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
