import type { Knex } from 'knex';
import type { Account } from './accounts.ts';

/** What is to be done for some athlete, the most urgent first. */
export type Work = 'hint' | 'fresh' | 'list' | 'missing' | 'expired' | 'recording';

// what has to go asks nobody
export const WORK: readonly Work[] = ['expired', 'hint', 'fresh', 'list', 'missing', 'recording'];

/** What makes work due, as of a moment; `w` is the account. */
interface When {
  now: Date;
  /** Recordings read before it are to be read again; null: none. */
  outdated: Date | null;
  /** What was read before it has to go; null: nothing has. */
  expired: Date | null;
}

/**
 * When an account `w` is to be listed. While a history of recordings waits to be read, which the limits stretch over
 * hours or days, not before an hour after the list before: each list would take the place of a recording. It is then
 * due at once when the last of them is read, if it would have been without them.
 */
export const LIST_DUE = `coalesce(w.list_began_at, least(w.sweep_due_at, case
    when exists (select from strava_activities h where h.athlete_id = w.athlete_id
      and h.state = 'pending' and not h.fresh and h.retry_at is null)
    then greatest(w.poll_due_at, w.checked_at + interval '1 hour')
    else w.poll_due_at end))`;

/** When an account `w` has such work to do: what is to be tried again, later than what is new. */
const DUE: Record<Work, (when: When) => string> = {
  expired: ({ expired }) =>
    expired === null
      ? NEVER
      : `select a.seen_at from strava_activities a where a.athlete_id = w.athlete_id and a.state <> 'unseen'
          and coalesce(a.fetched_at, a.seen_at) < :expired`,
  hint: () => `select coalesce(e.retry_at, e.received_at) from strava_events e
    where e.athlete_id = w.athlete_id and e.handled_at is null`,
  fresh: () => `select coalesce(a.retry_at, a.seen_at) from strava_activities a
    where a.athlete_id = w.athlete_id and a.state = 'pending' and a.fresh`,
  list: () => `select ${LIST_DUE}`,
  missing: () => `select a.seen_at from strava_activities a where a.athlete_id = w.athlete_id and a.missing`,
  recording: ({ outdated }) => `select coalesce(a.retry_at, a.seen_at) from strava_activities a
    where a.athlete_id = w.athlete_id and a.state = 'pending'${
      outdated === null
        ? ''
        : ` union all select coalesce(a.retry_at, a.seen_at) from strava_activities a
             where a.athlete_id = w.athlete_id and a.state = 'done' and a.state <> 'unseen'
               and coalesce(a.fetched_at, a.seen_at) < :outdated and a.fetched_at is not null`
    }`,
};
const NEVER = 'select null::timestamptz where false';

const ABLE = 'w.client_id = :clientId and (w.problem is null or w.retry_at <= :now)';

/** The connected athlete who has waited longest of those who have such work to do. */
export async function whoHas(
  db: Knex,
  clientId: string,
  work: Work,
  when: When,
): Promise<Account | undefined> {
  const { rows } = await db.raw<{ rows: Account[] }>(
    `select w.athlete_id as "athleteId", w.strava_athlete_id as "stravaAthleteId", w.client_id as "clientId",
       w.connected, w.private, w.connected_at as "connectedAt"
     from strava_accounts w
     where w.connected and ${work === 'expired' ? 'true' : ABLE}
       and exists (select from (${DUE[work](when)}) as d (due) where d.due <= :now)
     order by w.served_at nulls first, w.athlete_id limit 1`,
    { ...when, clientId },
  );
  return rows[0];
}

/** When there is work of these kinds again, in Unix milliseconds, for whoever; null: never by itself. */
export async function nextDue(
  db: Knex,
  clientId: string,
  kinds: readonly Work[],
  when: When,
): Promise<number | null> {
  const soonest = kinds.map((work) => `(select min(due) from (${DUE[work](when)}) as d (due))`).join(', ');
  const { rows } = await db.raw<{ rows: { due: Date | null }[] }>(
    `select min(case when w.problem is null then least(${soonest}) else w.retry_at end) as due
     from strava_accounts w where w.connected and w.client_id = :clientId`,
    { ...when, clientId },
  );
  return rows[0].due?.getTime() ?? null;
}

/** Something was done for an athlete: the others come first now. Goes by the database's own time, which never stands. */
export async function served(db: Knex, athleteId: string): Promise<void> {
  await db('strava_accounts')
    .where({ athlete_id: athleteId })
    .update({ served_at: db.raw('clock_timestamp()') });
}
