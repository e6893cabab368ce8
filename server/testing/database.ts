/** A database for each test file: on TEST_DATABASE_URL's server, or on an embedded one of this process's own. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import pg from 'pg';
import { Keyring } from '../athletes/keyring.ts';
import { connect, migrate } from '../database/connect.ts';
import { startEmbedded } from '../database/embedded.ts';
import type { Athlete } from './store-activities.ts';

export interface TestDatabase {
  db: Knex;
  url: string;
  /** Ends its connections and removes it. */
  drop(): Promise<void>;
}

/** The master key of all tests. */
export const TEST_MASTER_KEY = Buffer.alloc(32, 7);

interface Server {
  url: string;
  stop(): Promise<void>;
}

let embedded: Promise<Server> | null = null;
let users = 0;

/** A fresh, migrated database; or a copy of another, whose connections are ended for it. */
export async function testDatabase(original?: TestDatabase): Promise<TestDatabase> {
  const server = await acquire();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await original?.db.destroy();
  const template = original ? `template ${new URL(original.url).pathname.slice(1)}` : '';
  await onServer(server.url, `create database ${name} ${template}`);
  const url = withDatabase(server.url, name);
  const db = connect(url);
  await migrate(db);
  return {
    db,
    url,
    async drop() {
      await db.destroy();
      await onServer(server.url, `drop database ${name} with (force)`);
      await release();
    },
  };
}

/** An athlete with a data key. */
export async function testAthlete(db: Knex): Promise<Athlete> {
  const keyring = new Keyring(db, TEST_MASTER_KEY);
  const [{ id }] = await db('athletes').insert({}).returning<{ id: string }[]>('id');
  await keyring.create(db, id);
  return { id, key: await keyring.dataKey(id) };
}

/** The local owner of a server that was started with the tests' master key. */
export async function testOwner(db: Knex): Promise<Athlete> {
  const { id } = await db('athletes').orderBy('id').first('id');
  return { id, key: await new Keyring(db, TEST_MASTER_KEY).dataKey(id) };
}

async function acquire(): Promise<Server> {
  users++;
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, stop: async () => {} };
  embedded ??= (async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pathglow-test-'));
    const quick = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=300'];
    const { url, stop } = await startEmbedded(folder, { settings: quick });
    return {
      url,
      async stop() {
        await stop();
        await rm(folder, { recursive: true, force: true });
      },
    };
  })();
  return embedded;
}

async function release(): Promise<void> {
  users--;
  if (users > 0 || !embedded) return;
  const server = embedded;
  embedded = null;
  await (await server).stop();
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  return url.replace(/\/[^/]*$/, `/${name}`);
}
