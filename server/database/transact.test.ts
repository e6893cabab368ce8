import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Knex } from 'knex';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { until } from '../testing/until.ts';
import { transact } from './transact.ts';

let database: TestDatabase;
let db: Knex;

before(async () => {
  database = await testDatabase();
  ({ db } = database);
  await db.schema.createTable('rows', (table) => table.integer('id').primary());
  await db('rows').insert([{ id: 1 }, { id: 2 }]);
});
after(() => database.drop());

const take = (trx: Knex.Transaction, id: number) => trx('rows').where({ id }).forUpdate().first('id');

test('a transaction given up to end a deadlock is run again, and what it did before is not there', async () => {
  const other = await db.transaction();
  // so that it is not the other that is given up
  await other.raw(`set local deadlock_timeout = '1h'`);
  await take(other, 1);
  let taking: Promise<unknown> | null = null;
  let tries = 0;
  const result = await transact(db, async (trx) => {
    tries++;
    await take(trx, 2);
    await trx('rows').insert({ id: 2 + tries });
    if (tries > 1) return 'done';
    taking = take(other, 2).then(() => other.commit());
    await until(async () => {
      const { rows } = await db.raw<{ rows: unknown[] }>(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows.length > 0;
    });
    await take(trx, 1);
    return 'not stopped';
  });
  await taking;
  assert.deepEqual([result, tries], ['done', 2]);
  assert.deepEqual(await db('rows').orderBy('id').pluck('id'), [1, 2, 4]);
});

test('any other failure is told at once', async () => {
  let tries = 0;
  const failing = transact(db, async (trx) => {
    tries++;
    await trx('rows').insert({ id: 1 });
  });
  await assert.rejects(failing, { code: '23505' });
  assert.equal(tries, 1);
});
