import type { Knex } from 'knex';
import type { ImportPool } from '../activities/import-pool.ts';
import type { Drawing } from '../activities/prepare.ts';
import { type WriteDeps, write } from '../activities/write.ts';
import { UnknownAthlete } from '../athletes/keyring.ts';
import { deriveKey, open, seal } from '../athletes/seal.ts';
import { PIPELINE_VERSION } from '../heat/pipeline.ts';
import { mayBeShared } from '../index/stored.ts';
import { endsOf, type HiddenEnds } from './hiding.ts';
import { hiddenPlaces } from './zones.ts';

export interface PublishDeps extends WriteDeps {
  pool: Pick<ImportPool, 'redrawPublic'>;
  /** Whether others may see what came from Strava's API. */
  shareStravaApi: boolean;
  log: { warn(details: object, message: string): void };
}

/** The chosen recording of an activity whose public geometry is still to be made. */
interface Unpublished {
  activityId: string;
  recordingId: string;
  source: Buffer;
}

interface Published extends Unpublished {
  drawing: Omit<Drawing, 'bounds'> | null;
}

/** Activities cut and written in one transaction. */
const BATCH = 32;

/** Those that others may see something of and that have no public geometry of this pipeline: of the athlete `:athleteId`. */
function unpublished(shareStravaApi: boolean): string {
  return `from activities a
    join tracks t on t.activity_id = a.id
    join recordings r on r.activity_id = a.id and r.chosen and r.source is not null
    left join public_tracks p on p.activity_id = a.id and p.pipeline = ${PIPELINE_VERSION}
    where a.athlete_id = :athleteId and p.activity_id is null and ${mayBeShared(shareStravaApi)}`;
}

/** How many activities are still to be made public geometry of. */
export async function countUnpublished(
  { db, shareStravaApi }: Pick<PublishDeps, 'db' | 'shareStravaApi'>,
  athleteId: string,
): Promise<number> {
  const { rows } = await db.raw<{ rows: { count: number }[] }>(
    `select count(*)::int as count ${unpublished(shareStravaApi)}`,
    { athleteId },
  );
  return rows[0].count;
}

/** From now on public geometry of this athlete's activities is made; what there is is queued by the same transaction. */
export async function startPublishing(
  trx: Knex,
  athleteId: string,
  enqueue: (trx: Knex, athleteId: string) => Promise<void>,
): Promise<void> {
  const started = await trx('athletes')
    .where({ id: athleteId, published: false })
    .update({ published: true });
  if (started > 0) await enqueue(trx, athleteId);
}

/** Queues the making of whatever public geometry is missing, of every athlete: a new version may draw otherwise. */
export async function resumePublishing(
  db: Knex,
  enqueue: (trx: Knex, athleteId: string) => Promise<void>,
): Promise<void> {
  for (const id of await db('athletes').where({ published: true }).pluck<string[]>('id'))
    await enqueue(db, id);
}

/**
 * Makes what others see of an athlete's activities, wherever it is missing. Stopped or killed at any time it goes on
 * where it was. When what the athlete hides changes meanwhile, it begins anew, and nothing cut before is written.
 * Rejects when the signal aborts or the database is away.
 */
export async function publish(deps: PublishDeps, athleteId: string, signal: AbortSignal): Promise<void> {
  // what this writes is no reason to queue it again
  const quiet = { ...deps, enqueuePublishing: undefined };
  while (!(await publishAs(quiet, athleteId, signal))) signal.throwIfAborted();
}

/** False when what the athlete hides changed on the way. */
async function publishAs(deps: PublishDeps, athleteId: string, signal: AbortSignal): Promise<boolean> {
  const { db, keyring, shareStravaApi } = deps;
  const key = await keyring.dataKey(athleteId);
  // the revision first: places that are newer than it are found out when they are written
  const { ends, hidingRevision } = await readHiding(db, athleteId);
  const places = await hiddenPlaces(db, athleteId, key);
  const tagKey = deriveKey(key, 'public map');
  for (let after = '0'; ; ) {
    signal.throwIfAborted();
    const { rows } = await db.raw<{ rows: Unpublished[] }>(
      `select a.id::text as "activityId", r.id::text as "recordingId", r.source
       ${unpublished(shareStravaApi)} and a.id > :after order by a.id limit ${BATCH}`,
      { athleteId, after },
    );
    const last = rows.at(-1);
    if (!last) return true;
    after = last.activityId;
    const drawn = await Promise.all(
      rows.map(async (one): Promise<Published | null> => {
        try {
          const source = open(key, one.source, 'source');
          const hiding = { places, ...endsOf(key, one.activityId, ends) };
          return { ...one, drawing: await deps.pool.redrawPublic({ source, tagKey, hiding }, signal) };
        } catch (error) {
          signal.throwIfAborted();
          deps.log.warn({ err: error, activityId: one.activityId }, 'a recording could not be made public');
          return null;
        }
      }),
    );
    const whole = drawn.filter((one) => one !== null);
    if (!(await store(deps, athleteId, hidingRevision, whole))) return false;
  }
}

/** Writes what was cut, but where another recording was chosen in between; false, where another hiding was. */
function store(
  deps: PublishDeps,
  athleteId: string,
  hidingRevision: string,
  cut: readonly Published[],
): Promise<boolean> {
  return write(deps, athleteId, async (change) => {
    const { trx, key, revision } = change;
    if ((await readHiding(trx, athleteId)).hidingRevision !== hidingRevision) return false;
    const ids = cut.map(({ recordingId }) => recordingId);
    const chosen = await trx('recordings').whereIn('id', ids).where({ chosen: true }).pluck<string[]>('id');
    const rows = cut
      .filter(({ recordingId }) => chosen.includes(recordingId))
      .map(({ activityId, drawing }) => ({
        activity_id: activityId,
        athlete_id: athleteId,
        revision,
        pipeline: PIPELINE_VERSION,
        tag: drawing && Buffer.from(drawing.tag),
        coarse: drawing && seal(key, drawing.coarse, 'geometry'),
        fine: drawing && seal(key, drawing.fine, 'geometry'),
      }));
    if (rows.length === 0) return true;
    await trx('public_tracks').insert(rows).onConflict('activity_id').merge();
    change.changed = true;
    return true;
  });
}

async function readHiding(
  db: Knex,
  athleteId: string,
): Promise<{ ends: HiddenEnds; hidingRevision: string }> {
  const row = await db('athletes')
    .where({ id: athleteId })
    .first<{ first: number; last: number; hidingRevision: string } | undefined>(
      'hide_first as first',
      'hide_last as last',
      'hiding_revision as hidingRevision',
    );
  if (!row) throw new UnknownAthlete(athleteId);
  const { hidingRevision, ...ends } = row;
  return { ends, hidingRevision };
}
