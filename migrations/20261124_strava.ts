import type { Knex } from 'knex';

/** Several athletes, one of whom may be the local owner; their accounts at Strava, and what is read from there. */
export async function up(db: Knex): Promise<void> {
  await db.schema.alterTable('athletes', (table) => {
    table.boolean('owner').notNullable().defaultTo(false);
  });
  await db.raw('create unique index athletes_owner on athletes (owner) where owner');
  await db.raw('update athletes set owner = true where id = (select min(athlete_id) from data_keys)');

  await db.schema.createTable('strava_accounts', (table) => {
    table.bigInteger('athlete_id').primary().references('athletes.id').onDelete('CASCADE');
    table.text('strava_athlete_id').notNullable().unique();
    table.text('client_id').notNullable().comment('the application that the tokens are for');
    table.boolean('connected').notNullable();
    table.boolean('private').notNullable().comment('whether the athlete wants what is not public too');
    table.text('scopes').notNullable();
    table.binary('name').comment('sealed');
    table.binary('access_token').comment('sealed');
    table.binary('refresh_token').comment('sealed');
    table.timestamp('expires_at');
    table
      .timestamp('refresh_began_at')
      .comment('set while a refresh is under way: one that was cut off is known');
    table.timestamp('connected_at').notNullable();

    // the list that is being read, if any: the next page, and since which start
    table.integer('list_page');
    table.timestamp('list_began_at');
    table.timestamp('list_since');
    table
      .timestamp('sweep_due_at')
      .comment('when the whole list is due; null: it was asked for and is being read');
    table.timestamp('poll_due_at');
    table.timestamp('checked_at');
    table
      .timestamp('served_at')
      .comment('when something was last read for this athlete: who waits longest is next');
    table.text('problem').comment('why nothing is read');
    table.timestamp('retry_at').comment('when the problem may be over; null: not without the athlete');
    table.integer('attempts').notNullable().defaultTo(0);
  });

  // Every activity that Strava listed, and how far it is read.
  await db.schema.createTable('strava_activities', (table) => {
    table.bigInteger('athlete_id').notNullable().references('athletes.id').onDelete('CASCADE');
    table.text('strava_id').notNullable();
    table
      .text('state')
      .notNullable()
      .checkIn(['pending', 'done', 'no_track', 'broken', 'unseen'])
      .comment('unseen: not for this map, because it is not public or has to be read again');
    table.timestamp('started_at');
    table.boolean('virtual').notNullable();
    table.boolean('fresh').notNullable().comment('news, for which a part of the budget is kept');
    table.binary('words').comment('keyed digest of its name, sport and so on');
    table.binary('geometry').comment('keyed digest of its outline');
    table.timestamp('seen_at').notNullable().comment('when a list last had it');
    table
      .boolean('missing')
      .notNullable()
      .defaultTo(false)
      .comment('a list lacked it: to be asked for itself');
    table.timestamp('fetched_at').comment('when its streams were read');
    table.integer('attempts').notNullable().defaultTo(0);
    table.timestamp('retry_at');
    table.text('fault').comment('why it is broken');
    table.primary(['athlete_id', 'strava_id']);
    table.index(['athlete_id', 'state']);
  });

  // Hints of what happened there, each acted upon once.
  await db.schema.createTable('strava_events', (table) => {
    table.bigIncrements('id');
    table.bigInteger('athlete_id').notNullable().references('athletes.id').onDelete('CASCADE').index();
    table.text('kind').notNullable().checkIn(['activity', 'deauthorized']);
    table.text('object_id').notNullable();
    table.text('aspect').notNullable();
    table.bigInteger('event_time').notNullable();
    table.timestamp('received_at').notNullable();
    table.timestamp('handled_at');
    table.integer('attempts').notNullable().defaultTo(0);
    table.timestamp('retry_at');
    table.unique(['athlete_id', 'object_id', 'aspect', 'event_time']);
  });

  // What all athletes and processes share: one application's calls, and whether Strava answers it at all.
  await db.schema.createTable('strava_apps', (table) => {
    table.text('client_id').primary();
    for (const kind of ['read', 'overall']) {
      const least = kind === 'read' ? 1 : 2;
      table
        .integer(`${kind}_quarter_limit`)
        .notNullable()
        .defaultTo(100 * least);
      table
        .integer(`${kind}_day_limit`)
        .notNullable()
        .defaultTo(1000 * least);
      table.integer(`${kind}_quarter_used`).notNullable().defaultTo(0);
      table.integer(`${kind}_day_used`).notNullable().defaultTo(0);
    }
    table.timestamp('quarter_at').comment('the beginning of the quarter of an hour that is counted');
    table.timestamp('day_at');
    table.integer('faults').notNullable().defaultTo(0).comment('answers in a row that were none');
    table.text('pause');
    table.timestamp('paused_until');
    table.text('subscription_id');
  });

  await db.schema.alterTable('recordings', (table) => {
    table.text('strava_id').comment("of what Strava's API gave: the number of its activity there");
    table.boolean('outline').notNullable().defaultTo(false).comment('a rough one, until the whole is read');
  });
  await db.raw(
    'create unique index recordings_strava on recordings (athlete_id, strava_id) where strava_id is not null',
  );
  await db.schema.alterTable('activities', (table) => {
    table
      .boolean('named_by_api')
      .notNullable()
      .defaultTo(false)
      .comment("whether Strava's API gave its name");
  });
}

export async function down(): Promise<void> {
  throw new Error('migrations only go forward');
}
