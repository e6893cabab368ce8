import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify from 'fastify';
import { handleError } from '../http/errors.ts';
import { testServer } from '../testing/app.ts';
import { until } from '../testing/until.ts';
import { makeMetrics, metricsRoutes } from './metrics.ts';

/** One sample of what Prometheus reads. */
function sample(text: string, name: string): number {
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? Number.NaN : Number(line.slice(name.length + 1));
}

test('a server tells Prometheus of its tiles, caches, queue, jobs and itself', async (t) => {
  const server = await testServer();
  t.after(() => server.close());
  const { cookie } = await server.signIn();
  for (const path of ['/tiles/me/4/1/1.png', '/tiles/me/4/2/1.png', '/tiles/me/7/2/1.png']) {
    // a server whose machine is busy says so, and is asked again
    await until(async () => (await fetch(server.origin + path, { headers: { cookie } })).status === 200);
  }
  const answer = await fetch(`${server.origin}/metrics`);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  const text = await answer.text();
  assert.equal(sample(text, 'pathglow_tile_requests_total{zoom="4"}'), 2);
  assert.equal(sample(text, 'pathglow_tile_requests_total{zoom="7"}'), 1);
  assert.equal(sample(text, 'pathglow_tiles_total{tier="empty"}'), 3);
  assert.equal(sample(text, 'pathglow_tiles_warmed_total'), 0);
  assert.equal(sample(text, 'pathglow_render_queue{state="waiting"}'), 0);
  assert.equal(sample(text, 'pathglow_index_athletes'), 1);
  assert.ok(sample(text, 'pathglow_cache_memory_bytes') >= 0);
  assert.ok(sample(text, 'process_resident_memory_bytes') > 1e7);
  assert.match(text, /^# TYPE pathglow_jobs gauge$/m);
});

test('renders are told by zoom; counts are those of now, however often they are read', async () => {
  let read = 0;
  const { registry, rendered } = makeMetrics({
    figures: () => ({
      tiles: { empty: 1, memory: 5, disk: 2, shared: 0, render: 3, warmed: 9 },
      requests: [4, 7],
      queue: { running: 1, waiting: 2, background: 3 },
      cache: { memoryBytes: 1000, memoryTiles: 10, diskBytes: 5000 },
      index: { athletes: 2, bytes: 2000 },
    }),
    jobs: async () => {
      if (++read > 1) throw new Error('the database is away');
      return { import: { waiting: 1, running: 2, failed: 0 } };
    },
    imports: async () => ({ done: 4 }),
  });
  rendered(12, 0.004);
  rendered(12, 0.3);
  rendered(3, 0.001);
  const first = await registry.metrics();
  const second = await registry.metrics();
  for (const text of [first, second]) {
    assert.equal(sample(text, 'pathglow_tiles_total{tier="memory"}'), 5);
    assert.equal(sample(text, 'pathglow_tiles_warmed_total'), 9);
    assert.equal(sample(text, 'pathglow_cache_memory_bytes'), 1000);
    assert.equal(sample(text, 'pathglow_cache_disk_bytes'), 5000);
    assert.equal(sample(text, 'pathglow_index_bytes'), 2000);
    assert.equal(sample(text, 'pathglow_render_queue{state="background"}'), 3);
    assert.equal(sample(text, 'pathglow_imports{state="done"}'), 4);
    assert.equal(sample(text, 'pathglow_render_seconds_count{zoom="12"}'), 2);
    assert.equal(sample(text, 'pathglow_render_seconds_bucket{le="0.005",zoom="12"}'), 1);
    assert.ok(!text.includes('tier="warmed"'));
  }
  assert.equal(sample(first, 'pathglow_jobs{kind="import",state="running"}'), 2);
  assert.ok(!second.includes('kind="import"'), 'left out while it is not known');
});

test('they are for the admin token, or for this machine where there is none', async (t) => {
  const { registry } = makeMetrics({
    figures: () => ({
      tiles: {},
      requests: [],
      queue: {},
      cache: { memoryBytes: 0, memoryTiles: 0, diskBytes: 0 },
      index: { athletes: 0, bytes: 0 },
    }),
    jobs: async () => ({}),
    imports: async () => ({}),
  });
  for (const [token, remoteAddress, headers, status] of [
    [null, '127.0.0.1', {}, 200],
    [null, '::1', {}, 200],
    [null, '::ffff:127.0.0.1', {}, 200],
    [null, '192.168.1.7', {}, 404],
    [null, '127.0.0.1', { 'x-forwarded-for': '203.0.113.7' }, 404],
    [null, '127.0.0.1', { forwarded: 'for=203.0.113.7' }, 404],
    ['a-token-of-the-tests', '127.0.0.1', {}, 401],
    ['a-token-of-the-tests', '127.0.0.1', { authorization: 'Bearer another' }, 401],
    ['a-token-of-the-tests', '203.0.113.7', { authorization: 'Bearer a-token-of-the-tests' }, 200],
  ] as const) {
    const app = Fastify();
    t.after(() => app.close());
    app.setErrorHandler(handleError);
    await app.register(metricsRoutes, { registry, token });
    const answer = await app.inject({ url: '/metrics', remoteAddress, headers });
    assert.equal(answer.statusCode, status, `${token} ${remoteAddress} ${JSON.stringify(headers)}`);
  }
});
