import type { Knex } from 'knex';
import { makeFootprintColumn } from '../server/database/footprint.ts';

/** Athletes, their keys and sessions; activities with their recordings and tracks; imports. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('athletes', (table) => {
    table.bigIncrements('id');
    // Grows by one with every change of the athlete's activities: what an index in memory compares itself with.
    table.bigInteger('revision').notNullable().defaultTo(0);
    table.timestamp('created_at').notNullable().defaultTo(db.fn.now());
  });

  // Apart from all that they open, so that their backups can be kept apart and expire sooner.
  await db.schema.createTable('data_keys', (table) => {
    table.bigInteger('athlete_id').primary().references('athletes.id').onDelete('CASCADE');
    table.binary('wrapped').notNullable();
    table.binary('master_id').notNullable();
    table.timestamp('created_at').notNullable().defaultTo(db.fn.now());
  });

  await db.schema.createTable('sessions', (table) => {
    table.binary('hash').primary();
    table.bigInteger('athlete_id').notNullable().references('athletes.id').onDelete('CASCADE').index();
    table.timestamp('created_at').notNullable().defaultTo(db.fn.now());
    table.timestamp('expires_at').notNullable();
  });

  await db.schema.createTable('sign_in_links', (table) => {
    table.binary('hash').primary();
    table.bigInteger('athlete_id').notNullable().references('athletes.id').onDelete('CASCADE');
    table.timestamp('expires_at').notNullable();
  });

  await db.schema.createTable('activities', (table) => {
    table.bigIncrements('id');
    table.bigInteger('athlete_id').notNullable().references('athletes.id').onDelete('CASCADE');
    table.text('provenance').notNullable().checkIn(['upload', 'bulk_export', 'strava_api']);
    table.text('sport').notNullable();
    table.timestamp('started_at');
    table.double('elapsed').comment('seconds');
    table.double('distance').comment('metres');
    table.boolean('commute').notNullable().defaultTo(false);
    table.boolean('virtual').notNullable().defaultTo(false);
    table.text('visibility').notNullable().defaultTo('everyone');
    table.boolean('hidden').notNullable().defaultTo(false);
    table.text('strava_id');
    table.binary('name').comment('sealed');
    table.bigInteger('revision').notNullable();
    table.timestamp('created_at').notNullable().defaultTo(db.fn.now());
    table.unique(['athlete_id', 'strava_id']);
    table.index(['athlete_id', 'revision']);
    table.index(['athlete_id', 'started_at']);
    table.index(['athlete_id', 'distance']);
  });
  await makeFootprintColumn(db);

  // Every recording there is of an activity; the chosen one is drawn.
  await db.schema.createTable('recordings', (table) => {
    table.bigIncrements('id');
    table.bigInteger('activity_id').notNullable().references('activities.id').onDelete('CASCADE').index();
    table.bigInteger('athlete_id').notNullable().references('athletes.id').onDelete('CASCADE');
    table.binary('digest').notNullable();
    table.text('provenance').notNullable().checkIn(['upload', 'bulk_export', 'strava_api']);
    table.integer('point_count').notNullable();
    table.binary('source').comment('sealed: the cleaned track with its times');
    table.boolean('chosen').notNullable();
    table.unique(['athlete_id', 'digest']);
  });
  await db.raw('create unique index recordings_chosen on recordings (activity_id) where chosen');

  await db.schema.createTable('tracks', (table) => {
    table.bigInteger('activity_id').primary().references('activities.id').onDelete('CASCADE');
    table.bigInteger('athlete_id').notNullable().references('athletes.id').onDelete('CASCADE').index();
    table.binary('tag').notNullable();
    table.integer('pipeline').notNullable().index();
    table.binary('coarse').notNullable().comment('sealed geometry of the coarse levels');
    table.binary('fine').notNullable().comment('sealed geometry of the fine levels');
    table.integer('point_count').notNullable();
  });
  // What is sealed does not get smaller: trying to compress it would only take time.
  await db.raw('alter table recordings alter source set storage external');
  await db.raw('alter table tracks alter coarse set storage external, alter fine set storage external');

  await db.schema.createTable('removed_activities', (table) => {
    table.bigInteger('athlete_id').notNullable().references('athletes.id').onDelete('CASCADE');
    table.bigInteger('activity_id').notNullable();
    table.bigInteger('revision').notNullable();
    table.primary(['athlete_id', 'activity_id']);
    table.index(['athlete_id', 'revision']);
  });

  await db.schema.createTable('imports', (table) => {
    table.uuid('id').primary();
    table.bigInteger('athlete_id').notNullable().references('athletes.id').onDelete('CASCADE').index();
    table.text('state').notNullable().checkIn(['queued', 'running', 'done', 'failed', 'cancelled']);
    table.integer('total').notNullable().defaultTo(0);
    table.integer('done').notNullable().defaultTo(0);
    table.bigInteger('points').notNullable().defaultTo(0);
    table.binary('source_paths').notNullable().comment('sealed');
    table.boolean('spool').notNullable().comment('whether the sources are uploads in the spool');
    table.timestamp('created_at').notNullable().defaultTo(db.fn.now());
    table.timestamp('started_at');
    table.timestamp('finished_at');
  });

  await db.schema.createTable('import_failures', (table) => {
    table.bigIncrements('id');
    table.uuid('import_id').notNullable().references('imports.id').onDelete('CASCADE').index();
    table.binary('name').notNullable().comment('sealed');
    table.text('code').notNullable();
    table.binary('message').notNullable().comment('sealed');
  });
}

export async function down(): Promise<void> {
  throw new Error('migrations only go forward');
}
