import { deriveKey, open, seal } from '../athletes/seal.ts';
import { decodeTrack } from '../tracks/codec.ts';
import { better } from '../tracks/similar.ts';
import { findDuplicate } from './duplicates.ts';
import { draw, type Prepared, type Provenance } from './prepare.ts';
import { drawFrom, isBetter, replaceTrack, sealName, unchoose, type Write } from './write.ts';

/**
 * Copies: recordings that Strava's API gave, each of one activity there. Unlike a file, what they are copies of
 * changes, so they are read again and may have to go.
 */

/** One of them, as it is stored. */
export interface Copy {
  recordingId: string;
  activityId: string;
  chosen: boolean;
  digest: Buffer;
  outline: boolean;
  /** 0: there is no track. */
  pointCount: number;
}

/** What Strava says of an activity beside its recording. */
export interface Words {
  name: string | null;
  sport: string;
  commute: boolean;
  virtual: boolean;
  visibility: string;
}

/** The copy of an activity at Strava; undefined where there is none, or the athlete deleted the activity here. */
export async function findCopy({ trx, athleteId }: Write, stravaId: string): Promise<Copy | undefined> {
  return trx('recordings')
    .where({ athlete_id: athleteId, strava_id: stravaId })
    .first<Copy | undefined>(
      'id as recordingId',
      'activity_id as activityId',
      'chosen',
      'digest',
      'outline',
      'point_count as pointCount',
    );
}

/**
 * Takes over what a copy has become; an outline never replaces the whole recording. Answers the activity it is of then,
 * which may be another: the whole may show that both are one outing.
 */
export async function reread(change: Write, copy: Copy, prepared: Prepared): Promise<string> {
  const { activityId } = copy;
  const isWhole = !copy.outline && copy.pointCount > 0;
  if (copy.digest.equals(prepared.digest) || (prepared.outline && isWhole)) return activityId;
  const { trx, key } = change;
  await trx('recordings')
    .where({ id: copy.recordingId })
    .update({
      digest: Buffer.from(prepared.digest),
      point_count: prepared.pointCount,
      source: prepared.source && seal(key, prepared.source, 'source'),
      outline: prepared.outline ?? false,
    });
  const joined = await joinOther(change, copy, prepared);
  if (joined !== null) return joined;
  if (copy.chosen) await drawFrom(change, activityId, prepared);
  else if (await isBetter(change, activityId, prepared)) await choose(change, copy, activityId, prepared);
  return activityId;
}

/**
 * The whole recording may show what its outline did not: that another activity here, a file's, is the same outing.
 * Then both become that one.
 */
async function joinOther(
  change: Write,
  { activityId, ...copy }: Copy,
  prepared: Prepared,
): Promise<string | null> {
  const { trx, athleteId, key, revision } = change;
  if (!prepared.source || prepared.outline) return null;
  const openSource = (sealed: Buffer) => open(key, sealed, 'source');
  const other = await findDuplicate(trx, athleteId, prepared, openSource, activityId);
  if (other === null) return null;
  await trx('recordings')
    .where({ activity_id: activityId })
    .update({ activity_id: other.activityId, chosen: false });
  const [left] = await trx('activities')
    .where({ id: activityId })
    .delete()
    .returning<{ strava_id: string | null; name: Buffer | null; named_by_api: boolean }[]>([
      'strava_id',
      'name',
      'named_by_api',
    ]);
  await trx('removed_activities').insert({ athlete_id: athleteId, activity_id: activityId, revision });
  await trx('activities')
    .where({ id: other.activityId })
    .whereNull('strava_id')
    .update({ strava_id: left.strava_id, revision });
  await trx('activities')
    .where({ id: other.activityId })
    .whereNull('name')
    .update({ name: left.name, named_by_api: left.named_by_api, revision });
  change.changed = true;
  const joined = { ...copy, activityId: other.activityId, chosen: false };
  if (await isBetter(change, other.activityId, prepared)) {
    await choose(change, joined, other.activityId, prepared);
  }
  return other.activityId;
}

async function choose(change: Write, copy: Copy, activityId: string, prepared: Prepared): Promise<void> {
  await unchoose(change, activityId);
  await change.trx('recordings').where({ id: copy.recordingId }).update({ chosen: true });
  await drawFrom(change, activityId, prepared);
}

