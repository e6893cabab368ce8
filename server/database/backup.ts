import { join } from 'node:path';
import type { Knex } from 'knex';
import {
  type BackedUpTable,
  fileOf,
  type Manifest,
  makeBackupFolder,
  writeLines,
  writeManifest,
} from './backup-folder.ts';
import { migrationsOf, ourTables, speakPlainly, type Table } from './tables.ts';

export interface BackupOptions {
  /** A new or empty folder. */
  folder: string;
  /** The product's version. */
  version: string;
  /** Called before each table is read. */
  onTable?(name: string): Promise<void> | void;
}

/** Rows fetched at a time: of tracks, some megabytes. */
const ROWS = 40;

/**
 * Writes all there is in the database into a folder, as of one moment, while servers go on working. Nothing is
 * opened: what is sealed stays sealed. Throws UnusableBackup where the folder is not empty.
 */
export async function backUp(db: Knex, { folder, version, onTable }: BackupOptions): Promise<Manifest> {
  if ((await migrationsOf(db)).length === 0) throw new Error('There is nothing here yet to back up.');
  await makeBackupFolder(folder);
  const madeAt = new Date().toISOString();
  const read = async (trx: Knex.Transaction): Promise<Manifest> => {
    await speakPlainly(trx);
    const tables: BackedUpTable[] = [];
    for (const table of await ourTables(trx)) {
      await onTable?.(table.name);
      tables.push(await writeTable(trx, folder, table));
    }
    return { format: 1, madeBy: `Pathglow ${version}`, madeAt, migrations: await migrationsOf(trx), tables };
  };
  const manifest = await db.transaction(read, { isolationLevel: 'repeatable read', readOnly: true });
  await writeManifest(folder, manifest);
  return manifest;
}

async function writeTable(trx: Knex.Transaction, folder: string, table: Table): Promise<BackedUpTable> {
  const { name, columns } = table;
  const file = fileOf(name);
  let rows = 0;
  const lines = async function* () {
    for await (const line of linesOf(trx, table)) {
      rows++;
      yield `${line}\n`;
    }
  };
  const digest = await writeLines(join(folder, file), lines());
  return { name, columns: columns.map((column) => column.name), rows, file, digest };
}

/** Each row as an array of texts and nulls, in JSON. */
async function* linesOf(trx: Knex.Transaction, { name, columns }: Table): AsyncGenerator<string> {
  const values = columns.map(({ read }) => read).join(', ');
  await trx.raw(`declare reading cursor for select json_build_array(${values})::text as line from "${name}"`);
  for (;;) {
    const { rows } = await trx.raw<{ rows: { line: string }[] }>(`fetch ${ROWS} from reading`);
    for (const { line } of rows) yield line;
    if (rows.length < ROWS) break;
  }
  await trx.raw('close reading');
}
