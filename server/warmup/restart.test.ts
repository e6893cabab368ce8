import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { Keyring } from '../athletes/keyring.ts';
import { localOwner } from '../athletes/owner.ts';
import { TEST_MASTER_KEY, testDatabase } from '../testing/database.ts';
import { operatorOf } from '../testing/operator.ts';
import { sampleActivity, seeded } from '../testing/sample-activities.ts';
import { storeActivity } from '../testing/store-activities.ts';
import { until } from '../testing/until.ts';
import type { Warmup } from './figures.ts';

const TOKEN = 'the-token-of-the-tests';
/** Milliseconds between two questions: as many as may be asked in a minute take longer than that. */
const EVERY = 250;

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
  const ask = operatorOf(TOKEN);

  /** Tiles on the disk. */
  const kept = () => {
    const tiles = new DatabaseSync(join(dataDir, 'tiles.sqlite'), { readOnly: true, timeout: 10_000 });
    try {
      return Number(tiles.prepare('select count(*) as count from tiles').get()!.count);
    } finally {
      tiles.close();
    }
  };

  const first = await serve();
  // far more than are drawn between two questions, and few enough to be drawn in time on a slow machine
  const asked = { zooms: [17], sizes: [256] };
  const { id: job } = (await ask(first.origin, 'POST', '/admin/warmup', asked)).body;
  const state = async (origin: string): Promise<Warmup> =>
    (await ask(origin, 'GET', `/admin/jobs/${job}`)).body;
  /** Tiles of the batches that have ended. */
  const ended = async () => {
    const batches = database.db('warmup_batches').where({ finished: true });
    const [{ tiles }] = await batches.select(database.db.raw('coalesce(sum(tiles), 0)::int as tiles'));
    return tiles as number;
  };
  await until(async () => {
    assert.notEqual((await state(first.origin)).state, 'done', 'it is killed in the middle');
    return (await ended()) > 0;
  }, EVERY);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  const drawn = await ended();
  const before = kept();
  assert.ok(before >= drawn, `of ${drawn} that count as drawn ${before} are on the disk`);

  const second = await serve();
  const found = await state(second.origin);
  assert.equal(found.state, 'running');
  assert.ok(found.planned > 2000 && found.done < found.planned);
  let now = found;
  await until(async () => {
    now = await state(second.origin);
    return now.state !== 'running';
  }, EVERY);
  assert.deepEqual([now.state, now.done, now.failed], ['done', now.planned, 0]);
  // all but what was kept or in a batch that had ended is drawn, and each of these is one more on the disk
  const again = now.planned - drawn - now.skipped;
  assert.ok(again <= kept() - before, `${again} were drawn, of which ${kept() - before} are new`);
});
