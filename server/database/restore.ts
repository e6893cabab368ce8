import { join } from 'node:path';
import type { Knex } from 'knex';
import { type BackedUpTable, type Manifest, openBackup, readLines, UnusableBackup } from './backup-folder.ts';
import { migrate } from './connect.ts';
import { migrationsOf, ourTables, speakPlainly, type Table } from './tables.ts';

/** There is something here that a restore would mix with what it brings. */
export class NotEmpty extends Error {
  constructor() {
    super('There are activities here already. A backup is restored into an empty installation only.');
    this.name = 'NotEmpty';
  }
}

export interface RestoreOptions {
  folder: string;
  /** Looks through what was restored, in the same transaction. Throws where it could not be used (another master key). */
  check(trx: Knex.Transaction): Promise<void>;
}

/** Rows, and bytes of them, that are stored at a time. */
const ROWS = 200;
const BYTES = 8 * 2 ** 20;

/**
 * Fills an empty installation from a backup: all of it, or nothing. Throws UnusableBackup, NotEmpty, and what `check`
 * throws. Answers how many rows were restored.
 */
export async function restore(db: Knex, { folder, check }: RestoreOptions): Promise<number> {
  const manifest = await openBackup(folder);
  await matchSchema(db, manifest);
  const restored = await db.transaction(async (trx) => {
    await speakPlainly(trx);
    const tables = await ourTables(trx);
    await makeRoom(trx, tables);
    let rows = 0;
    for (const table of tables) {
      const from = manifest.tables.find(({ name }) => name === table.name);
      if (from) rows += await fill(trx, table, from, folder);
    }
    await check(trx);
    return rows;
  });
  // a backup of an older version goes on as a database of an older version does
  await migrate(db);
  return restored;
}

/** Makes the schema that the backup was made of, where there is none yet. */
async function matchSchema(db: Knex, { migrations, madeBy }: Manifest): Promise<void> {
  const [, pending] = (await db.migrate.list()) as [unknown, { file: string }[]];
  const before = await migrationsOf(db);
  const known = new Set([...before, ...pending.map(({ file }) => file)]);
  if (migrations.some((name) => !known.has(name))) {
    throw new UnusableBackup(`this backup was made by a newer version: ${madeBy}`);
  }
  if (before.length === 0) await migrate(db, migrations);
  else if (before.length !== migrations.length) {
    throw new UnusableBackup(
      `this backup was made by an older version, ${madeBy}: restore it into a database that was not used before`,
    );
  }
}

/** A server that was started once has an owner, who has nothing. */
async function makeRoom(trx: Knex.Transaction, tables: readonly Table[]): Promise<void> {
  await trx.raw('lock table athletes in access exclusive mode');
  for (const name of ['activities', 'imports']) if (await trx(name).first()) throw new NotEmpty();
  await trx('athletes').delete();
  for (const { name } of tables) if (await trx(name).first()) throw new NotEmpty();
}

async function fill(
  trx: Knex.Transaction,
  table: Table,
  { columns: names, rows: expected, file }: BackedUpTable,
  folder: string,
): Promise<number> {
  const { name, counted } = table;
  const values = names.map((column, at) => {
    const here = table.columns.find((one) => one.name === column);
    if (!here) throw new UnusableBackup(`the table ${name} has no column ${column} here`);
    return here.write(`line->>${at}`);
  });
  const into = names.map((column) => `"${column}"`).join(', ');
  const insert = `insert into "${name}" (${into}) select ${values.join(', ')} from json_array_elements(:lines::json) line`;
  let rows = 0;
  for await (const lines of together(readLines(join(folder, file)))) {
    await trx.raw(insert, { lines: `[${lines.join(',')}]` });
    rows += lines.length;
  }
  if (rows !== expected) throw new UnusableBackup(`${file} has ${rows} rows, and should have ${expected}`);
  for (const column of counted) {
    await trx.raw(
      `select setval(pg_get_serial_sequence('public."${name}"', '${column}'), coalesce(max("${column}"), 1), max("${column}") is not null)
       from "${name}"`,
    );
  }
  return rows;
}

async function* together(lines: AsyncIterable<string>): AsyncGenerator<string[]> {
  let batch: string[] = [];
  let bytes = 0;
  for await (const line of lines) {
    batch.push(line);
    bytes += line.length;
    if (batch.length < ROWS && bytes < BYTES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}
