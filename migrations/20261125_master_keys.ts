import type { Knex } from 'knex';

/** While the master key is changed: each of the two sealed by the other, so that whoever knows one has both. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('master_keys', (table) => {
    table.binary('master_id').notNullable();
    table.binary('sealed_by').notNullable();
    table.binary('sealed').notNullable();
    table.primary(['master_id', 'sealed_by']);
  });
}

export async function down(): Promise<void> {
  throw new Error('migrations only go forward');
}
