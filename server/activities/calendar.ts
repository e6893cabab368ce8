import type { Knex } from 'knex';
import { visibilityOf } from '../index/stored.ts';

/** Activities of one day that no filter tells apart. */
export type CalendarEntry = [
  /** UTC days since 1970; null when the recording does not tell. */
  day: number | null,
  /** Which of the calendar's sports. */
  sport: number,
  commute: 0 | 1,
  virtual: 0 | 1,
  /** Nobody but the athlete may see them. */
  isPrivate: 0 | 1,
  count: number,
  metres: number,
  /** How many of them have a track to draw. */
  tracks: number,
];

/**
 * All of an athlete's activities by day, sport and kind: enough to count and add up under any filter without asking
 * again. Some twenty bytes an activity.
 */
export interface Calendar {
  sports: string[];
  /** By day, those without one last. */
  entries: CalendarEntry[];
}

/** Private activities are in it, as they are on their athlete's map. */
export async function calendarOf(
  { db, shareStravaApi }: { db: Knex; shareStravaApi: boolean },
  athleteId: string,
): Promise<Calendar> {
  const { rows } = await db.raw<{
    rows: {
      day: number | null;
      sport: string;
      commute: 0 | 1;
      virtual: 0 | 1;
      isPrivate: 0 | 1;
      count: number;
      metres: number;
      tracks: number;
    }[];
  }>(
    `select (started_at at time zone 'UTC')::date - date '1970-01-01' as day, sport,
       commute::int as commute, virtual::int as virtual,
       (${visibilityOf(shareStravaApi)} = 'private')::int as "isPrivate", count(*)::int as count,
       round(coalesce(sum(distance), 0))::float8 as metres, count(t.activity_id)::int as tracks
     from activities a left join tracks t on t.activity_id = a.id where a.athlete_id = :athleteId
     group by 1, 2, 3, 4, 5 order by 1 nulls last, 2, 3, 4, 5`,
    { athleteId },
  );
  const sports = [...new Set(rows.map(({ sport }) => sport))];
  const place = new Map(sports.map((sport, at) => [sport, at]));
  return {
    sports,
    entries: rows.map(({ day, sport, commute, virtual, isPrivate, count, metres, tracks }) => [
      day,
      place.get(sport)!,
      commute,
      virtual,
      isPrivate,
      count,
      metres,
      tracks,
    ]),
  };
}
