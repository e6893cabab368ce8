/**
 * Imports as the server runs them: files of each format into a database, points a second; reading alone beside the
 * usual packages; the memory of a large import in a process of its own; what is stored of a point.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Knex } from 'knex';
import { runImport } from '../server/activities/import.ts';
import { submitPaths } from '../server/activities/submit.ts';
import { fitFile } from '../server/demo/fit-writer.ts';
import { gpxFile } from '../server/demo/gpx-writer.ts';
import { tcxFile } from '../server/demo/tcx-writer.ts';
import { testAthlete, testDatabase } from '../server/testing/database.ts';
import { testImports } from '../server/testing/import-deps.ts';
import { seeded } from '../server/testing/sample-activities.ts';
import { parseTrackFile } from '../server/tracks/parse.ts';
import type { RawActivity } from '../server/tracks/recording.ts';
import { type BenchActivity, benchActivities } from './athlete.ts';
import { measure, spread } from './measure.ts';
import { readFitByPackage, readXmlByPackage } from './readers.ts';
import { figure, type Table } from './table.ts';

/** Most of an export is FIT; level 1 packs quickly, which is all the same to who unpacks it. */
const FORMATS: Record<string, (activity: RawActivity) => Buffer> = {
  gpx: (activity) => gpxFile(activity),
  'gpx.gz': (activity) => gzipSync(gpxFile(activity), { level: 1 }),
  tcx: (activity) => tcxFile(activity),
  'tcx.gz': (activity) => gzipSync(tcxFile(activity), { level: 1 }),
  fit: (activity) => fitFile(activity),
  'fit.gz': (activity) => gzipSync(fitFile(activity), { level: 1 }),
};
const MB = 2 ** 20;
/** As many as the server starts at most. */
const THREADS = 4;

type Database = Awaited<ReturnType<typeof testDatabase>>;

export async function importBench({ smoke }: { smoke: boolean }): Promise<Table[]> {
  const database = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'pathglow-bench-'));
  try {
    const [files, points, runs] = smoke ? [8, 300, 1] : [100, 4000, 5];
    return [
      await byFormat(database.db, folder, { files, points, runs }),
      await readingAlone(smoke ? { points: 1000, runs: 2 } : { points: 10_000, runs: 30 }),
      ...(await large(database, folder, smoke)),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
    await database.drop();
  }
}

/** With altitudes that rise and fall, as a barometer has them. */
function recorded({ track, sport, startedAt }: BenchActivity, seed: number): RawActivity {
  const random = seeded(seed);
  let [height, slope] = [250, 0];
  const lines = track.lines.map(({ lng, lat, time }) => ({
    lng: Array.from(lng, (at) => at / 1e7),
    lat: Array.from(lat, (at) => at / 1e7),
    time: Array.from(time),
    altitude: Array.from(time, () => {
      slope = 0.99 * slope + 0.01 * (random() - 0.5);
      height += slope;
      return Math.round(height * 5) / 5;
    }),
  }));
  return { sport, name: null, startedAt, lines, virtual: false, planned: false, notes: [] };
}

async function writeFiles(
  folder: string,
  { activities, points, formatOf }: { activities: number; points: number; formatOf(at: number): string },
): Promise<{ points: number; bytes: number }> {
  await mkdir(folder, { recursive: true });
  const written = { points: 0, bytes: 0 };
  let at = 0;
  for (const activity of benchActivities(activities, points)) {
    const format = formatOf(at);
    const bytes = FORMATS[format](recorded(activity, at));
    await writeFile(join(folder, `${at++}.${format}`), bytes);
    written.points += activity.track.pointCount;
    written.bytes += bytes.length;
  }
  return written;
}

