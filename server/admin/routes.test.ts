import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gpxFile } from '../demo/gpx-writer.ts';
import { type TestServer, testServer } from '../testing/app.ts';
import { operatorOf } from '../testing/operator.ts';
import { recordedOuting } from '../testing/track-files.ts';
import { until } from '../testing/until.ts';

const TOKEN = 'the-token-of-the-tests';
/** Milliseconds between two questions: as many as may be asked in a minute take longer than that, and leave some over. */
const EVERY = 250;
let server: TestServer;

before(async () => {
  server = await testServer({ ADMIN_TOKEN: TOKEN, RENDER_WORKERS: '1' });
  const form = new FormData();
  form.append('files', new Blob([Uint8Array.from(gpxFile(recordedOuting({ seed: 1 })))]), 'one.gpx');
  const { cookie } = await server.signIn();
  const answer = await fetch(`${server.origin}/api/imports`, {
    method: 'POST',
    body: form,
    headers: { cookie },
  });
  assert.equal(answer.status, 202);
  await until(
    async () => (await admin('GET', '/admin/athletes?box=-180,-85,180,85')).body.athletes.length > 0,
    EVERY,
  );
});
after(() => server.close());

const operator = operatorOf(TOKEN);
const admin = (method: string, path: string, body?: object) => operator(server.origin, method, path, body);

const ROUTES = [
  ['POST', '/admin/warmup'],
  ['GET', '/admin/jobs'],
  ['GET', '/admin/jobs/00000000-0000-4000-8000-000000000000'],
  ['DELETE', '/admin/jobs/00000000-0000-4000-8000-000000000000'],
  ['GET', '/admin/stats'],
  ['GET', '/admin/athletes?box=0,0,1,1'],
];

test('without a token configured there are no admin routes; with one, none but its bearer gets in', async (t) => {
  const closed = await testServer();
  t.after(() => closed.close());
  const { cookie } = await server.signIn();
  for (const [method, path] of ROUTES) {
    for (const authorization of ['', 'Bearer ', 'Bearer undefined', 'Bearer null', `Bearer ${TOKEN}`]) {
      const answer = await fetch(closed.origin + path, { method, headers: { authorization } });
      assert.equal(answer.status, 404, `${method} ${path}`);
    }
    for (const authorization of [
      '',
      TOKEN,
      `Basic ${TOKEN}`,
      `Bearer ${TOKEN}x`,
      `Bearer ${TOKEN.slice(1)}`,
    ]) {
      const answer = await fetch(server.origin + path, { method, headers: { authorization, cookie } });
      assert.equal(answer.status, 401, `${method} ${path}`);
      assert.equal(answer.headers.get('www-authenticate'), 'Bearer');
    }
  }
});

test('a warm-up is begun, followed, and found among the others', async () => {
  const begun = await admin('POST', '/admin/warmup', { zooms: [9, 10, 11], sizes: [256], limit: 1000 });
  assert.equal(begun.status, 202);
  const job = async () => (await admin('GET', `/admin/jobs/${begun.body.id}`)).body;
  await until(async () => {
    const { state } = await job();
    assert.ok(['queued', 'running', 'done'].includes(state), state);
    return state === 'done';
  }, EVERY);
  const ended = await job();
  assert.ok(ended.planned > 0);
  assert.deepEqual([ended.done, ended.failed, ended.secondsLeft], [ended.planned, 0, null]);
  assert.ok(ended.rate > 0 && ended.createdAt <= ended.startedAt && ended.startedAt <= ended.finishedAt);
  const { jobs } = (await admin('GET', '/admin/jobs')).body;
  assert.ok(jobs.some(({ id }: { id: string }) => id === begun.body.id));
  assert.equal((await admin('DELETE', `/admin/jobs/${begun.body.id}`)).status, 204);
  assert.equal((await admin('GET', `/admin/jobs/${begun.body.id}`)).body.state, 'done', 'over is over');
});

test('what cannot be meant is refused, and who is not there is not found', async () => {
  for (const wrong of [
    { zooms: [21] },
    { zooms: [] },
    { zooms: 'all' },
    { sizes: [128] },
    { box: [0, 10, 1, 5] },
    { box: [0, 0, 181, 1] },
    { box: [0, 0, 1] },
    { limit: 0 },
    { athlete: '1; drop table athletes' },
  ]) {
    assert.equal((await admin('POST', '/admin/warmup', wrong)).status, 400, JSON.stringify(wrong));
  }
  assert.equal((await admin('POST', '/admin/warmup', { athlete: '424242' })).status, 404);
  for (const [method, path] of ROUTES.slice(2, 4)) assert.equal((await admin(method, path)).status, 404);
  for (const box of ['', '1,2,3', 'a,b,c,d', '0,0,,1', '0,91,1,92']) {
    assert.equal((await admin('GET', `/admin/athletes?box=${box}`)).status, 400, box);
  }
});

test('whose map has heat in a box is told, as coarsely as it is stored', async () => {
  const all = (await admin('GET', '/admin/athletes?box=-180,-85,180,85')).body.athletes;
  assert.deepEqual(
    all.map(({ activities }: { activities: number }) => activities),
    [1],
  );
  const across = (await admin('GET', '/admin/athletes?box=179,-85,178,85')).body.athletes;
  assert.deepEqual(across, all, 'across the antimeridian is everywhere');
  assert.deepEqual((await admin('GET', '/admin/athletes?box=-150,-60,-149,-59')).body.athletes, []);
});

test('figures: requests by zoom and by where they were found, the queue, indexes, jobs', async () => {
  const { cookie } = await server.signIn();
  const before = (await admin('GET', '/admin/stats')).body;
  for (const path of ['0/0/0', '0/0/0', '3/0/0']) {
    const url = `${server.origin}/tiles/me/${path}.png?hot=2`;
    // a server whose machine is busy says so, and is asked again
    await until(async () => (await fetch(url, { headers: { cookie } })).status === 200);
  }
  const { tiles, requests, queue, cache, index, jobs } = (await admin('GET', '/admin/stats')).body;
  assert.deepEqual([requests[0] - before.requests[0], requests[3] - before.requests[3]], [2, 1]);
  assert.equal(tiles.empty - before.tiles.empty, 1);
  const found = ({ memory, disk, render }: typeof tiles) => memory + disk + render;
  assert.equal(found(tiles) - found(before.tiles), 2);
  assert.ok(
    queue.waiting >= 0 &&
      cache.memoryBytes > 0 &&
      cache.diskBytes > 0 &&
      index.athletes === 1 &&
      index.bytes > 0,
  );
  assert.equal(typeof jobs, 'object');
});

test('tokens cannot be tried without end', async (t) => {
  const limited = await testServer({ ADMIN_TOKEN: TOKEN });
  t.after(() => limited.close());
  for (const [path, most] of [
    ['/admin/stats', 300],
    ['/metrics', 120],
  ] as const) {
    const statuses: number[] = [];
    for (let tried = 0; tried <= most; tried++) {
      const headers = { authorization: `Bearer ${TOKEN.slice(1)}${tried}` };
      statuses.push((await fetch(limited.origin + path, { headers })).status);
    }
    assert.deepEqual(statuses, [...new Array(most).fill(401), 429]);
    const headers = { authorization: `Bearer ${TOKEN}` };
    assert.equal(
      (await fetch(limited.origin + path, { headers })).status,
      429,
      'nor is the right one told by then',
    );
  }
});
