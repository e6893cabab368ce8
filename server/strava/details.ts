import type { Knex } from 'knex';
import { findCopy, reread } from '../activities/copies.ts';
import { write } from '../activities/write.ts';
import { deriveKey } from '../athletes/seal.ts';
import { type Account, stands } from './accounts.ts';
import type { StravaActivity } from './activity.ts';
import type { Purpose } from './budget.ts';
import { DAY, MINUTE } from './clock.ts';
import { StravaFault } from './faults.ts';
import { recordingOf } from './recording.ts';
import { copyDigest } from './sightings.ts';
import type { SyncDeps } from './sync-deps.ts';

/** An activity whose recording is to be read. */
interface Waiting {
  strava_id: string;
  attempts: number;
  /** Whether there is still something here that it would be the recording of, and no file has that. */
  wanted: boolean;
  sport: string;
  startedAt: number | null;
  virtual: boolean;
}

/** Tries until an activity is given up: Strava has some that are broken for good. */
const MOST_ATTEMPTS = 5;
/** What is kept for days is read again this much before they are over. */
const AHEAD = 2 * DAY;

/** From when on a recording, read before it, is to be read again; null: never. */
export function outdatedBefore({ retentionDays, clock }: SyncDeps): Date | null {
  if (retentionDays === null) return null;
  return new Date(clock.now() - Math.max(DAY, retentionDays * DAY - AHEAD));
}

/** Reads the recording of the athlete's newest activity that waits for one. False when none does. */
export async function readRecording(
  deps: SyncDeps,
  account: Account,
  purpose: Purpose,
  signal: AbortSignal,
): Promise<boolean> {
  const waiting = await nextWaiting(deps, account, purpose);
  if (!waiting) return false;
  const { strava_id: stravaId, wanted } = waiting;
  if (!wanted) {
    await settle(deps, account, stravaId, { state: 'done', read: false });
    return true;
  }
  try {
    const streams = await deps.client.streams(account, stravaId, { purpose, signal });
    const about: Pick<StravaActivity, 'name' | 'sport' | 'startedAt' | 'virtual'> = {
      name: null,
      ...waiting,
    };
    const raw = recordingOf(about, streams);
    if (raw) await take(deps, account, stravaId, raw, signal);
    else await settle(deps, account, stravaId, { state: 'no_track', read: false });
  } catch (error) {
    if (!(error instanceof StravaFault)) throw error;
    await endure(deps, account, waiting, error);
  }
  return true;
}

async function nextWaiting(
  deps: SyncDeps,
  { athleteId }: Account,
  purpose: Purpose,
): Promise<Waiting | undefined> {
  const now = new Date(deps.clock.now());
  const { rows } = await deps.db.raw<{ rows: Waiting[] }>(
    `select w.strava_id, w.attempts, w.virtual, coalesce(a.sport, '') as sport,
       extract(epoch from w.started_at)::float8 as "startedAt",
       r.id is not null and (c.provenance = 'strava_api' or c.source is null) as wanted
     from strava_activities w
       left join recordings r on r.athlete_id = w.athlete_id and r.strava_id = w.strava_id
       left join activities a on a.id = r.activity_id
       left join recordings c on c.activity_id = a.id and c.chosen
     where w.athlete_id = :athleteId and (w.retry_at is null or w.retry_at <= :now)
       and (w.state = 'pending' or (w.state = 'done' and w.fetched_at < :outdated))
       and (:bulk or w.fresh)
     order by w.state = 'done', w.fresh desc, w.virtual, w.started_at desc nulls last, w.strava_id desc limit 1`,
    { athleteId, now, outdated: outdatedBefore(deps), bulk: purpose === 'bulk' },
  );
  return rows[0];
}

async function take(
  deps: SyncDeps,
  account: Account,
  stravaId: string,
  raw: NonNullable<ReturnType<typeof recordingOf>>,
  signal: AbortSignal,
): Promise<void> {
  const { athleteId } = account;
  const key = await deps.keyring.dataKey(athleteId);
  // its digest is made of what is stored, so that reading it again unchanged changes nothing
  const about = {
    digest: new Uint8Array(),
    tagKey: deriveKey(key, 'map'),
    provenance: 'strava_api' as const,
  };
  const [made] = await deps.pool.prepareAll({ recordings: [{ raw, about }] }, signal);
  const prepared = { ...made, stravaId, digest: copyDigest(key, stravaId, made.source ?? '') };
  await write(deps, athleteId, async (change) => {
    if (!(await stands(change.trx, account))) return;
    const copy = await findCopy(change, stravaId);
    if (copy) await reread(change, copy, prepared);
    await change
      .trx('strava_activities')
      .where({ athlete_id: athleteId, strava_id: stravaId })
      .update(settled(deps, { state: made.source ? 'done' : 'no_track', read: made.source !== null }));
  });
}

/** What a fault means for one activity; throws it again where it means more. */
async function endure(deps: SyncDeps, account: Account, waiting: Waiting, fault: StravaFault): Promise<void> {
  const { strava_id: stravaId, attempts } = waiting;
  switch (fault.kind) {
    case 'gone':
      await settle(deps, account, stravaId, { state: 'no_track', read: false });
      return;
    case 'refused':
      await settle(deps, account, stravaId, { state: 'broken', read: false, fault: fault.kind });
      return;
    case 'unavailable':
      if (attempts + 1 >= MOST_ATTEMPTS) {
        await settle(deps, account, stravaId, { state: 'broken', read: false, fault: fault.kind });
        return;
      }
      await deps
        .db('strava_activities')
        .where({ athlete_id: account.athleteId, strava_id: stravaId })
        .update({ attempts: attempts + 1, retry_at: new Date(deps.clock.now() + backoff(attempts)) });
      return;
    default:
      throw fault;
  }
}

/** Milliseconds until the next try: one minute, four, a quarter of an hour, an hour, with some chance. */
export function backoff(attempts: number): number {
  return MINUTE * 4 ** attempts * (0.75 + Math.random() / 2);
}

/** Of activities that were given up: the trouble may not have been theirs. Each has one more try. */
export function tryOnceMore(activities: Knex.QueryBuilder): void {
  activities
    .where({ state: 'broken', fault: 'unavailable' })
    .update({ state: 'pending', attempts: MOST_ATTEMPTS - 1, retry_at: null, fault: null });
}

interface Settled {
  state: 'done' | 'no_track' | 'broken';
  /** Whether its recording is here, by this. */
  read: boolean;
  fault?: string;
}

async function settle(deps: SyncDeps, account: Account, stravaId: string, how: Settled): Promise<void> {
  await deps.db.transaction(async (trx) => {
    if (!(await stands(trx, account))) return;
    await trx('strava_activities')
      .where({ athlete_id: account.athleteId, strava_id: stravaId })
      .update(settled(deps, how));
  });
}

function settled({ clock }: SyncDeps, { state, read, fault }: Settled) {
  return {
    state,
    fault: fault ?? null,
    fresh: false,
    retry_at: null,
    fetched_at: read ? new Date(clock.now()) : null,
  };
}