/** Takes over Strava's words of an activity, as far as they came from there before. */
export async function describeCopy(change: Write, stravaId: string, words: Words): Promise<void> {
  const copy = await findCopy(change, stravaId);
  if (!copy) return;
  const { trx, key, athleteId, revision } = change;
  const { name, ...others } = words;
  const mine = { id: copy.activityId, athlete_id: athleteId, strava_id: stravaId };
  const described = await trx('activities')
    .where({ ...mine, provenance: 'strava_api' })
    .update({ ...others, revision });
  const named = await trx('activities')
    .where(mine)
    .where((query) => query.where({ named_by_api: true }).orWhereNull('name'))
    .update({ name: sealName(key, name), named_by_api: name !== null, revision });
  if (described + named > 0) change.changed = true;
}

/**
 * Removes copies. An activity with a recording of other origin goes on with that; one without any goes altogether.
 */
export async function withdrawCopies(change: Write, stravaIds: readonly string[]): Promise<void> {
  const { trx, athleteId } = change;
  const withdrawn = await trx('recordings')
    .where({ athlete_id: athleteId })
    .whereIn('strava_id', [...stravaIds])
    .delete()
    .returning<{ activity_id: string; chosen: boolean }[]>(['activity_id', 'chosen']);
  if (withdrawn.length === 0) return;
  change.changed = true;
  const drawn = new Map<string, boolean>();
  for (const { activity_id, chosen } of withdrawn) {
    drawn.set(activity_id, chosen || drawn.get(activity_id) === true);
  }
  const left = await recordingsOf(change, [...drawn.keys()]);
  const bare = [...drawn.keys()].filter((id) => !left.has(id));
  await removeActivities(change, bare);
  for (const [activityId, recordings] of left)
    await goOn(change, activityId, recordings, drawn.get(activityId)!);
}

/** Removes every copy of the athlete's, and what the API said of activities that go on without it. */
export async function withdrawAllCopies(change: Write): Promise<void> {
  const { trx, athleteId, revision } = change;
  const stravaIds = await trx('recordings')
    .where({ athlete_id: athleteId })
    .whereNotNull('strava_id')
    .pluck<string[]>('strava_id');
  await withdrawCopies(change, stravaIds);
  const unnamed = await trx('activities')
    .where({ athlete_id: athleteId, named_by_api: true })
    .update({ name: null, named_by_api: false, revision });
  if (unnamed > 0) change.changed = true;
}

interface Left {
  id: string;
  activity_id: string;
  provenance: Provenance;
  strava_id: string | null;
  point_count: number;
  source: Buffer | null;
}

async function recordingsOf({ trx }: Write, ids: readonly string[]): Promise<Map<string, Left[]>> {
  const rows: Left[] = await trx('recordings')
    .whereIn('activity_id', [...ids])
    .orderBy('id')
    .select('id', 'activity_id', 'provenance', 'strava_id', 'point_count', 'source');
  return Map.groupBy(rows, ({ activity_id }) => activity_id);
}

async function removeActivities({ trx, athleteId, revision }: Write, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await trx('activities')
    .where({ athlete_id: athleteId })
    .whereIn('id', [...ids])
    .delete();
  await trx('removed_activities').insert(
    ids.map((id) => ({ athlete_id: athleteId, activity_id: id, revision })),
  );
}

/** An activity lost a copy: it is drawn from the best of what is left, and known by that one's number. */
async function goOn(
  change: Write,
  activityId: string,
  left: readonly Left[],
  redraw: boolean,
): Promise<void> {
  const { trx, key, revision } = change;
  const copies = left.filter(({ strava_id }) => strava_id !== null);
  const files = left.filter(({ strava_id }) => strava_id === null);
  const isExported = files.some(({ provenance }) => provenance === 'bulk_export');
  if (!isExported) {
    await trx('activities')
      .where({ id: activityId })
      .update({ strava_id: copies[0]?.strava_id ?? null, revision });
  }
  if (!redraw) return;
  const best = bestOf(key, files.length > 0 ? files : copies);
  await trx('recordings').where({ id: best.id }).update({ chosen: true });
  await trx('activities').where({ id: activityId }).update({ provenance: best.provenance });
  const track = best.source && decodeTrack(open(key, best.source, 'source'));
  await replaceTrack(change, activityId, track && draw(track, deriveKey(key, 'map')), best.point_count);
}

function bestOf(key: Buffer, recordings: readonly Left[]): Left {
  return recordings.reduce((best, one) => {
    if (!one.source) return best;
    if (!best.source) return one;
    const before = decodeTrack(open(key, best.source, 'source'));
    return better(before, decodeTrack(open(key, one.source, 'source'))) === before ? best : one;
  });
}
