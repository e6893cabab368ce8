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

/** Activities of a UTC day since 1970, one sport, one kind: which of the sports, 0 or 1, 0 or 1, how many. */
export type CountedDay = [day: number | null, sport: number, commute: 0 | 1, virtual: 0 | 1, count: number];

/** What visitors who may filter can choose from. */
export interface Choices {
  /** Most first. */
  sports: string[];
  /** Whether there are any. */
  commutes: boolean;
  /** UTC days, such as 2024-05-31. */
  firstDay: string | null;
  lastDay: string | null;
  /**
   * How many on which day, those without one last; none where visitors may not filter. Who may filter by day and sport
   * could count them on the tiles. How long any of them was is not told: its whole length tells of what is hidden.
   */
  days: CountedDay[];
}

export const NO_CHOICES: Choices = { sports: [], commutes: false, firstDay: null, lastDay: null, days: [] };

const DAY = 86_400;

/** Of the activities that others see anything of, and no other, under a share's filter. */
export async function readChoices(
  db: Knex,
  { athleteId, shareStravaApi }: { athleteId: string; shareStravaApi: boolean },
  filter: Filter,
): Promise<Choices> {
  const rows = await readLabels({ db, athleteId, shareStravaApi, geometry: 'public' });
  const shown = rows.filter((activity) => matches(filter, activity));
  const sports = [...countedBy(shown, ({ sport }) => sport)]
    .sort(([a, n], [b, m]) => m - n || a.localeCompare(b))
    .map(([sport]) => sport);
  const place = new Map(sports.map((sport, at) => [sport, at]));
  const kinds = countedBy(shown, ({ sport, startedAt, commute, virtual }) =>
    JSON.stringify([
      startedAt === null ? null : Math.floor(startedAt / DAY),
      place.get(sport)!,
      Number(commute),
      Number(virtual),
    ]),
  );
  const days = [...kinds].map(([kind, count]) => [...JSON.parse(kind), count] as CountedDay).sort(byDay);
  const dated = days.flatMap(([day]) => day ?? []);
  return {
    sports,
    commutes: filter.commute === null && shown.some(({ commute }) => commute),
    firstDay: dayOf(dated[0]),
    lastDay: dayOf(dated[dated.length - 1]),
    days,
  };
}

function countedBy<Some>(all: readonly Some[], keyOf: (one: Some) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1);
  return counts;
}

/** The order must not tell in which order the activities came: by day, then by all else. */
function byDay(a: CountedDay, b: CountedDay): number {
  const last = Number.POSITIVE_INFINITY;
  return (a[0] ?? last) - (b[0] ?? last) || a[1] - b[1] || a[2] - b[2] || a[3] - b[3];
}

function dayOf(day: number | undefined): string | null {
  return day === undefined ? null : new Date(day * DAY * 1000).toISOString().slice(0, 10);
}
