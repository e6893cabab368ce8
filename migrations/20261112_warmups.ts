import type { Knex } from 'knex';

/** Which tiles athletes look at, and rendering them before they do. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('tile_requests', (table) => {
    table.bigInteger('athlete_id').notNullable().references('athletes.id').onDelete('CASCADE');
    table.date('day').notNullable().comment('UTC');
    table.binary('counts').notNullable().comment('sealed: requests by zoom, size and area');
    table.primary(['athlete_id', 'day']);
  });

  await db.schema.createTable('warmups', (table) => {
    table.uuid('id').primary();
    table.bigInteger('athlete_id').references('athletes.id').onDelete('CASCADE').comment('null: all');
    table.text('origin').notNullable().checkIn(['asked', 'change']);
    table.text('state').notNullable().checkIn(['queued', 'running', 'done', 'failed', 'cancelled']);
    table.integer('tile_limit').notNullable();
    table.timestamp('created_at').notNullable().defaultTo(db.fn.now()).index();
    table.timestamp('started_at');
    table.timestamp('finished_at');
  });

  // One for each athlete of a warm-up.
  await db.schema.createTable('warmup_parts', (table) => {
    table.uuid('warmup_id').notNullable().references('warmups.id').onDelete('CASCADE');
    table.bigInteger('athlete_id').notNullable().references('athletes.id').onDelete('CASCADE').index();
    table.binary('selection').notNullable().comment('sealed: what was asked for; once planned, its layers');
    table.boolean('planned').notNullable().defaultTo(false);
    table.primary(['warmup_id', 'athlete_id']);
  });

  // A run of tiles by their ordinals among those that have heat, which tell nobody where they are.
  await db.schema.createTable('warmup_batches', (table) => {
    table.bigIncrements('id');
    table.uuid('warmup_id').notNullable();
    table.bigInteger('athlete_id').notNullable().references('athletes.id').onDelete('CASCADE').index();
    table.specificType('zoom', 'smallint').notNullable();
    table.specificType('size', 'smallint').notNullable();
    table.integer('first').notNullable();
    table.integer('tiles').notNullable();
    table.integer('done').notNullable().defaultTo(0).comment('tiles seen to, whatever came of it');
    table.integer('skipped').notNullable().defaultTo(0).comment('of these, kept already');
    table.integer('failed').notNullable().defaultTo(0).comment('of these, not drawn');
    table.boolean('finished').notNullable().defaultTo(false);
    table
      .foreign(['warmup_id', 'athlete_id'])
      .references(['warmup_id', 'athlete_id'])
      .inTable('warmup_parts')
      .onDelete('CASCADE');
    table.index(['warmup_id', 'athlete_id']);
  });
}

export async function down(): Promise<void> {
  throw new Error('migrations only go forward');
}
