import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type TestServer, testServer } from '../testing/app.ts';
import { TEST_MASTER_KEY, testDatabase } from '../testing/database.ts';
import type { ListedSession } from './session-list.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
/** Two processes with one database. */
let server: TestServer;
let other: TestServer;

before(async () => {
  database = await testDatabase();
  const env = { DATABASE_URL: database.url, PATHGLOW_MASTER_KEY: TEST_MASTER_KEY.toString('hex') };
  server = await testServer(env);
  other = await testServer(env);
});
after(async () => {
  await server.close();
  await other.close();
  await database.drop();
});

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

async function signIn(agent = FIREFOX): Promise<string> {
  const headers = { 'user-agent': agent };
  const answer = await fetch(await server.app.signInLink(), { redirect: 'manual', headers });
  return answer.headers.getSetCookie()[0].split(';')[0];
}

const ask = (cookie: string, path: string, method = 'GET', at = server) =>
  fetch(at.origin + path, { method, headers: { cookie } });

async function list(cookie: string): Promise<ListedSession[]> {
  return (await (await ask(cookie, '/api/sessions')).json()).sessions;
}

/** By all processes, which have believed in it a moment ago. */
async function statuses(cookie: string): Promise<number[]> {
  const answers = await Promise.all([server, other].map((at) => ask(cookie, '/api/me', 'GET', at)));
  return answers.map(({ status }) => status);
}

test('sessions are listed with what one knows them by, the current one first; nothing in it opens one', async () => {
  const first = await signIn();
  const second = await signIn('curl/8.5.0');
  const sessions = await list(second);
  assert.deepEqual(
    sessions.map(({ browser, current }) => [browser, current]),
    [
      [null, true],
      ['Firefox on Linux', false],
    ],
  );
  const now = Date.now() / 1000;
  for (const { createdAt, usedAt, expiresAt } of sessions) {
    assert.ok(Math.abs(createdAt - now) < 600 && Math.abs(usedAt - now) < 600);
    assert.ok(expiresAt > now + 89 * 86_400 && expiresAt < now + 91 * 86_400);
  }
  const secret = decodeURIComponent(first.split('=')[1]).split('.')[0];
  assert.ok(!JSON.stringify(sessions).includes(secret));
  await ask(first, '/api/sessions', 'DELETE');
});

test('a session that is ended is taken by no process once that is confirmed; the others stay', async () => {
  const [kept, ended] = [await signIn(), await signIn()];
  const { id } = (await list(ended)).find(({ current }) => current)!;
  assert.deepEqual(await statuses(ended), [200, 200]);
  assert.equal((await ask(kept, `/api/sessions/${id}`, 'DELETE')).status, 204);
  assert.deepEqual(await statuses(ended), [401, 401]);
  assert.deepEqual(await statuses(kept), [200, 200]);
  assert.equal((await ask(kept, `/api/sessions/${id}`, 'DELETE')).status, 404);
  assert.equal((await ask(kept, '/api/sessions/1', 'DELETE')).status, 400);
});

test('signing out everywhere ends every session and every link', async () => {
  const [one, two] = [await signIn(), await signIn()];
  const link = await server.app.signInLink();
  assert.deepEqual([await statuses(one), await statuses(two)].flat(), [200, 200, 200, 200]);
  const answer = await ask(one, '/api/sessions', 'DELETE');
  assert.equal(answer.status, 204);
  assert.equal(answer.headers.get('clear-site-data'), '"cache"');
  assert.deepEqual([await statuses(one), await statuses(two)].flat(), [401, 401, 401, 401]);
  const late = await fetch(link, { redirect: 'manual' });
  assert.equal(late.headers.get('location'), '/?link=invalid');
});

test('a session expires, and its use is noted', async () => {
  const cookie = await signIn();
  const { db } = server.app;
  await db('sessions').update({ used_at: db.raw(`now() - interval '1 day'`) });
  const found = () => db('sessions').first<{ used_at: Date }>('used_at');
  while (Date.now() - (await found()).used_at.getTime() > 60_000) await ask(cookie, '/api/me');
  await db('sessions').update({ expires_at: db.raw('now()') });
  while ((await ask(cookie, '/api/me')).status !== 401);
});

test('signing in gives another session than the one before', async () => {
  const cookie = await signIn();
  const again = await fetch(await server.app.signInLink(), { redirect: 'manual', headers: { cookie } });
  const fresh = again.headers.getSetCookie()[0].split(';')[0];
  assert.notEqual(fresh, cookie);
  assert.deepEqual(await statuses(fresh), [200, 200]);
  await ask(fresh, '/api/sessions', 'DELETE');
});

test('a stream of events ends with its session', async () => {
  const cookie = await signIn();
  const watcher = await signIn();
  const stream = await ask(watcher, '/api/status/events');
  const reader = stream.body!.getReader();
  assert.match(Buffer.from((await reader.read()).value!).toString(), /revision/);
  const { id } = (await list(watcher)).find(({ current }) => current)!;
  await ask(cookie, `/api/sessions/${id}`, 'DELETE');
  // something happens that it may not be told of
  const body = new FormData();
  body.append('f', new Blob(['x']), 'x.gpx');
  await fetch(`${server.origin}/api/imports`, { method: 'POST', headers: { cookie }, body });
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    assert.doesNotMatch(Buffer.from(value).toString(), /"imports":\[\{/);
  }
});
