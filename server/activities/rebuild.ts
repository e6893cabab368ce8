import type { Knex } from 'knex';
import { UnknownAthlete } from '../athletes/keyring.ts';
import { deriveKey, open } from '../athletes/seal.ts';
import { PIPELINE_VERSION } from '../heat/pipeline.ts';
import type { ImportPool } from './import-pool.ts';
import type { Drawing } from './prepare.ts';
import { replaceTrack, type WriteDeps, write } from './write.ts';

export interface RebuildDeps extends WriteDeps {
  pool: Pick<ImportPool, 'threads' | 'redraw'>;
  log: { warn(details: object, message: string): void };
}

export interface RebuildOptions {
  /** Only this athlete's tracks. */
  athleteId?: string;
  /** Also tracks that this version made. */
  all?: boolean;
}

export interface RebuildProgress {
  total: number;
  done: number;
  /** Tracks whose recording is damaged: they stay as they are. */
  failed: number;
}

/** A chosen recording, and the track made of it. */
interface Chosen {
  activityId: string;
  athleteId: string;
  recordingId: string;
  pointCount: number;
  source: Buffer;
}

interface Redrawn extends Chosen {
  drawing: Drawing | null;
}

/** Tracks drawn and written in one transaction. */
const BATCH = 32;

/** Whether another version of the pipeline made any track: such tracks are not drawn until they are rebuilt. */
export async function hasOutdatedTracks(db: Knex): Promise<boolean> {
  return (await db('tracks').whereNot({ pipeline: PIPELINE_VERSION }).first('activity_id')) !== undefined;
}

/**
 * Makes everything drawn anew from the recordings, for the tracks that another version of the pipeline made. Stopped
 * or killed at any time it goes on where it was; tiles are answered meanwhile, and imports may run. Rejects when the
 * signal aborts or the database is away.
 */
export async function rebuildTracks(
  deps: RebuildDeps,
  { athleteId, all = false }: RebuildOptions,
  signal: AbortSignal,
  onProgress: (progress: RebuildProgress) => void = () => {},
): Promise<RebuildProgress> {
  const outdated = all ? '' : `and t.pipeline <> ${PIPELINE_VERSION}`;
  const from = `from recordings r ${all ? 'left join' : 'join'} tracks t on t.activity_id = r.activity_id
    where r.chosen and r.source is not null ${outdated} ${athleteId === undefined ? '' : 'and r.athlete_id = :athleteId'}`;
  const { rows } = await deps.db.raw<{ rows: { total: number }[] }>(`select count(*)::int as total ${from}`, {
    athleteId,
  });
  const progress: RebuildProgress = { total: rows[0].total, done: 0, failed: 0 };
  onProgress(progress);
  // in order of the activities' ids, so that those which are damaged and stay are not met again
  for (let after = '0'; ; ) {
    signal.throwIfAborted();
    const { rows: batch } = await deps.db.raw<{ rows: Chosen[] }>(
      `select r.activity_id::text as "activityId", r.athlete_id::text as "athleteId", r.id::text as "recordingId",
         r.point_count as "pointCount", r.source
       ${from} and r.activity_id > :after order by r.activity_id limit ${BATCH}`,
      { athleteId, after },
    );
    const last = batch.at(-1);
    if (!last) return progress;
    after = last.activityId;
    for (const [owner, chosen] of Map.groupBy(batch, (one) => one.athleteId)) {
      progress.failed += await redrawAll(deps, owner, chosen, signal);
    }
    progress.done += batch.length;
    onProgress(progress);
  }
}

/** Answers how many could not be drawn. Nothing is left to draw of an athlete who was deleted meanwhile. */
async function redrawAll(
  deps: RebuildDeps,
  athleteId: string,
  chosen: readonly Chosen[],
  signal: AbortSignal,
): Promise<number> {
  try {
    const redrawn = await drawAll(deps, athleteId, chosen, signal);
    await store(deps, athleteId, redrawn);
    return chosen.length - redrawn.length;
  } catch (error) {
    if (error instanceof UnknownAthlete) return 0;
    throw error;
  }
}

async function drawAll(
  { keyring, pool, log }: RebuildDeps,
  athleteId: string,
  chosen: readonly Chosen[],
  signal: AbortSignal,
): Promise<Redrawn[]> {
  const key = await keyring.dataKey(athleteId);
  const tagKey = deriveKey(key, 'map');
  const redrawn = await Promise.all(
    chosen.map(async (one) => {
      try {
        const source = open(key, one.source, 'source');
        return { ...one, drawing: await pool.redraw({ source, tagKey }, signal) };
      } catch (error) {
        signal.throwIfAborted();
        log.warn({ err: error, activityId: one.activityId }, 'a recording could not be drawn anew');
        return null;
      }
    }),
  );
  return redrawn.filter((one) => one !== null);
}

/** Writes what was drawn, but where an import chose another recording in between. */
async function store(deps: RebuildDeps, athleteId: string, redrawn: readonly Redrawn[]): Promise<void> {
  if (redrawn.length === 0) return;
  await write(deps, athleteId, async (change) => {
    const still = await stillChosen(change.trx, redrawn);
    for (const { activityId, recordingId, drawing, pointCount } of redrawn) {
      if (still.has(recordingId)) await replaceTrack(change, activityId, drawing, pointCount);
    }
  });
}

async function stillChosen(trx: Knex.Transaction, redrawn: readonly Redrawn[]): Promise<Set<string>> {
  const ids = redrawn.map(({ recordingId }) => recordingId);
  return new Set(await trx('recordings').whereIn('id', ids).where({ chosen: true }).pluck<string[]>('id'));
}
