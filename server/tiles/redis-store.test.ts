import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { createClient } from '@keyv/redis';
import { EVERYTHING } from '../index/filter.ts';
import { testAthlete, testDatabase } from '../testing/database.ts';
import { freePort } from '../testing/free-port.ts';
import { sampleActivity, seeded, tileAt } from '../testing/sample-activities.ts';
import type { Athlete } from '../testing/store-activities.ts';
import { storeActivity } from '../testing/store-activities.ts';
import { testTiles } from '../testing/tile-service.ts';
import { until } from '../testing/until.ts';
import { RedisStore } from './redis-store.ts';
import type { TileRequest } from './service.ts';

const redisUrl = process.env.TEST_REDIS_URL;
const needsRedis = { skip: redisUrl ? false : 'there is no TEST_REDIS_URL', timeout: 180_000 };

let database: Awaited<ReturnType<typeof testDatabase>>;
let athlete: Athlete;

before(async () => {
  database = await testDatabase();
  athlete = await testAthlete(database.db);
  const random = seeded(3);
  for (let at = 0; at < 10; at++) await storeActivity(database.db, athlete, sampleActivity('', random));
});
after(() => database.drop());

const at = (z: number): TileRequest => ({
  athleteId: athlete.id,
  geometry: 'own',
  tile: tileAt(z, () => 0.5),
  size: 256,
  filter: EVERYTHING,
});

test('a tile drawn by one process is found by another, and lies there sealed', needsRedis, async (t) => {
  const options = { db: database.db, athletes: [athlete], redisUrl };
  const one = await testTiles(t, options);
  const two = await testTiles(t, options);
  const client = await createClient({ url: redisUrl }).withTypeMapping({ 36: Buffer }).connect();
  t.after(() => client.destroy());
  // as long as a store is not connected it keeps nothing
  await client.set('pathglow:tile:a probe', '');
  for (const { cache } of [one, two]) await until(() => cache.has('a probe'));
  await client.unlink('pathglow:tile:a probe');
  const drawn = await one.tiles.get(at(10));
  assert.equal(drawn.from, 'render');
  await until(() => two.cache.has(drawn.address));
  const found = await two.tiles.get(at(10));
  assert.equal(found.from, 'shared');
  assert.deepEqual(found.png, drawn.png);
  assert.equal(await two.tiles.warm(at(10)), 'kept');
  assert.deepEqual([...one.warnings, ...two.warnings], []);

  const key = `pathglow:tile:${drawn.address}`;
  const stored = (await client.get(key))!;
  assert.ok(!stored.includes(drawn.png.subarray(0, 8)), 'no PNG');
  assert.ok(stored.length < drawn.png.length + 64, 'bytes, not text of them');
  assert.ok((await client.ttl(key)) > 0);

  // damaged, it is a miss, and replaced
  stored[stored.length - 1] ^= 1;
  await client.set(key, stored);
  const three = await testTiles(t, options);
  await until(() => three.cache.has(drawn.address));
  const again = await three.tiles.get(at(10));
  assert.deepEqual([again.from, three.warnings.length], ['render', 1]);
  assert.deepEqual(again.png, drawn.png);
});

test('a Redis that dies, hangs or comes back costs no tile', { timeout: 180_000 }, async (t) => {
  const port = await freePort();
  let redis = await startRedis(port);
  if (!redis) return t.skip('there is no redis-server');
  t.after(() => redis?.kill('SIGKILL'));
  const url = `redis://127.0.0.1:${port}`;
  const one = await testTiles(t, { db: database.db, athletes: [athlete], redisUrl: url, memoryLimit: 1 });
  await until(async () => (await one.tiles.get(at(9))).from === 'shared');

  redis.kill('SIGKILL');
  await once(redis, 'exit');
  for (let asked = 0; asked < 20; asked++) assert.equal((await one.tiles.get(at(9))).from, 'render');
  assert.equal(
    one.warnings.filter((message) => /shared tile cache fails/.test(message)).length,
    1,
    'said once',
  );

  redis = (await startRedis(port))!;
  await until(async () => (await one.tiles.get(at(9))).from === 'shared');
  assert.equal(one.warnings.filter((message) => /answers again/.test(message)).length, 1);

  redis.kill('SIGSTOP');
  assert.equal((await one.tiles.get(at(9))).from, 'render');
  redis.kill('SIGCONT');
  await until(async () => (await one.tiles.get(at(9))).from === 'shared');
});

test('one that was never there is a miss; closing twice does no harm', async () => {
  const warnings: string[] = [];
  const url = `redis://127.0.0.1:${await freePort()}`;
  const store = new RedisStore({ url, warn: (message) => warnings.push(message) });
  for (let asked = 0; asked < 5; asked++) assert.equal(await store.get('a'), undefined);
  assert.equal(await store.set('a', { value: Buffer.alloc(10) }), false);
  await until(() => warnings.length > 0);
  assert.equal(warnings.length, 1);
  await store.disconnect();
  await store.disconnect();
  assert.equal(await store.get('a'), undefined);
});

async function startRedis(port: number): Promise<ChildProcess | null> {
  for (const program of ['redis-server', 'valkey-server']) {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    const begun = new Promise<boolean>((resolve) => {
      child.once('error', () => resolve(false));
      child.stdout.on('data', (text) => /Ready to accept/.test(String(text)) && resolve(true));
    });
    if (await begun) return child;
  }
  return null;
}
