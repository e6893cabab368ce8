import type { Knex } from 'knex';

/** Maps for whoever holds their link. One that is revoked is deleted. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('shares', (table) => {
    table.bigIncrements('id');
    table.bigInteger('athlete_id').notNullable().references('athletes.id').onDelete('CASCADE').index();
    table.binary('hash').notNullable().unique().comment('of the key');
    table.binary('words').notNullable().comment('sealed: name, filter, colours, and what visitors may');
    table.timestamp('created_at').notNullable().defaultTo(db.fn.now());
    table.timestamp('expires_at');
    table.timestamp('last_used_at');
    table.bigInteger('views').notNullable().defaultTo(0);
  });
}

export async function down(): Promise<void> {
  throw new Error('migrations only go forward');
}
