import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';

/**
 * A backup: a folder with a file for each table, rows as lines of JSON, compressed with zstd, and a manifest that is
 * written last, so that a backup that was cut off is known by its absence.
 *
 *     manifest.json             what is here, from when, of which schema; a digest of every file
 *     keys/data_keys.zst        the athletes' keys: apart, since their backups have to be gone sooner
 *     tables/activities.zst …   everything else
 */
export interface Manifest {
  format: 1;
  madeBy: string;
  /** ISO 8601. */
  madeAt: string;
  /** Names of the migrations that made the schema. */
  migrations: string[];
  tables: BackedUpTable[];
}

export interface BackedUpTable {
  name: string;
  columns: string[];
  rows: number;
  /** Relative to the folder. */
  file: string;
  /** SHA-256 in hexadecimal digits. */
  digest: string;
}

/** A folder that is no backup, only part of one, or damaged. */
export class UnusableBackup extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnusableBackup';
  }
}

const MANIFEST = 'manifest.json';
const KEYS = 'data_keys';

/** Where a table lies in a backup. */
export function fileOf(table: string): string {
  return join(table === KEYS ? 'keys' : 'tables', `${table}.zst`);
}

/** Makes the folders of a new backup. Throws UnusableBackup where something is there already. */
export async function makeBackupFolder(folder: string): Promise<void> {
  if ((await readdir(folder).catch(() => [])).length > 0) throw new UnusableBackup(`${folder} is not empty`);
  for (const part of ['keys', 'tables']) await mkdir(join(folder, part), { recursive: true, mode: 0o700 });
}

/** Writes lines to a file, on the disk when it resolves; answers its digest. */
export async function writeLines(path: string, lines: AsyncIterable<string>): Promise<string> {
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk, _, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const target = createWriteStream(path, { mode: 0o600, flags: 'wx', flush: true });
  await pipeline(Readable.from(lines, { objectMode: false }), createZstdCompress(), hashing, target);
  return hash.digest('hex');
}

/** Says that the backup is whole. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const path = join(folder, MANIFEST);
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}

/** Reads what a backup holds, having checked that all of it is there and whole. Throws UnusableBackup. */
export async function openBackup(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => null);
  if (text === null) {
    throw new UnusableBackup(
      `${folder} is not a backup, or one that was never finished: it has no ${MANIFEST}`,
    );
  }
  let manifest: Manifest;
  try {
    manifest = JSON.parse(text);
  } catch {
    throw new UnusableBackup(`${join(folder, MANIFEST)} is damaged`);
  }
  if (manifest.format !== 1) throw new UnusableBackup('this backup was made by a newer version of Pathglow');
  for (const { file, digest } of manifest.tables) {
    const path = join(folder, file);
    const found = await digestOf(path).catch(() => null);
    if (found === null)
      throw new UnusableBackup(`${path} is missing: the folder ${dirname(file)} may be kept elsewhere`);
    if (found !== digest) throw new UnusableBackup(`${path} is damaged`);
  }
  return manifest;
}

/** The lines of a table's file. */
export async function* readLines(path: string): AsyncGenerator<string> {
  const unpacked = createReadStream(path).pipe(createZstdDecompress());
  yield* createInterface({ input: unpacked, crlfDelay: Number.POSITIVE_INFINITY });
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
