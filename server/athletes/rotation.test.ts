import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Knex } from 'knex';
import { readControl } from '../data-folder.ts';
import { testServer } from '../testing/app.ts';
import { testDatabase } from '../testing/database.ts';
import { Keyring, WrongMasterKey } from './keyring.ts';
import { masterKeyIn, renewMasterKey } from './master-key.ts';
import { forgetOthers, rotate } from './rotation.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Knex;

before(async () => {
  database = await testDatabase();
  ({ db } = database);
});
after(() => database.drop());

async function newAthlete(keyring: Keyring): Promise<string> {
  const [{ id }] = await db('athletes').insert({}).returning<{ id: string }[]>('id');
  await keyring.create(db, id);
  return id;
}

/** Their data keys, as a server sees them that was just started. */
async function keysOf(masterKey: Buffer, athletes: readonly string[]): Promise<string[]> {
  const keyring = new Keyring(db, masterKey);
  await keyring.check();
  return Promise.all(athletes.map(async (id) => (await keyring.dataKey(id)).toString('hex')));
}

test('servers with the old key and with the new one read every key at every moment; interrupted, it goes on', async () => {
  const [old, fresh] = [randomBytes(32), randomBytes(32)];
  const oldServer = new Keyring(db, old);
  const athletes: string[] = [];
  for (let at = 0; at < 230; at++) athletes.push(await newAthlete(oldServer));
  const keys = await keysOf(old, athletes);
  await assert.rejects(keysOf(fresh, athletes), WrongMasterKey);

  await assert.rejects(
    rotate(db, old, fresh, () => {
      throw new Error('killed');
    }),
    /killed/,
  );
  assert.deepEqual(await keysOf(old, athletes), keys);
  assert.deepEqual(await keysOf(fresh, athletes), keys);

  let batches = 0;
  const count = await rotate(db, old, fresh, async () => {
    batches++;
    assert.deepEqual(await keysOf(old, athletes), keys);
    assert.deepEqual(await keysOf(fresh, athletes), keys);
  });
  assert.deepEqual([count, batches], [130, 2]);

  // somebody comes to a server that was not started anew yet
  const late = await newAthlete(oldServer);
  const lateKey = (await oldServer.dataKey(late)).toString('hex');
  assert.equal(await forgetOthers(db, fresh), true);
  assert.deepEqual(await keysOf(fresh, [...athletes, late]), [...keys, lateKey]);
  await assert.rejects(keysOf(old, athletes), WrongMasterKey);
  assert.equal(await forgetOthers(db, fresh), false);
  await db('athletes').delete();
});

test('the old key is not forgotten while anything is wrapped with a key nobody told of', async () => {
  const [mine, other] = [randomBytes(32), randomBytes(32)];
  const id = await newAthlete(new Keyring(db, other));
  await assert.rejects(forgetOthers(db, mine), /nothing was forgotten/);
  assert.equal((await keysOf(other, [id])).length, 1);
  await assert.rejects(rotate(db, other, other), /present one/);
  await db('athletes').delete();
});

test('a key in the data folder is on the disk before it is used, and the same when called again', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'pathglow-key-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const before = await masterKeyIn(folder);
  let tried: Buffer | null = null;
  const killed = renewMasterKey(folder, async (_, after) => {
    tried = after;
    throw new Error('killed');
  });
  await assert.rejects(killed, /killed/);
  assert.deepEqual(await masterKeyIn(folder), before);
  const after = await renewMasterKey(folder, async (was, is) => {
    assert.deepEqual([was, is], [before, tried]);
  });
  assert.deepEqual(await masterKeyIn(folder), after);
  assert.deepEqual(await readdir(folder), ['master.key']);
});

test('a running server changes the key in its folder: nobody is signed out, and it starts again with the new one', async () => {
  const server = await testServer({ DATABASE_URL: '' });
  const headers = await server.signIn();
  const me = async () => (await fetch(`${server.origin}/api/me`, { headers })).status;
  const keyFile = () => readFile(join(server.dataDir, 'master.key'), 'utf8');
  const before = await keyFile();
  const { secret } = (await readControl(server.dataDir))!;
  const answer = await fetch(`${server.origin}/control/master-key`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}` },
  });
  assert.deepEqual(await answer.json(), { rotated: true });
  assert.notEqual(await keyFile(), before);
  assert.equal(await me(), 200);
  const { db: own } = server.app;
  assert.deepEqual(await own('master_keys').select(), []);
  const fresh = new Keyring(own, await masterKeyIn(server.dataDir));
  await fresh.check();
  await assert.rejects(new Keyring(own, Buffer.from(before.trim(), 'hex')).check(), WrongMasterKey);
  await server.close();
});
