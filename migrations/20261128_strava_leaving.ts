import type { Knex } from 'knex';

/** Who has disconnected, while what Strava's API gave is not deleted yet. */
export async function up(db: Knex): Promise<void> {
  await db.schema.alterTable('strava_accounts', (table) => {
    table
      .boolean('leaving')
      .notNullable()
      .defaultTo(false)
      .comment('disconnected, and what the API gave is still to be deleted');
  });
}

export async function down(): Promise<void> {
  throw new Error('migrations only go forward');
}
