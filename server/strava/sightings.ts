import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { describeCopy, findCopy, withdrawCopies } from '../activities/copies.ts';
import { wordsDigest } from '../activities/digest.ts';
import type { Prepared } from '../activities/prepare.ts';
import { save } from '../activities/save.ts';
import { type Write, write } from '../activities/write.ts';
import { deriveKey } from '../athletes/seal.ts';
import { type Account, stands } from './accounts.ts';
import type { StravaActivity } from './activity.ts';
import { outlineOf } from './recording.ts';
import type { SyncDeps } from './sync-deps.ts';

/** How an activity that Strava showed stands to what is known of it here. */
type Change = 'new' | 'outline' | 'words' | 'nothing' | 'unseen';

interface Sighting {
  activity: StravaActivity;
  words: Buffer;
  geometry: Buffer;
  change: Change;
  /** Also its words changed, where its outline did. */
  renamed: boolean;
}

interface Known {
  strava_id: string;
  state: string;
  words: Buffer | null;
  geometry: Buffer | null;
}

export interface SightOptions {
  /** News may take from the part of the budget that is kept for them. */
  news: boolean;
  signal: AbortSignal;
  /** What is written in the same transaction. */
  also?(trx: Knex.Transaction): Promise<void>;
}

/** More than this at once are no news any more, but a history. */
const MOST_NEWS = 20;

/**
 * Takes in activities as Strava shows them, in a list or one by one: new ones are saved with their outline and wait
 * for their recording; changed ones are changed; what is not for this map goes from it. All in one transaction; nothing
 * of it for an account that has left or connected again since.
 */
export async function sight(
  deps: SyncDeps,
  account: Account,
  activities: readonly StravaActivity[],
  { news, signal, also }: SightOptions,
): Promise<void> {
  const { athleteId } = account;
  const key = await deps.keyring.dataKey(athleteId);
  const sightings = await compare(deps.db, account, activities, deriveKey(key, 'digest'));
  const drawn = sightings.filter(({ change }) => change === 'new' || change === 'outline');
  const outlines = await prepareOutlines(deps, key, drawn, signal);
  const fresh = news && drawn.length <= MOST_NEWS;
  const at = new Date(deps.clock.now());
  await write(deps, athleteId, async (change) => {
    if (!(await stands(change.trx, account))) return;
    const byFile = await ownedByFiles(change, drawn);
    const unseen = sightings.filter((one) => one.change === 'unseen');
    await withdrawCopies(
      change,
      unseen.map(({ activity }) => activity.stravaId),
    );
    for (const sighting of sightings) {
      const { stravaId } = sighting.activity;
      const outline = byFile.has(stravaId) ? undefined : outlines.get(stravaId);
      await takeIn(change, sighting, outline);
      await remember(change, sighting, { at, fresh, waits: outline?.outline === true });
    }
    await also?.(change.trx);
  });
}

async function compare(
  db: Knex,
  account: Account,
  activities: readonly StravaActivity[],
  digestKey: Buffer,
): Promise<Sighting[]> {
  const rows: Known[] = await db('strava_activities')
    .where({ athlete_id: account.athleteId })
    .whereIn(
      'strava_id',
      activities.map(({ stravaId }) => stravaId),
    )
    .select('strava_id', 'state', 'words', 'geometry');
  const known = new Map(rows.map((row) => [row.strava_id, row]));
  return activities.map((activity) => {
    const { name, sport, commute, virtual, visibility } = activity;
    const words = wordsDigest(digestKey, [name, sport, String(commute), String(virtual), visibility]);
    const { startedAt, elapsed, distance, polyline } = activity;
    const geometry = wordsDigest(digestKey, [startedAt, elapsed, distance, polyline]);
    const before = known.get(activity.stravaId);
    const renamed = !before?.words?.equals(words);
    const isForMap = account.private || visibility === 'everyone';
    const sighting = (change: Change) => ({ activity, words, geometry, change, renamed });
    if (!isForMap) return sighting('unseen');
    if (!before || before.state === 'unseen') return sighting('new');
    if (!before.geometry?.equals(geometry)) return sighting('outline');
    return sighting(renamed ? 'words' : 'nothing');
  });
}

