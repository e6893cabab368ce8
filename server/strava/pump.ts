import type { Knex } from 'knex';
import { UnknownAthlete, withoutAthlete } from '../athletes/keyring.ts';
import { isPassing } from '../http/faults.ts';
import type { Account } from './accounts.ts';
import { type Budget, NotNow } from './budget.ts';
import { DAY, MINUTE } from './clock.ts';
import { outdatedBefore, readRecording } from './details.ts';
import { followHint, look } from './events.ts';
import { expire, expiredBefore } from './expiry.ts';
import { StravaFault } from './faults.ts';
import { readPage } from './listing.ts';
import type { Problem } from './problem-words.ts';
import { solved, stopFor } from './problems.ts';
import type { SyncDeps } from './sync-deps.ts';
import { LostGrant } from './tokens.ts';
import { nextDue, served, WORK, type Work, whoHas } from './work.ts';

export interface PumpDeps extends SyncDeps {
  clientId: string;
  budget: Budget;
  /** Whether Strava tells of news by itself, so that lists are a matter of care. */
  isTold(): Promise<boolean>;
  /** The athlete withdrew the consent at Strava by which they are connected, unless they are so no more. */
  withdrawn(account: Account): Promise<void>;
  /** How things stand with an athlete's sync changed. */
  changed(athleteId: string): Promise<void>;
}

/** The least time between two polls of one athlete without a webhook, but for what `LIST_DUE` says of histories. */
const POLL = 15 * MINUTE;
/** Of a day's reads, what polls may take. */
const POLLS_SHARE = 0.25;

/**
 * Does all work with Strava that is due, one call after the other: news before lists before the long tail of
 * recordings, and of the athletes always the one who has waited longest. What it has done is in the database after
 * each call, so it may be stopped or killed anywhere. Answers when to come again, in Unix milliseconds; null: only
 * when something new is wanted. Rejects when the database is away, or the signal aborts.
 */
export async function pump(deps: PumpDeps, signal: AbortSignal): Promise<number | null> {
  let untilBulk = 0;
  for (;;) {
    signal.throwIfAborted();
    const now = deps.clock.now();
    const when = { now: new Date(now), outdated: outdatedBefore(deps), expired: expiredBefore(deps) };
    const kinds = WORK.filter((work) => work !== 'recording' || untilBulk <= now);
    const next = await firstOf(deps, kinds, when);
    if (!next) {
      const due = await nextDue(deps.db, deps.clientId, kinds, when);
      if (untilBulk <= now) return due;
      return due === null ? untilBulk : Math.min(due, untilBulk);
    }
    const stopped = await step(deps, next, signal);
    if (stopped === null) continue;
    if (next.work !== 'recording' || stopped.why !== 'limit') return stopped.until;
    untilBulk = stopped.until;
  }
}

interface Next {
  work: Work;
  account: Account;
}

async function firstOf(
  { db, clientId }: PumpDeps,
  kinds: readonly Work[],
  when: Parameters<typeof whoHas>[3],
): Promise<Next | null> {
  for (const work of kinds) {
    const account = await whoHas(db, clientId, work, when);
    if (account) return { work, account };
  }
  return null;
}

/** Does one piece of work; answers what keeps everything else of its kind from going on, if anything does. */
async function step(deps: PumpDeps, { work, account }: Next, signal: AbortSignal): Promise<NotNow | null> {
  const { db, clock, log } = deps;
  const { athleteId } = account;
  try {
    const isDone = await perform(deps, work, account, signal);
    // found, but not there: it would be found for ever
    if (!isDone) throw new Error(`there was no ${work} to do`);
    await solved(db, account);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof NotNow) {
      await deps.changed(athleteId);
      return error;
    }
    if (withoutAthlete(error, athleteId) instanceof UnknownAthlete) {
      // deleted, and their rows are about to follow: not to be met again until then
      await stopFor(db, clock, account, 'internal');
      return null;
    }
    if (isPassing(error)) throw error;
    if (error instanceof StravaFault && error.kind === 'dead_grant') {
      log.warn({ athleteId }, 'an athlete withdrew their consent at Strava');
      await deps.withdrawn(account);
      return null;
    }
    const problem = problemOf(error);
    log.warn({ err: error, athleteId, work, problem }, 'reading from Strava failed');
    await stopFor(db, clock, account, problem);
  }
  await served(db, athleteId);
  await deps.changed(athleteId);
  return null;
}

/** False when there was nothing of the kind. */
async function perform(deps: PumpDeps, work: Work, account: Account, signal: AbortSignal): Promise<boolean> {
  switch (work) {
    case 'hint':
      return followHint(deps, account, signal);
    case 'fresh':
      return readRecording(deps, account, 'news', signal);
    case 'list':
      await readPage(deps, account, await rhythm(deps), signal);
      return true;
    case 'missing':
      return lookForMissing(deps, account, signal);
    case 'expired':
      return expire(deps, account);
    case 'recording':
      return readRecording(deps, account, 'bulk', signal);
  }
}

/** Asks for one activity that a list lacked. */
async function lookForMissing(deps: PumpDeps, account: Account, signal: AbortSignal): Promise<boolean> {
  const missing = { athlete_id: account.athleteId, missing: true };
  const first = await deps.db('strava_activities').where(missing).orderBy('strava_id').first('strava_id');
  if (first) await look(deps, account, first.strava_id, async () => {}, signal);
  return first !== undefined;
}

async function rhythm({ db, budget, isTold }: PumpDeps) {
  if (await isTold()) return { poll: DAY, sweep: DAY };
  const { rows } = await db.raw<{ rows: { count: number }[] }>(
    'select count(*)::int as count from strava_accounts where connected',
  );
  const fair = (rows[0].count * DAY) / (POLLS_SHARE * (await budget.readsOfDay()));
  return { poll: Math.max(POLL, fair), sweep: DAY };
}

function problemOf(error: unknown): Problem {
  if (error instanceof LostGrant) return 'reconnect';
  if (!(error instanceof StravaFault)) return 'internal';
  switch (error.kind) {
    case 'scope':
    case 'unauthorized':
    case 'unavailable':
      return error.kind;
    default:
      return 'refused';
  }
}

/** Makes work of what is asked for now: the whole list, and another try of what was given up. */
export async function syncNow(db: Knex, athleteId: string, now: number): Promise<void> {
  await db('strava_accounts')
    .where({ athlete_id: athleteId, connected: true })
    .update({
      sweep_due_at: new Date(now),
      retry_at: db.raw('case when retry_at is not null then ?::timestamptz end', [new Date(now)]),
    });
  await db('strava_activities')
    .where({ athlete_id: athleteId, state: 'broken' })
    .update({ state: 'pending', attempts: 0, retry_at: null, fault: null });
}
