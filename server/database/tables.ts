import type { Knex } from 'knex';
import { footprintFromBox, footprintToBox } from './footprint.ts';

/** A column as it is written to a backup and read from one: every value is text, or null. */
export interface Column {
  name: string;
  /** SQL that reads it as text. */
  read: string;
  /** SQL that makes its value of a text, given as an expression. */
  write(text: string): string;
}

export interface Table {
  name: string;
  columns: Column[];
  /** Columns that count upwards by themselves. */
  counted: string[];
}

/** Who is signed in is not kept: a backup must not bring back what was signed out since. */
const LEFT_OUT = ['sessions', 'sign_in_links', 'knex_migrations', 'knex_migrations_lock'];

/** All tables of ours, each after those it refers to. */
export async function ourTables(db: Knex): Promise<Table[]> {
  const { rows } = await db.raw<{
    rows: { table: string; column: string; type: string; counted: boolean }[];
  }>(
    `select c.relname as table, a.attname as column, format_type(a.atttypid, a.atttypmod) as type,
       pg_get_serial_sequence(format('public.%I', c.relname), a.attname) is not null as counted
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       and a.attgenerated = ''
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> all(:leftOut)
       -- PostGIS brings tables of its own
       and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')
     order by c.relname, a.attnum`,
    { leftOut: LEFT_OUT },
  );
  const byName = Map.groupBy(rows, ({ table }) => table);
  const tables = [...byName].map(([name, columns]) => ({
    name,
    columns: columns.map(({ column, type }) => columnOf(column, type)),
    counted: columns.flatMap(({ column, counted }) => (counted ? [column] : [])),
  }));
  return inOrder(tables, await references(db));
}

function columnOf(name: string, type: string): Column {
  if (name === 'footprint') return { name, read: footprintToBox(type), write: footprintFromBox(type) };
  return { name, read: `"${name}"::text`, write: (text) => `(${text})::${type}` };
}

/** Which tables each refers to. */
async function references(db: Knex): Promise<Map<string, Set<string>>> {
  const { rows } = await db.raw<{ rows: { from: string; to: string }[] }>(
    `select f.relname as from, t.relname as to
     from pg_constraint k join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
     where k.contype = 'f' and f.oid <> t.oid and f.relnamespace = 'public'::regnamespace`,
  );
  const all = new Map<string, Set<string>>();
  for (const { from, to } of rows) all.set(from, (all.get(from) ?? new Set()).add(to));
  return all;
}

function inOrder(tables: readonly Table[], references: ReadonlyMap<string, ReadonlySet<string>>): Table[] {
  const ordered: Table[] = [];
  const waiting = [...tables];
  while (waiting.length > 0) {
    const isWaiting = (name: string) => waiting.some((one) => one.name === name);
    const at = waiting.findIndex(({ name }) => ![...(references.get(name) ?? [])].some(isWaiting));
    if (at < 0) throw new Error('tables refer to each other in a circle');
    ordered.push(...waiting.splice(at, 1));
  }
  return ordered;
}

/** Has a connection write and read values as text in one way, whatever the server's settings. */
export async function speakPlainly(trx: Knex.Transaction): Promise<void> {
  for (const setting of [
    `timezone to 'UTC'`,
    `datestyle to 'ISO'`,
    `intervalstyle to 'iso_8601'`,
    `bytea_output to 'hex'`,
    'extra_float_digits to 1',
  ]) {
    await trx.raw(`set local ${setting}`);
  }
}

/** Names of the migrations that made the schema, in their order; none where there is no schema yet. */
export async function migrationsOf(db: Knex): Promise<string[]> {
  if (!(await db.schema.hasTable('knex_migrations'))) return [];
  return db('knex_migrations').orderBy('id').pluck<string[]>('name');
}
