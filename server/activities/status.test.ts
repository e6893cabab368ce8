import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testAthlete, testDatabase } from '../testing/database.ts';
import { testImports } from '../testing/import-deps.ts';
import { until } from '../testing/until.ts';
import { type Status, StatusFeed } from './status.ts';

test('however much changes, a status is not read again before its time, and then it is', async () => {
  const database = await testDatabase();
  const { db } = database;
  const deps = await testImports(db);
  const { id } = await testAthlete(db);
  let looks = 0;
  const sources = {
    sync: async () => {
      looks++;
      return null;
    },
    warming: async () => null,
  };
  const told: Status[] = [];
  const hear = (status: Status) => told.push(status);
  const write = () => db('athletes').where({ id }).increment('revision');
  const seldom = new StatusFeed(db, deps.imports, sources, 3_600_000);
  const often = new StatusFeed(db, deps.imports, sources, 1);
  const leave = seldom.watch(id, hear);
  try {
    await until(() => told.length === 1);
    for (let at = 0; at < 50; at++) seldom.changed(id);
    // whatever would be read too soon is read while this is written
    await write();
    await write();
    assert.equal(looks, 1);
    leave();
    const leaveOften = often.watch(id, hear);
    await until(() => told.at(-1)?.revision === '2');
    await write();
    often.changed(id);
    await until(() => told.at(-1)?.revision === '3');
    leaveOften();
  } finally {
    leave();
    await deps.close();
    await database.drop();
  }
});
