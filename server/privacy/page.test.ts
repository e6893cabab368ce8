import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { ourTables } from '../database/tables.ts';
import { testDatabase } from '../testing/database.ts';

test('docs/privacy.md says of every table what it holds', async (t) => {
  const database = await testDatabase();
  t.after(() => database.drop());
  const page = await readFile(new URL('../../docs/privacy.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('|'));
  const tables = (await ourTables(database.db)).map(({ name }) => name);
  // who is signed in is in no backup, but in the database all the same
  for (const name of [...tables, 'sessions', 'sign_in_links'])
    assert.ok(
      rows.some((row) => row.split('|')[2].includes(`\`${name}`)),
      `docs/privacy.md has to say what ${name} holds`,
    );
});
