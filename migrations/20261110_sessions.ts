import type { Knex } from 'knex';

/** What a list of one's sessions shows, and a name by which one of them is ended that is no secret. */
export async function up(db: Knex): Promise<void> {
  await db.schema.alterTable('sessions', (table) => {
    table.uuid('id').notNullable().unique().defaultTo(db.raw('gen_random_uuid()'));
    table.timestamp('used_at').notNullable().defaultTo(db.fn.now()).comment('some minutes coarse');
    table.text('browser').comment('which, roughly: Firefox on Linux');
  });
}

export async function down(): Promise<void> {
  throw new Error('migrations only go forward');
}
