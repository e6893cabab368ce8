import type { Knex } from 'knex';
import { decodeTrack } from '../tracks/codec.ts';
import { sameOuting } from '../tracks/similar.ts';
import { sameFamily } from '../tracks/sports.ts';
import type { Prepared } from './prepare.ts';

/** Opens what was sealed as an athlete's recording. */
export type OpenSource = (sealed: Buffer) => Uint8Array;

/** Which activity a recording belongs to already, and how that was found out. */
export interface Duplicate {
  activityId: string;
  /** `file`: this very file; `strava`: Strava's number for it; `outing`: another recording of the same outing. */
  by: 'file' | 'strava' | 'outing';
}

interface Candidate {
  by: 'file' | 'strava' | 'time' | 'length';
  id: string;
}

interface Recorded {
  id: string;
  sport: string;
  startedAt: number | null;
  elapsed: number | null;
  source: Buffer | null;
}

/** Two recordings without a point are one outing when they start this close (seconds) … */
const SAME_START = 60;
/** … and one of them does not last more than this many times as long. */
const SAME_LENGTH = 1.1;
/**
 * Without times the same commute on two days looks like one outing, and merging them would lose a visit. So
 * only copies of one recording are taken together: equal in length but for the rounding of coordinates.
 */
const COPY_TOLERANCE = 0.001;
/** More copies than this of one route without times are not compared one by one. */
const MOST_COPIES = 16;

/**
 * Finds the activity that `prepared` is a recording of, other than `except`. Reads inside the athlete's write
 * transaction.
 */
export async function findDuplicate(
  trx: Knex.Transaction,
  athleteId: string,
  prepared: Prepared,
  open: OpenSource,
  except: string | null = null,
): Promise<Duplicate | null> {
  const found = (await candidates(trx, athleteId, prepared)).filter(({ id }) => id !== except);
  for (const by of ['file', 'strava'] as const) {
    const sure = found.find((candidate) => candidate.by === by);
    if (sure) return { activityId: sure.id, by };
  }
  if (found.length === 0) return null;
  const outing = await mostSimilar(trx, found, prepared, open);
  return outing === null ? null : { activityId: outing, by: 'outing' };
}

/** One round trip whatever is asked, each part answered by an index of its own. */
async function candidates(
  trx: Knex.Transaction,
  athleteId: string,
  prepared: Prepared,
): Promise<Candidate[]> {
  const parts = [
    `select 'file' as by, activity_id as id from recordings where athlete_id = :athleteId and digest = :digest`,
  ];
  if (prepared.stravaId !== null) {
    parts.push(`select 'strava', id from activities where athlete_id = :athleteId and strava_id = :stravaId`);
  }
  if (prepared.startedAt !== null) {
    parts.push(`select 'time', id from activities where athlete_id = :athleteId
      and started_at between to_timestamp(:from) and to_timestamp(:to)
      and started_at + make_interval(secs => coalesce(elapsed, 0) + ${SAME_START}) >= to_timestamp(:start)`);
  }
  if (prepared.distance !== null && prepared.pointCount > 0) {
    const timeless = prepared.startedAt === null ? '' : 'and started_at is null';
    parts.push(`(select 'length', id from activities where athlete_id = :athleteId ${timeless}
      and distance between :shortest and :longest limit ${MOST_COPIES})`);
  }
  const start = prepared.startedAt ?? 0;
  const distance = prepared.distance ?? 0;
  const { rows } = await trx.raw<{ rows: Candidate[] }>(parts.join(' union all '), {
    athleteId,
    digest: Buffer.from(prepared.digest),
    stravaId: prepared.stravaId,
    start,
    from: start - 2 * 86_400,
    to: start + Math.max(prepared.elapsed ?? 0, SAME_START),
    shortest: distance * (1 - COPY_TOLERANCE),
    longest: distance * (1 + COPY_TOLERANCE),
  });
  return rows;
}

/** Compares the tracks themselves; answers the id of the first that is the same outing. */
async function mostSimilar(
  trx: Knex.Transaction,
  found: readonly Candidate[],
  prepared: Prepared,
  open: OpenSource,
): Promise<string | null> {
  const ids = [...new Set(found.map(({ id }) => id))];
  const { rows } = await trx.raw<{ rows: Recorded[] }>(
    `select a.id, a.sport, extract(epoch from a.started_at)::float8 as "startedAt", a.elapsed, r.source
     from activities a left join recordings r on r.activity_id = a.id and r.chosen
     where a.id = any(:ids) order by a.id`,
    { ids },
  );
  const track = prepared.source && decodeTrack(prepared.source);
  for (const other of rows) {
    if (!sameFamily(prepared.sport, other.sport)) continue;
    const same =
      track && other.source
        ? sameOuting(track, decodeTrack(open(other.source)), prepared.sport, other.sport)
        : !track && !other.source && sameTime(prepared, other);
    if (same) return other.id;
  }
  return null;
}

/** Whether two activities without a track took place at the same time. */
function sameTime(a: Pick<Prepared, 'startedAt' | 'elapsed'>, b: Recorded): boolean {
  if (a.startedAt === null || b.startedAt === null || !a.elapsed || !b.elapsed) return false;
  const longer = Math.max(a.elapsed, b.elapsed) / Math.min(a.elapsed, b.elapsed);
  return Math.abs(a.startedAt - b.startedAt) <= SAME_START && longer <= SAME_LENGTH;
}
