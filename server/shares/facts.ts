import type { Knex } from 'knex';
import { PIPELINE_VERSION } from '../heat/pipeline.ts';
import { type Filter, matches } from '../index/filter.ts';
import { mayBeShared, readLabels } from '../index/stored.ts';

/** How many of an athlete's activities others see, and why not the others: those that have a track. */
export interface SharedCounts {
  shown: number;
  /** Nothing is left of them outside zones and hidden ends. */
  withinHidden: number;
  /** Still being made ready. */
  pending: number;
  hidden: number;
  /** Not for everyone at Strava. */
  notPublic: number;
  /** From Strava's API, which this server's operator does not let others see. */
  fromStravaApi: number;
}

export async function countShared(
  db: Knex,
  athleteId: string,
  shareStravaApi: boolean,
): Promise<SharedCounts> {
  const shared = mayBeShared(shareStravaApi);
  const { rows } = await db.raw<{ rows: SharedCounts[] }>(
    `select
       (count(*) filter (where ${shared} and p.tag is not null))::int as shown,
       (count(*) filter (where ${shared} and p.activity_id is not null and p.tag is null))::int as "withinHidden",
       (count(*) filter (where ${shared} and p.activity_id is null))::int as pending,
       (count(*) filter (where a.hidden))::int as hidden,
       (count(*) filter (where not a.hidden and a.visibility <> 'everyone'))::int as "notPublic",
       (count(*) filter (where not a.hidden and a.visibility = 'everyone' and not (${shared})))::int as "fromStravaApi"
     from activities a join tracks t on t.activity_id = a.id
     left join public_tracks p on p.activity_id = a.id and p.pipeline = :pipeline
     where a.athlete_id = :athleteId`,
    { athleteId, pipeline: PIPELINE_VERSION },
  );
  return rows[0];
}

/** What visitors who may filter can choose from. */
export interface Choices {
  /** Most first. */
  sports: string[];
  /** Whether there are any. */
  commutes: boolean;
  /** UTC days, such as 2024-05-31. */
  firstDay: string | null;
  lastDay: string | null;
}

export const NO_CHOICES: Choices = { sports: [], commutes: false, firstDay: null, lastDay: null };

/** Of the activities that others see anything of, and no other, under a share's filter. */
export async function readChoices(
  db: Knex,
  { athleteId, shareStravaApi }: { athleteId: string; shareStravaApi: boolean },
  filter: Filter,
): Promise<Choices> {
  const rows = await readLabels({ db, athleteId, shareStravaApi, geometry: 'public' });
  const counts = new Map<string, number>();
  let commutes = false;
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const activity of rows) {
    if (!matches(filter, activity)) continue;
    counts.set(activity.sport, (counts.get(activity.sport) ?? 0) + 1);
    commutes ||= activity.commute && filter.commute === null;
    first = Math.min(first, activity.startedAt ?? first);
    last = Math.max(last, activity.startedAt ?? last);
  }
  return {
    sports: [...counts].sort(([a, n], [b, m]) => m - n || a.localeCompare(b)).map(([sport]) => sport),
    commutes,
    firstDay: dayOf(first),
    lastDay: dayOf(last),
  };
}

function dayOf(seconds: number): string | null {
  return Number.isFinite(seconds) ? new Date(seconds * 1000).toISOString().slice(0, 10) : null;
}
