import type { Knex } from 'knex';

/** Activities that an import brought: the others of its files were here already. */
export async function up(db: Knex): Promise<void> {
  await db.schema.alterTable('imports', (table) => {
    table.integer('added').notNullable().defaultTo(0);
  });
}

export async function down(): Promise<void> {
  throw new Error('migrations only go forward');
}