async function byFormat(
  db: Knex,
  folder: string,
  { files, points, runs }: { files: number; points: number; runs: number },
): Promise<Table> {
  const deps = await testImports(db, { folder });
  const rows: Table['rows'] = [];
  const seconds: Record<string, number[]> = {};
  const sizes: Record<string, { points: number; bytes: number }> = {};
  for (const format of Object.keys(FORMATS)) {
    sizes[format] = await writeFiles(join(folder, format), {
      activities: files,
      points,
      formatOf: () => format,
    });
    seconds[format] = [];
  }
  for (let round = -1; round < runs; round++) {
    for (const format of Object.keys(FORMATS)) {
      const athlete = await testAthlete(db);
      const id = await submitPaths(deps.imports, athlete.id, [join(folder, format)], async () => {});
      const start = performance.now();
      await runImport(deps, id, new AbortController().signal);
      if (round >= 0) seconds[format].push((performance.now() - start) / 1000);
      await expectWhole(db, id, sizes[format].points);
      await db('athletes').where({ id: athlete.id }).delete();
    }
  }
  for (const format of Object.keys(FORMATS)) {
    const { points, bytes } = sizes[format];
    const { median, min, max } = spread(seconds[format]);
    rows.push([
      format,
      bytes / points,
      thousands(points / median),
      thousands(points / max),
      thousands(points / min),
    ]);
  }
  await deps.close();
  for (const format of Object.keys(FORMATS)) await rm(join(folder, format), { recursive: true });
  return {
    title: 'Importing, by format',
    note:
      `Thousand points a second from files to the database, ${files} files of ${points} points in the mean, ` +
      `${deps.pool.threads} threads beside the main one: found, unpacked, parsed, cleaned, simplified to all levels, ` +
      'compressed, sealed, compared with what is there, and committed. PostgreSQL is on the same cores, and does ' +
      'not wait for the disk.',
    columns: ['format', 'bytes a point in the file', 'k points/s', 'slowest run', 'fastest run'],
    rows,
  };
}

/** A bench of an import that left something out would say nothing. */
async function expectWhole(db: Knex, id: string, points: number): Promise<void> {
  const found = await db('imports').where({ id }).first('state', 'points');
  const failures = await db('import_files').where({ import_id: id, outcome: 'failed' });
  if (found.state !== 'done' || failures.length > 0 || Number(found.points) < points * 0.99)
    throw new Error(`an import of ${points} points ended ${found.state} with ${found.points}`);
}

async function readingAlone({ points, runs }: { points: number; runs: number }): Promise<Table> {
  const [activity] = benchActivities(1, points);
  const raw = recorded(activity, 1);
  const { pointCount } = activity.track;
  const rows: Table['rows'] = [];
  const others = { gpx: readXmlByPackage, tcx: readXmlByPackage, fit: readFitByPackage };
  for (const [format, other] of Object.entries(others)) {
    const bytes = FORMATS[format](raw);
    if ((await other(bytes)).length !== pointCount)
      throw new Error(`the other reader of ${format} reads less`);
    const times = await measure(
      {
        ours: () => parseTrackFile(inChunks(bytes)),
        theirs: () => other(bytes),
      },
      { runs },
    );
    const name = format === 'fit' ? 'fit-file-parser' : 'saxes';
    const { ours, theirs } = times;
    rows.push([format, ours.median, ours.p99, name, theirs.median, theirs.p99, theirs.median / ours.median]);
  }
  return {
    title: 'Reading one file',
    note: `Milliseconds to parse ${pointCount} points on one thread, ours and the usual package's, turn by turn.`,
    columns: ['format', 'ours', 'p99', 'package', 'its time', 'p99', 'times faster'],
    rows,
  };
}

