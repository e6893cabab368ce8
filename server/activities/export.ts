import { Readable } from 'node:stream';
import type { Knex } from 'knex';
import { ZipFile } from 'yazl';
import { open } from '../athletes/seal.ts';
import { decodeTrack } from '../tracks/codec.ts';
import { writeGpx } from '../tracks/gpx-writer.ts';
import type { Kept } from '../tracks/kept.ts';
import type { TrackLine } from '../tracks/recording.ts';

export interface ExportDeps {
  db: Knex;
  dataKey(athleteId: string): Promise<Buffer>;
  /** What else the athlete has settled here, to be told in JSON. */
  settings(athleteId: string): Promise<object>;
}

/** An activity as the export lists it. */
type Listed = Kept & { id: string; sport: string; name: string | null; file: string };

interface Row extends Kept {
  id: string;
  sport: string;
  name: Buffer | null;
}

/** Activities listed at a time: what is held of each is some hundred bytes. */
const PAGE = 1000;
const MADE_BY = { madeBy: 'Pathglow', format: 1 };
/** Dates that a zip file can hold. */
const EARLIEST = Date.UTC(1980, 0, 2);
const LATEST = Date.UTC(2100, 0, 1);

/**
 * Everything an athlete has here, as a zip file that is made while it is read: a GPX file for each activity,
 * `activities.json` with what there is to say of each, and `settings.json`. One recording is held at a time. Importing
 * it gives the same map; settings are told and never taken back, since whoever made the file would decide what others
 * see of whoever imports it. The stream fails when the athlete is deleted meanwhile; destroying it ends the work.
 */
export async function exportActivities(deps: ExportDeps, athleteId: string): Promise<Readable> {
  const listed = await list(deps, athleteId);
  const unreadable: string[] = [];
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  zip.on('error', (error: unknown) => output.destroy(error as Error));
  let current: Readable | null = null;
  output.once('close', () => current?.destroy());

  const add = (name: string, startedAt: number | null, pieces: () => AsyncIterable<string>) => {
    const time = startedAt === null ? EARLIEST : startedAt * 1000;
    const mtime = new Date(Math.min(LATEST, Math.max(EARLIEST, time)));
    zip.addReadStreamLazy(name, { mtime, compressionLevel: 3 }, (take) => {
      if (output.destroyed) return;
      current = Readable.from(pieces(), { objectMode: false });
      current.once('error', (error) => output.destroy(error));
      take(null, current);
    });
  };
  for (const activity of listed) {
    add(activity.file, activity.startedAt, () => gpxOf(deps, athleteId, activity, unreadable));
  }
  add('settings.json', Date.now() / 1000, async function* () {
    yield `${JSON.stringify({ ...MADE_BY, ...(await deps.settings(athleteId)) }, null, 2)}\n`;
  });
  // last, since it tells which of them could not be read
  add('activities.json', Date.now() / 1000, async function* () {
    yield `{\n${JSON.stringify(MADE_BY).slice(1, -1)}, "unreadable": ${JSON.stringify(unreadable)},\n"activities": [`;
    for (const [at, activity] of listed.entries()) yield `${at ? ',' : ''}\n${JSON.stringify(activity)}`;
    yield '\n]}\n';
  });
  zip.end();
  return output;
}

async function list(
  { db, dataKey }: Pick<ExportDeps, 'db' | 'dataKey'>,
  athleteId: string,
): Promise<Listed[]> {
  const key = await dataKey(athleteId);
  const listed: Listed[] = [];
  for (let after = '0'; ; ) {
    const { rows } = await db.raw<{ rows: Row[] }>(
      `select a.id::text as id, a.name, a.sport, a.provenance, a.strava_id as "stravaId",
         extract(epoch from a.started_at)::float8 as "startedAt", a.elapsed, a.distance, a.commute, a.virtual,
         a.visibility, a.hidden, coalesce(r.outline, false) as outline
       from activities a left join recordings r on r.activity_id = a.id and r.chosen
       where a.athlete_id = :athleteId and a.id > :after order by a.id limit ${PAGE}`,
      { athleteId, after },
    );
    for (const row of rows) {
      const name = row.name && open(key, row.name, 'activity-name').toString();
      listed.push({ ...row, name, file: fileOf(row) });
    }
    if (rows.length < PAGE) return listed;
    after = rows[PAGE - 1].id;
  }
}

/** By day, so that they lie in order; by id, since a day may have several. */
function fileOf({ id, startedAt }: Row): string {
  const day = startedAt === null ? 'undated' : new Date(startedAt * 1000).toISOString().slice(0, 10);
  return `activities/${day}-${id}.gpx`;
}

async function* gpxOf(
  { db, dataKey }: ExportDeps,
  athleteId: string,
  { id, name, sport, file: _, ...kept }: Listed,
  unreadable: string[],
): AsyncGenerator<string> {
  const key = await dataKey(athleteId);
  const row = await db('recordings')
    .where({ activity_id: id, athlete_id: athleteId, chosen: true })
    .first<{ source: Buffer | null } | undefined>('source');
  let lines: TrackLine[] = [];
  try {
    if (row?.source) ({ lines } = decodeTrack(open(key, row.source, 'source')));
  } catch {
    unreadable.push(id);
  }
  yield* writeGpx({ name, sport, kept, lines });
}