async function prepareOutlines(
  { pool }: SyncDeps,
  key: Buffer,
  sightings: readonly Sighting[],
  signal: AbortSignal,
): Promise<Map<string, Prepared>> {
  if (sightings.length === 0) return new Map();
  const tagKey = deriveKey(key, 'map');
  const recordings = sightings.map(({ activity }) => {
    const digest = copyDigest(key, activity.stravaId, activity.polyline ?? '');
    return { raw: outlineOf(activity), about: { digest, tagKey, provenance: 'strava_api' as const } };
  });
  const prepared = await pool.prepareAll({ recordings }, signal);
  return new Map(
    sightings.map(({ activity }, at) => {
      const { stravaId, startedAt, elapsed, distance, commute, visibility } = activity;
      const told = { stravaId, startedAt, elapsed, distance, commute, visibility };
      return [stravaId, { ...prepared[at], ...told, outline: prepared[at].source !== null }];
    }),
  );
}

/** Names one state of one copy. */
export function copyDigest(key: Buffer, stravaId: string, content: string | Uint8Array): Buffer {
  const hash = createHash('sha256').update(content).digest('hex');
  return wordsDigest(deriveKey(key, 'digest'), ['strava', stravaId, hash]);
}

/** Those of which a file has the track already: nothing better is to be had. */
async function ownedByFiles({ trx, athleteId }: Write, sightings: readonly Sighting[]): Promise<Set<string>> {
  const ids = sightings.filter(({ change }) => change === 'new').map(({ activity }) => activity.stravaId);
  const owned = await trx('activities as a')
    .join('recordings as r', (join) => join.on('r.activity_id', 'a.id').andOnVal('r.chosen', true))
    .where('a.athlete_id', athleteId)
    .whereIn('a.strava_id', ids)
    .whereNot('r.provenance', 'strava_api')
    .whereNotNull('r.source')
    .pluck<string[]>('a.strava_id');
  return new Set(owned);
}

async function takeIn(change: Write, sighting: Sighting, outline: Prepared | undefined): Promise<void> {
  const { activity, renamed } = sighting;
  const { stravaId } = activity;
  if (sighting.change === 'unseen') return;
  // what the athlete deleted here does not come back
  const isThere = sighting.change === 'new' || (await findCopy(change, stravaId)) !== undefined;
  if (outline && isThere) await save(change, outline);
  if (renamed && sighting.change !== 'new') await describeCopy(change, stravaId, wordsOf(activity));
}

function wordsOf({ name, sport, commute, virtual, visibility }: StravaActivity) {
  return { name, sport, commute, virtual, visibility };
}

async function remember(
  { trx, athleteId }: Write,
  { activity, words, geometry, change }: Sighting,
  { at, fresh, waits }: { at: Date; fresh: boolean; waits: boolean },
): Promise<void> {
  const { stravaId, startedAt, virtual, polyline } = activity;
  const seen = { words, geometry, seen_at: at, missing: false };
  const mine = { athlete_id: athleteId, strava_id: stravaId };
  if (change === 'nothing' || change === 'words') {
    await trx('strava_activities')
      .where(mine)
      .update({ ...seen, virtual });
    return;
  }
  const settled = polyline === null ? 'no_track' : 'done';
  await trx('strava_activities')
    .insert({
      ...mine,
      ...seen,
      state: change === 'unseen' ? 'unseen' : waits ? 'pending' : settled,
      started_at: startedAt === null ? null : new Date(startedAt * 1000),
      virtual,
      fresh,
      attempts: 0,
      retry_at: null,
      fault: null,
    })
    .onConflict(['athlete_id', 'strava_id'])
    .merge();
}

/** Strava has no such activity (any more), or shows it to us no longer: what it gave of it goes. */
export async function withdraw(
  deps: SyncDeps,
  account: Account,
  stravaId: string,
  also?: (trx: Knex.Transaction) => Promise<void>,
): Promise<void> {
  const { athleteId } = account;
  await write(deps, athleteId, async (change) => {
    if (!(await stands(change.trx, account))) return;
    await withdrawCopies(change, [stravaId]);
    await change.trx('strava_activities').where({ athlete_id: athleteId, strava_id: stravaId }).delete();
    await also?.(change.trx);
  });
}
