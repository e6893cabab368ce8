import type { Knex } from 'knex';

/** Keys by which athletes' own map programs fetch tiles. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('owner_keys', (table) => {
    table.bigIncrements('id');
    table.bigInteger('athlete_id').notNullable().references('athletes.id').onDelete('CASCADE').index();
    table.binary('hash').notNullable().unique();
    table.binary('name').notNullable().comment('sealed');
    table.timestamp('created_at').notNullable().defaultTo(db.fn.now());
    table.timestamp('last_used_at');
  });
}

export async function down(): Promise<void> {
  throw new Error('migrations only go forward');
}
