/** Everything that lies at rest: each file of a folder, each column of each table, each entry of a Redis. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from '@keyv/redis';
import type { Knex } from 'knex';
import type { Needle } from './needles.ts';

export interface Hay {
  where: string;
  bytes: Buffer;
}

export async function* filesOf(folder: string): AsyncGenerator<Hay> {
  for (const name of await readdir(folder, { recursive: true })) {
    const path = join(folder, name);
    try {
      // sockets have no bytes
      if ((await stat(path)).isFile()) yield { where: name, bytes: await readFile(path) };
    } catch (error) {
      // a database that runs makes files for moments
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

/** Every table of every schema but PostgreSQL's own, column by column. */
export async function* tablesOf(db: Knex): AsyncGenerator<Hay> {
  const { rows } = await db.raw<{ rows: { schema: string; table: string }[] }>(
    `select table_schema as schema, table_name as table from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
       and table_name <> 'spatial_ref_sys'`,
  );
  for (const { schema, table } of rows) {
    const values: Record<string, Buffer[]> = {};
    for (const row of await db.withSchema(schema).from(table).select<Record<string, unknown>[]>()) {
      for (const [column, value] of Object.entries(row)) {
        values[column] ??= [];
        values[column].push(
          Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value) ?? ''),
          Buffer.from('\n'),
        );
      }
    }
    for (const [column, all] of Object.entries(values)) {
      yield { where: `${schema}.${table}.${column}`, bytes: Buffer.concat(all) };
    }
  }
}

export async function* redisOf(url: string): AsyncGenerator<Hay> {
  const client = createClient({ url });
  await client.connect();
  // bytes, not text
  const BLOB_STRING = 36;
  const plain = client.withTypeMapping({ [BLOB_STRING]: Buffer });
  for (const key of await client.keys('*')) {
    const value = (await plain.get(key)) as unknown as Buffer | null;
    yield { where: `redis ${key}`, bytes: Buffer.concat([Buffer.from(key), value ?? Buffer.alloc(0)]) };
  }
  await client.close();
}

/** Where which needles were found. */
export async function search(
  hay: AsyncIterable<Hay> | Iterable<Hay>,
  needles: readonly Needle[],
): Promise<{ found: string[]; bytes: number }> {
  const found: string[] = [];
  let total = 0;
  for await (const { where, bytes } of hay) {
    total += bytes.length;
    for (const { what, bytes: needle } of needles)
      if (bytes.includes(needle)) found.push(`${what} in ${where}`);
  }
  return { found, bytes: total };
}
