import type { Knex } from 'knex';
import type { SyncStatus } from '../activities/sync-status.ts';
import type { Budget } from './budget.ts';
import type { Clock } from './clock.ts';
import type { Outage } from './outage.ts';
import { PROBLEMS, type Problem } from './problem-words.ts';
import { LIST_DUE } from './work.ts';

export interface StatusDeps {
  db: Knex;
  clientId: string;
  budget: Budget;
  outage: Outage;
  clock: Clock;
}

interface Row {
  other_app: boolean;
  list_began_at: Date | null;
  due: Date | null;
  checked_at: Date | null;
  problem: Problem | null;
  retry_at: Date | null;
  total: number;
  pending: number;
  broken: number;
}

/** Null for who is not connected. */
export async function readSyncStatus(deps: StatusDeps, athleteId: string): Promise<SyncStatus | null> {
  const { rows } = await deps.db.raw<{ rows: Row[] }>(
    `select w.client_id <> :clientId as other_app, w.list_began_at, w.checked_at, w.problem, w.retry_at,
       ${LIST_DUE} as due,
       count(a.*) filter (where a.state <> 'unseen')::int as total,
       count(a.*) filter (where a.state = 'pending')::int as pending,
       count(a.*) filter (where a.state = 'broken')::int as broken
     from strava_accounts w left join strava_activities a on a.athlete_id = w.athlete_id
     where w.athlete_id = :athleteId and w.connected group by w.athlete_id`,
    { athleteId, clientId: deps.clientId },
  );
  const [row] = rows;
  if (!row) return null;
  const { total, pending, broken } = row;
  const counts = { total, done: total - pending, failed: broken, checkedAt: seconds(row.checked_at) };
  return { ...counts, ...(await stateOf(deps, row)) };
}

async function stateOf(
  { budget, outage, clock }: StatusDeps,
  row: Row,
): Promise<Pick<SyncStatus, 'state' | 'until' | 'problem'>> {
  const failed = (code: Problem, until: number | null) => ({
    state: 'failed' as const,
    until,
    problem: { code, message: PROBLEMS[code] },
  });
  if (row.other_app) return failed('other_app', null);
  if (row.problem) return failed(row.problem, seconds(row.retry_at));
  const lists =
    row.list_began_at !== null ||
    row.checked_at === null ||
    (row.due !== null && row.due.getTime() <= clock.now());
  const works = lists || row.pending > 0;
  const pause = await outage.pause();
  if (pause && pause.why !== 'limit' && (works || pause.why !== 'unavailable')) {
    return failed(pause.why, Math.ceil(pause.until / 1000));
  }
  if (!works) return { state: 'current', until: null, problem: null };
  const wait = await budget.wait(lists ? 'news' : 'bulk');
  if (wait !== null) return { state: 'waiting', until: Math.ceil(wait / 1000), problem: null };
  return { state: lists ? 'listing' : 'fetching', until: null, problem: null };
}

function seconds(time: Date | null): number | null {
  return time && Math.floor(time.getTime() / 1000);
}
