import type { Knex } from 'knex';
import { type Account, accountOf } from './accounts.ts';
import { PAGE } from './client.ts';
import { DAY } from './clock.ts';
import { tryOnceMore } from './details.ts';
import { sight } from './sightings.ts';
import type { SyncDeps } from './sync-deps.ts';

/** How often lists are read, in milliseconds. */
export interface Rhythm {
  /** The latest activities. */
  poll: number;
  /** All of them, to find what was deleted, hidden or cropped. */
  sweep: number;
}

/** A list that is being read. */
interface List {
  page: number;
  beganAt: Date;
  /** From which start on; null: all. */
  since: Date | null;
  /** Whether one was read to its end before. */
  checked: boolean;
}

/** A poll looks back this far from the check before: activities are uploaded late, and changed after. */
const OVERLAP = 7 * DAY;
/** Nobody knows whether a list's bound counts itself, nor in which zone: near it nothing is missed. */
const MARGIN = DAY;

/** Reads the next page of an athlete's list, beginning one if none is under way. */
export async function readPage(
  deps: SyncDeps,
  account: Account,
  rhythm: Rhythm,
  signal: AbortSignal,
): Promise<void> {
  const list = (await listUnderWay(deps.db, account)) ?? (await beginList(deps, account));
  const since = list.since && Math.floor(list.since.getTime() / 1000);
  const rows = await deps.client.list(account, { page: list.page, since }, { purpose: 'news', signal });
  // a page that is not full is no proof of the end; what a poll may miss by that, the next sweep finds
  const isLast = rows.length === 0 || (list.since !== null && rows.length < PAGE);
  await sight(deps, account, rows, {
    news: list.checked,
    signal,
    also: (trx) => (isLast ? endList(trx, deps, account, list, rhythm) : turnPage(trx, account, list)),
  });
}

async function listUnderWay(db: Knex, { athleteId }: Account): Promise<List | null> {
  const row = await db('strava_accounts').where({ athlete_id: athleteId }).first();
  if (!row?.list_began_at) return null;
  const { list_page: page, list_began_at: beganAt, list_since: since, checked_at: checkedAt } = row;
  return { page, beganAt, since, checked: checkedAt !== null };
}

async function beginList({ db, clock }: SyncDeps, account: Account): Promise<List> {
  const row = await db('strava_accounts')
    .where({ athlete_id: account.athleteId })
    .first('sweep_due_at', 'checked_at');
  const now = clock.now();
  const isSweep = row.checked_at === null || (row.sweep_due_at !== null && row.sweep_due_at.getTime() <= now);
  const list = {
    page: 1,
    beganAt: new Date(now),
    since: isSweep ? null : new Date(row.checked_at.getTime() - OVERLAP),
    checked: row.checked_at !== null,
  };
  await accountOf(db, account).update({
    list_page: 1,
    list_began_at: list.beganAt,
    list_since: list.since,
    // asked for again meanwhile, it is read again
    ...(isSweep && { sweep_due_at: null }),
  });
  return list;
}

async function turnPage(trx: Knex, account: Account, list: List): Promise<void> {
  await rowOf(trx, account, list).update({ list_page: list.page + 1 });
}

/** Where a list is kept, for as long as it is the one that is being read. */
function rowOf(db: Knex, account: Account, { beganAt }: List) {
  return accountOf(db, account).where({ list_began_at: beganAt });
}

/** What the list lacked is asked for itself before anything is believed of it: pages move while they are read. */
async function endList(
  trx: Knex,
  { clock }: SyncDeps,
  account: Account,
  list: List,
  { poll, sweep }: Rhythm,
): Promise<void> {
  const { athleteId } = account;
  const { beganAt, since } = list;
  const now = clock.now();
  await trx('strava_activities')
    .where({ athlete_id: athleteId })
    .where('seen_at', '<', beganAt)
    .whereNot({ state: 'unseen' })
    .modify((query) => {
      if (since) query.where('started_at', '>', new Date(since.getTime() + MARGIN));
    })
    .update({ missing: true });
  if (since === null) await trx('strava_activities').where({ athlete_id: athleteId }).modify(tryOnceMore);
  // whoever repeats a hint later than that has it followed once more
  await trx('strava_events')
    .where({ athlete_id: athleteId })
    .where('handled_at', '<', new Date(now - DAY))
    .delete();
  await rowOf(trx, account, list).update({
    list_page: null,
    list_began_at: null,
    list_since: null,
    checked_at: new Date(now),
    poll_due_at: new Date(now + poll),
    ...(since === null && { sweep_due_at: trx.raw('coalesce(sweep_due_at, ?)', [new Date(now + sweep)]) }),
  });
}
