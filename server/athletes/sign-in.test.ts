import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestServer } from '../testing/app.ts';
import { testServer } from '../testing/app.ts';

let server: TestServer;

before(async () => {
  server = await testServer({ OWNER_PASSWORD: 'correct horse' });
});
after(() => server.close());

const post = (path: string, body: object | null, headers: Record<string, string> = {}) =>
  fetch(server.origin + path, {
    method: 'POST',
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    body: body && JSON.stringify(body),
  });
const state = async (headers: Record<string, string> = {}) => {
  const answer = await fetch(`${server.origin}/auth/state`, { headers });
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  return answer.json();
};

test('the link signs in once, by a cookie that scripts cannot read', async () => {
  const link = await server.app.signInLink();
  const first = await fetch(link, { redirect: 'manual' });
  assert.equal(first.status, 303);
  assert.equal(first.headers.get('location'), '/');
  const [set] = first.headers.getSetCookie();
  assert.match(set, /HttpOnly/);
  assert.match(set, /SameSite=Lax/);
  const cookie = set.split(';')[0];
  assert.deepEqual(await state({ cookie }), { signedIn: true, password: true, strava: null });

  const again = await fetch(link, { redirect: 'manual' });
  assert.equal(again.headers.get('location'), '/?link=invalid');
  assert.deepEqual(again.headers.getSetCookie(), []);
  const sameBrowser = await fetch(link, { redirect: 'manual', headers: { cookie } });
  assert.equal(sameBrowser.headers.get('location'), '/');
  const wrong = await fetch(`${server.origin}/?key=wrong`, { redirect: 'manual' });
  assert.equal(wrong.headers.get('location'), '/?link=invalid');
});

test('neither the link nor the session lies readable in the database', async () => {
  const link = await server.app.signInLink();
  const key = new URL(link).searchParams.get('key')!;
  const { cookie } = await server.signIn();
  const session = decodeURIComponent(cookie.split('=')[1]).split('.')[0];
  for (const table of ['sessions', 'sign_in_links']) {
    const stored = JSON.stringify(await server.app.db(table).select());
    assert.ok(stored.length > 2);
    assert.ok(!stored.includes(key) && !stored.includes(session));
    assert.ok(!stored.includes(Buffer.from(key).toString('hex')));
  }
});

test('the password signs in, a wrong one does not, and too many are refused', async () => {
  const wrong = await post('/auth/owner', { password: 'incorrect horse' });
  assert.equal(wrong.status, 401);
  assert.equal((await wrong.json()).error.code, 'wrong_password');
  const right = await post('/auth/owner', { password: 'correct horse' });
  assert.equal(right.status, 204);
  const cookie = right.headers.getSetCookie()[0].split(';')[0];
  assert.equal((await state({ cookie })).signedIn, true);
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => post('/auth/owner', { password: 'guess guess guess' })),
  );
  assert.ok(answers.some(({ status }) => status === 429));
  const limited = answers.find(({ status }) => status === 429)!;
  assert.equal((await limited.json()).error.code, 'too_many_requests');
});

test('signing out ends the session for good', async () => {
  const { cookie } = await server.signIn();
  const out = await post('/auth/logout', null, { cookie });
  assert.equal(out.status, 204);
  assert.equal(out.headers.get('clear-site-data'), '"cache"');
  assert.equal((await state({ cookie })).signedIn, false);
  const tile = await settled('/tiles/me/0/0/0.png', cookie);
  assert.equal(tile.status, 401);
});

test('without a session there is no tile and no TileJSON', async () => {
  for (const path of ['/tiles/me/0/0/0.png', '/tiles/me/tile.json']) {
    const answer = await settled(path, 'pathglow_1=made.up');
    assert.equal(answer.status, 401);
    assert.equal((await answer.json()).error.code, 'signed_out');
  }
});

test('another page cannot change anything, and another name is not answered', async () => {
  const { cookie } = await server.signIn();
  for (const headers of [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ] as Record<string, string>[]) {
    const answer = await post('/auth/logout', null, { cookie, ...headers });
    assert.equal(answer.status, 403);
  }
  assert.equal((await state({ cookie })).signedIn, true);
  const ours = await post('/auth/logout', null, { cookie, origin: server.origin });
  assert.equal(ours.status, 204);
  assert.equal(await statusUnder('evil.example'), 421);
  assert.equal(await statusUnder(new URL(server.origin).host), 200);
});

test('what the command line may ask nobody else may', async () => {
  for (const headers of [{}, { authorization: 'Bearer ' }, { authorization: 'Bearer wrong' }] as Record<
    string,
    string
  >[]) {
    assert.equal((await post('/control/links', null, headers)).status, 404);
    assert.equal((await post('/control/imports', { paths: ['/etc'] }, headers)).status, 404);
  }
});

/** Tiles give way on a machine that does too much at once: asked again, they are answered. */
async function settled(path: string, cookie: string): Promise<Response> {
  for (;;) {
    const answer = await fetch(server.origin + path, { headers: { cookie } });
    if (answer.status !== 503) return answer;
    await sleep(100);
  }
}

/** fetch does not let one choose the Host header. */
function statusUnder(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(`${server.origin}/auth/state`, { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode!);
    });
    asked.on('error', reject).end();
  });
}
