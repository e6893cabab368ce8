import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Keyring } from '../athletes/keyring.ts';
import { localOwner } from '../athletes/owner.ts';
import { TEST_MASTER_KEY, testDatabase } from '../testing/database.ts';
import { sampleActivity, seeded } from '../testing/sample-activities.ts';
import { storeActivity } from '../testing/store-activities.ts';
import type { Warmup } from './warmups.ts';

const TOKEN = 'the-token-of-the-tests';

test('a warm-up whose server was killed goes on in the next, and draws nothing twice', {
  timeout: 400_000,
}, async (t) => {
  const database = await testDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'pathglow-warm-'));
  const running = new Set<ChildProcess>();
  t.after(async () => {
    for (const child of running) child.kill('SIGKILL');
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });
  const keyring = new Keyring(database.db, TEST_MASTER_KEY);
  const id = await localOwner(database.db, keyring);
  const random = seeded(31);
  const owner = { id, key: await keyring.dataKey(id) };
  for (let at = 0; at < 30; at++) await storeActivity(database.db, owner, sampleActivity('', random));

  const serve = async () => {
    const env = {
      ...process.env,
      DATABASE_URL: database.url,
      DATA_DIR: dataDir,
      PATHGLOW_MASTER_KEY: TEST_MASTER_KEY.toString('hex'),
      ADMIN_TOKEN: TOKEN,
      RENDER_WORKERS: '1',
      PORT: '0',
    };
    const main = new URL('../main.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [main, 'serve'], {
      cwd: dataDir,
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    running.add(child);
    let out = '';
    for await (const text of child.stdout.iterator({ destroyOnReturn: false })) {
      out += text;
      const origin = /http:\/\/127\.0\.0\.1:\d+/.exec(out)?.[0];
      if (origin) return { child, origin };
    }
    throw new Error('it did not start');
  };
  const ask = async (origin: string, method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${TOKEN}`, ...(body && { 'content-type': 'application/json' }) };
    return (await fetch(origin + path, { method, headers, body: body && JSON.stringify(body) })).json();
  };

  const first = await serve();
  const begun = (await ask(first.origin, 'POST', '/admin/warmup', { zooms: [15, 16] })) as { id: string };
  const state = async (origin: string) => (await ask(origin, 'GET', `/admin/jobs/${begun.id}`)) as Warmup;
  for (let now = await state(first.origin); now.done < 100; now = await state(first.origin)) {
    assert.notEqual(now.state, 'done', 'it is killed in the middle');
    await sleep(20);
  }
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');

  const second = await serve();
  const found = await state(second.origin);
  assert.equal(found.state, 'running');
  assert.ok(found.planned > 700 && found.done < found.planned);
  let now = found;
  for (; now.state === 'running'; now = await state(second.origin)) await sleep(100);
  assert.deepEqual([now.state, now.done, now.failed], ['done', now.planned, 0]);
  // what the first had drawn lies on the disk
  assert.ok(now.skipped > 50, `${now.skipped} were there`);
});
