import type { Knex } from 'knex';

/** What became of each file of an import, where only the failed ones were kept. */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('import_files', (table) => {
    table.uuid('import_id').notNullable().references('imports.id').onDelete('CASCADE');
    table.integer('ordinal').notNullable().comment('in the order of finding; 0: the import as a whole');
    table.text('outcome').notNullable().checkIn(['added', 'merged', 'known', 'failed']);
    table.binary('name').notNullable().comment('sealed');
    // not a reference: that an activity is deleted changes nothing of how it came
    table.bigInteger('activity_id');
    table.integer('added').notNullable().defaultTo(0).comment('activities that were not here before');
    table.text('code').comment('why it failed, or what was wrong with what was read');
    table.binary('message').comment('sealed');
    table.primary(['import_id', 'ordinal']);
  });
  await db.raw(
    `create index import_files_failed on import_files (import_id, ordinal) where outcome = 'failed'`,
  );
  await db.raw(
    `insert into import_files (import_id, ordinal, outcome, name, code, message)
     select import_id, row_number() over (partition by import_id order by id), 'failed', name, code, message
     from import_failures`,
  );
  await db.schema.dropTable('import_failures');
}

export async function down(): Promise<void> {
  throw new Error('migrations only go forward');
}