async function* inChunks(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

/** The memory of large imports, and what the first of them left in the database. */
async function large(database: Database, folder: string, smoke: boolean): Promise<Table[]> {
  const path = join(folder, 'large');
  const formatOf = (at: number) => (at % 10 === 0 ? 'gpx' : at % 10 === 1 ? 'tcx.gz' : 'fit.gz');
  const sizes = smoke ? { activities: 20, points: 300 } : { activities: 5000, points: 4000 };
  const written = await writeFiles(path, { ...sizes, formatOf });
  const before = await bytesOf(database.db);
  const usual = await importApart(database, folder, path, written.points);
  const stored = await bytesOf(database.db);
  await rm(path, { recursive: true });

  const longest = smoke ? { activities: 4, points: 600 } : { activities: 8, points: 660_000 };
  const long = await writeFiles(path, { ...longest, formatOf: () => 'gpx' });
  const heavy = await importApart(database, folder, path, long.points);
  const row = (what: string, points: number, { memory, postgres, seconds }: Apart) => [
    what,
    points / 1e6,
    memory / MB,
    postgres === null ? '–' : figure(postgres / MB),
    thousands(points / seconds),
  ];
  const perPoint = (name: string, bytes: number) => [name, bytes / written.points];
  return [
    {
      title: 'Memory of a large import',
      note:
        `The largest resident set, in MiB, of a process of its own that runs the import with ${THREADS} threads, as ` +
        'many as the server starts at most: all there is but PostgreSQL, whose processes (its shared buffers with ' +
        'them) are counted beside it.',
      columns: ['import', 'M points', 'MiB', 'PostgreSQL, MiB', 'k points/s'],
      rows: [
        row(`${sizes.activities} files: 80 % .fit.gz, 10 % .gpx, 10 % .tcx.gz`, written.points, usual),
        row(`${longest.activities} .gpx files, each as long as a file may be`, long.points, heavy),
      ],
    },
    {
      title: 'Bytes stored a point',
      note: `Of the ${sizes.activities} activities, sealed, as the database holds them.`,
      columns: ['what', 'bytes a recorded point'],
      rows: [
        perPoint('levels: all that is drawn', stored.levels - before.levels),
        perPoint('source: the cleaned track with times and altitudes', stored.source - before.source),
        perPoint('the database on the disk, with its indexes', stored.disk - before.disk),
      ],
    },
  ];
}

interface Apart {
  /** Bytes. */
  memory: number;
  /** Bytes; null where it cannot be told. */
  postgres: number | null;
  seconds: number;
}

async function importApart(database: Database, folder: string, path: string, points: number): Promise<Apart> {
  const { db, url } = database;
  const deps = await testImports(db, { folder });
  const athlete = await testAthlete(db);
  const id = await submitPaths(deps.imports, athlete.id, [path], async () => {});
  const program = fileURLToPath(new URL('../server/testing/import-process.ts', import.meta.url));
  const start = performance.now();
  const child = fork(program, [url, folder, id, `${THREADS}`], {
    execArgv: process.execArgv.filter((flag) => flag !== '--expose-gc'),
  });
  let postgres: number | null = null;
  const looking = setInterval(async () => {
    const now = await postgresMemory(db).catch(() => null);
    if (now !== null) postgres = Math.max(postgres ?? 0, now);
  }, 500);
  const [{ maxRSS }] = (await once(child, 'message')) as [{ maxRSS: number }];
  const seconds = (performance.now() - start) / 1000;
  clearInterval(looking);
  await deps.close();
  await expectWhole(db, id, points);
  return { memory: maxRSS * 1024, postgres, seconds };
}

/** Bytes of all processes of the database's server, what they share counted once; throws where there is no /proc. */
async function postgresMemory(db: Knex): Promise<number> {
  const { rows } = await db.raw<{ rows: { pid: number }[] }>('select pg_backend_pid() as pid');
  const parent = parentOf(rows[0].pid);
  let bytes = 0;
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      if (Number(name) !== parent && parentOf(Number(name)) !== parent) continue;
      const rollup = await readFile(`/proc/${name}/smaps_rollup`, 'utf8');
      bytes += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) * 1024;
    } catch {
      // it ended meanwhile
    }
  }
  return bytes;
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

async function bytesOf(db: Knex): Promise<{ levels: number; source: number; disk: number }> {
  const { rows } = await db.raw(`select pg_database_size(current_database())::float8 as disk,
    (select coalesce(sum(length(coarse) + length(fine)), 0)::float8 from tracks) as levels,
    (select coalesce(sum(length(source)), 0)::float8 from recordings) as source`);
  return rows[0];
}

function thousands(pointsPerSecond: number): string {
  return figure(pointsPerSecond / 1000);
}
