import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { until } from '../testing/until.ts';
import { startEmbedded, WrongDatabaseVersion } from './embedded.ts';

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pathglow-embedded-'));
  // nobody but its owner may enter: as root, that leaves no system user to run PostgreSQL as
  await chmod(folder, 0o700);
});
after(() => rm(folder, { recursive: true, force: true }));

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

test('what was stored is there after a stop, and after its owner was killed', async () => {
  const first = await startEmbedded(folder);
  await query(first.url, 'create table kept as select 1 as one');
  await first.stop();
  const second = await startEmbedded(folder);
  assert.deepEqual(await query(second.url, 'select one from kept'), [{ one: 1 }]);
  // never stopped: as a server leaves it that was killed
  const third = await startEmbedded(folder);
  assert.deepEqual(await query(third.url, 'select one from kept'), [{ one: 1 }]);
  await assert.rejects(query(third.url.replace(/:[0-9a-f]{48}@/, ':wrong@'), 'select 1'), /password/);
  await third.stop();
  assert.equal((await stat(join(folder, 'database.password'))).mode & 0o077, 0);
});

test('one that is killed is started again where it was, until it is stopped', async () => {
  const database = await startEmbedded(folder);
  const warnings: string[] = [];
  database.keepUp((message) => warnings.push(message));
  const pid = async () =>
    Number.parseInt(await readFile(join(folder, 'database/postmaster.pid'), 'utf8'), 10);
  const before = await pid();
  process.kill(before, 'SIGKILL');
  await until(() => warnings.length > 0 && query(database.url, 'select 1').catch(() => null));
  assert.notEqual(await pid(), before);
  assert.equal(warnings[0], 'the database is gone, and is started again');
  await database.stop();
  await assert.rejects(pid(), /ENOENT/);
});

test('a path too long for a socket is no obstacle', async () => {
  const deep = join(folder, 'x'.repeat(60), 'y'.repeat(60));
  await mkdir(deep, { recursive: true });
  const database = await startEmbedded(deep);
  assert.deepEqual(await query(database.url, 'select 2 as two'), [{ two: 2 }]);
  await database.stop();
});

test('data of another major version is told and left alone', async () => {
  const version = join(folder, 'database/PG_VERSION');
  const before = await readFile(version);
  await writeFile(version, '17\n');
  await assert.rejects(startEmbedded(folder), WrongDatabaseVersion);
  await writeFile(version, before);
  await (await startEmbedded(folder)).stop();
});

test('a database half made by a start that was cut off is made anew', async () => {
  const fresh = join(folder, 'fresh');
  await mkdir(join(fresh, 'database.new/base'), { recursive: true });
  await writeFile(join(fresh, 'database.new/PG_VERSION'), '18\n');
  const database = await startEmbedded(fresh);
  assert.deepEqual(await query(database.url, 'select 3 as three'), [{ three: 3 }]);
  await database.stop();
});
