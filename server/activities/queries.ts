import type { Knex } from 'knex';
import { open } from '../athletes/seal.ts';
import type { Filter } from '../index/filter.ts';
import { visibilityOf } from '../index/stored.ts';

/** What an athlete has here, in figures. */
export interface Summary {
  activities: number;
  /** Activities that have a track to draw. */
  tracks: number;
  /** Points recorded in those. */
  points: number;
  /** Metres. */
  distance: number;
  /** Most first. */
  sports: { sport: string; count: number }[];
  /** UTC years, the latest first. */
  years: { year: number; count: number }[];
  /** UTC days, such as 2024-05-31. */
  firstDay: string | null;
  lastDay: string | null;
  revision: string;
}

/** An activity as the list shows it. */
export interface ListedActivity {
  id: string;
  name: string | null;
  sport: string;
  /** Unix seconds. */
  startedAt: number | null;
  /** Metres. */
  distance: number | null;
  /** Seconds. */
  elapsed: number | null;
  /** Nobody but the athlete sees it. */
  hidden: boolean;
  /** Its number at Strava. */
  stravaId: string | null;
}

export interface ActivityPage {
  activities: ListedActivity[];
  /** Where the next page begins; null after the last one. */
  next: string | null;
}

export interface ListQuery {
  athleteId: string;
  /** The athlete's data key. */
  key: Buffer;
  filter: Filter;
  /** The ids that are listed; null: all. */
  within: string[] | null;
  /** `next` of the page before. */
  cursor?: string;
  /** Activities of a page, at the most. */
  limit?: number;
}

/** A cursor that this server did not give. */
export class InvalidCursor extends Error {
  constructor() {
    super('the cursor is not one that this server gave');
    this.name = 'InvalidCursor';
  }
}

export const PAGE = 100;

/** Of one moment. Null when there is no such athlete. */
export async function summarise(db: Knex, athleteId: string): Promise<Summary | null> {
  const { rows } = await db.raw<{ rows: Summary[] }>(
    `with mine as materialized (
       select sport, distance, started_at at time zone 'UTC' as started from activities where athlete_id = :athleteId
     ), drawn as (
       select count(*)::int as tracks, coalesce(sum(point_count), 0)::float8 as points
       from tracks where athlete_id = :athleteId
     )
     select h.revision::text as revision, d.tracks, d.points,
       (select count(*)::int from mine) as activities,
       (select coalesce(sum(distance), 0)::float8 from mine) as distance,
       (select coalesce(json_agg(s), '[]') from (
          select sport, count(*)::int as count from mine group by sport order by count(*) desc, sport) s) as sports,
       (select coalesce(json_agg(y), '[]') from (
          select extract(year from started)::int as year, count(*)::int as count from mine
          where started is not null group by 1 order by 1 desc) y) as years,
       (select to_char(min(started), 'YYYY-MM-DD') from mine) as "firstDay",
       (select to_char(max(started), 'YYYY-MM-DD') from mine) as "lastDay"
     from athletes h cross join drawn d where h.id = :athleteId`,
    { athleteId },
  );
  return rows[0] ?? null;
}

/**
 * An athlete's activities that a filter lets through, latest first, those without a start last; a page of them, from
 * a cursor on. Throws InvalidCursor.
 */
export async function listActivities(
  { db, shareStravaApi }: { db: Knex; shareStravaApi: boolean },
  { athleteId, key, filter, within, cursor, limit = PAGE }: ListQuery,
): Promise<ActivityPage> {
  const { sports, from, to, commute, virtual, visibility } = filter;
  const rows = await db('activities as a')
    .where({ athlete_id: athleteId })
    .modify((query) => {
      if (sports !== null) query.whereIn('sport', sports);
      if (commute !== null) query.where({ commute });
      if (!virtual) query.where({ virtual });
      if (visibility !== null) query.whereRaw(`${visibilityOf(shareStravaApi)} = ?`, [visibility]);
      if (from !== null) query.whereRaw('started_at >= to_timestamp(?)', [from]);
      if (to !== null) query.whereRaw('started_at < to_timestamp(?)', [to]);
      if (within !== null) query.whereRaw('id = any(?::bigint[])', [within]);
      if (cursor !== undefined) query.whereRaw(...after(cursor));
    })
    .orderByRaw('started_at desc nulls last, id desc')
    .limit(limit + 1)
    .select<(Omit<ListedActivity, 'name'> & { name: Buffer | null; micros: string | null })[]>(
      'id',
      'name',
      'sport',
      'distance',
      'elapsed',
      'hidden',
      'strava_id as stravaId',
      db.raw('extract(epoch from started_at)::float8 as "startedAt"'),
      db.raw('(extract(epoch from started_at) * 1000000)::bigint as micros'),
    );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    activities: page.map(({ micros: _, name, ...activity }) => ({
      ...activity,
      name: name && open(key, name, 'activity-name').toString(),
    })),
    next:
      rows.length > limit && last
        ? Buffer.from(`${last.micros ?? ''}.${last.id}`).toString('base64url')
        : null,
  };
}

/** What comes after the activity that a cursor names by start (in microseconds) and id, be it still there or not. */
function after(cursor: string): [sql: string, bindings: Record<string, string>] {
  const found = /^(-?\d{1,17})?\.(\d{1,18})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (!found) throw new InvalidCursor();
  const [, micros, id] = found;
  if (micros === undefined) return ['(started_at is null and id < :id)', { id }];
  const start = `timestamptz 'epoch' + cast(:micros as bigint) * interval '1 microsecond'`;
  return [
    `(started_at is null or started_at < ${start} or (started_at = ${start} and id < :id))`,
    { micros, id },
  ];
}
