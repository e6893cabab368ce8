import type { Knex } from 'knex';

/** Calls about the turn of a window, of which nobody knows in which of the two Strava counts them. */
export async function up(db: Knex): Promise<void> {
  await db.schema.alterTable('strava_apps', (table) => {
    table.integer('read_late').notNullable().defaultTo(0);
    table.integer('overall_late').notNullable().defaultTo(0);
  });
}

export async function down(): Promise<void> {
  throw new Error('migrations only go forward');
}
