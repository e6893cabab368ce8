import type { Knex } from 'knex';

/** What athletes hide from others, and what is left for others to see. */
export async function up(db: Knex): Promise<void> {
  await db.schema.alterTable('athletes', (table) => {
    table
      .integer('hide_first')
      .notNullable()
      .defaultTo(200)
      .comment('metres hidden where an activity begins');
    table.integer('hide_last').notNullable().defaultTo(200).comment('metres hidden where an activity ends');
    // The revision at which zones or hidden ends last changed: public geometry is made for the present one only.
    table.bigInteger('hiding_revision').notNullable().defaultTo(0);
    table
      .boolean('published')
      .notNullable()
      .defaultTo(false)
      .comment('whether public geometry is made at all');
  });

  await db.schema.createTable('zones', (table) => {
    table.bigIncrements('id');
    table.bigInteger('athlete_id').notNullable().references('athletes.id').onDelete('CASCADE').index();
    table.binary('place').notNullable().comment('sealed: name, centre, radius, and the circle that is cut');
    table.timestamp('created_at').notNullable().defaultTo(db.fn.now());
  });

  // One row for each activity whose public part was made; without a tag where nothing is left of it.
  await db.schema.createTable('public_tracks', (table) => {
    table.bigInteger('activity_id').primary().references('activities.id').onDelete('CASCADE');
    table.bigInteger('athlete_id').notNullable().references('athletes.id').onDelete('CASCADE');
    table.bigInteger('revision').notNullable();
    table.integer('pipeline').notNullable();
    table.binary('tag');
    table.binary('coarse').comment('sealed geometry of the coarse levels');
    table.binary('fine').comment('sealed geometry of the fine levels');
    table.index(['athlete_id', 'revision']);
  });
  await db.raw(
    'alter table public_tracks alter coarse set storage external, alter fine set storage external',
  );
}

export async function down(): Promise<void> {
  throw new Error('migrations only go forward');
}
