import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { type TestServer, testServer } from './testing/app.ts';

let server: TestServer;
let cookie: string;

before(async () => {
  server = await testServer({
    OWNER_PASSWORD: 'correct horse battery',
    ADMIN_TOKEN: 'the-operators-token-of-this-test',
    STRAVA_CLIENT_ID: '1',
    STRAVA_CLIENT_SECRET: 'nobody is asked',
  });
  ({ cookie } = await server.signIn());
});
after(() => server.close());

const post = (path: string, body: BodyInit, headers: Record<string, string> = {}) =>
  fetch(server.origin + path, { method: 'POST', body, headers: { cookie, ...headers } });
const json = { 'content-type': 'application/json' };

/** What a connection answers on which just this is written. */
async function written(bytes: string): Promise<string> {
  const { hostname, port } = new URL(server.origin);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  // what is still being sent when the answer has come may be refused, which is no failure: it is closed all the same
  socket.on('error', () => undefined);
  socket.write(bytes);
  await new Promise((resolve) => socket.on('close', resolve));
  return Buffer.concat(chunks).toString();
}

async function refusal(answer: Response): Promise<[number, string]> {
  return [answer.status, (await answer.json()).error.code];
}

test('a body is as long as it may be and no longer; nesting and names of its own do no harm', async () => {
  const long = JSON.stringify({ name: 'x'.repeat(64 * 1024) });
  assert.deepEqual(await refusal(await post('/api/keys', long, json)), [413, 'too_large']);
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  assert.deepEqual(await refusal(await post('/api/keys', deep, json)), [400, 'bad_request']);
  const poison = '{"name":"x","__proto__":{"admin":true}}';
  assert.deepEqual(await refusal(await post('/api/keys', poison, json)), [400, 'bad_request']);
  assert.deepEqual(await refusal(await post('/api/keys', '{"name":', json)), [400, 'bad_request']);
  assert.deepEqual(await refusal(await post('/api/keys', '<name/>', { 'content-type': 'text/xml' })), [
    415,
    'unsupported_media',
  ]);
});

test('headers and addresses are as long as they may be', async () => {
  // the connection may be closed before the answer was read
  const { status } = await fetch(`${server.origin}/healthz`, {
    headers: { cookie: 'x'.repeat(20_000) },
  }).catch(() => ({ status: 431 }));
  assert.equal(status, 431);
  const overlong = await written(`GET /healthz HTTP/1.1\r\nhost: here\r\ncookie: ${'x'.repeat(20_000)}`);
  assert.match(overlong, /^HTTP\/1\.1 431 [\s\S]*\r\n\r\n\{"error":\{"code":"headers_too_large",/);
  const garbled = await written('GET\r\n\r\n');
  assert.match(garbled, /^HTTP\/1\.1 400 [\s\S]*nosniff[\s\S]*\r\n\r\n\{"error":\{"code":"bad_request",/);
  for (const [path, expected] of [
    [`/api/imports/${'x'.repeat(1000)}`, [404, 'not_found']],
    ['/%00/%ff', [400, 'bad_request']],
    [`/?key=${'x'.repeat(1000)}`, [400, 'bad_request']],
  ] as const) {
    const answer = await fetch(server.origin + path, { headers: { cookie } });
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    assert.ok(answer.headers.has('content-security-policy'));
    assert.deepEqual(await refusal(answer), expected);
  }
});

test('what is asked of the page’s files, and cannot be had, is the asker’s fault and no trouble here', async () => {
  const { host } = new URL(server.origin);
  for (const path of [
    '/../../package.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '//elsewhere/',
    '/assets/',
  ]) {
    const answer = await written(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 404 [\s\S]*\{"error":\{"code":"not_found",/, path);
  }
  const part = await fetch(`${server.origin}/favicon.svg`, { headers: { range: 'bytes=99999999-' } });
  assert.ok([400, 404].includes(part.status), `${part.status}`);
});

test('what can be guessed or costs much is asked a number of times a minute only', async () => {
  const form = () => {
    const body = new FormData();
    body.append('files', new Blob([]), 'empty.gpx');
    return body;
  };
  for (const [what, ask] of Object.entries({
    passwords: () => post('/auth/owner', '{"password":"guess guess guess"}', json),
    links: () => fetch(`${server.origin}/?key=guess`, { redirect: 'manual' }),
    keys: () => post('/api/keys', '{"name":"again"}', json),
    imports: () => post('/api/imports', form()),
    shares: () => post('/api/shares', '{"name":"again"}', json),
    exports: () => fetch(`${server.origin}/api/me/export`, { headers: { cookie } }),
    'the ways to Strava': () => fetch(`${server.origin}/auth/strava`, { redirect: 'manual' }),
    "the operator's token": () =>
      fetch(`${server.origin}/admin/stats`, { headers: { authorization: 'Bearer guess' } }),
    'the same, for figures': () =>
      fetch(`${server.origin}/metrics`, { headers: { authorization: 'Bearer guess' } }),
  })) {
    let limited: Response | undefined;
    for (let at = 0; at < 400 && !limited; at++) {
      const answer = await ask();
      if (answer.status === 429) limited = answer;
      else await answer.arrayBuffer();
    }
    assert.ok(limited, what);
    assert.ok(Number(limited.headers.get('retry-after')) > 0);
    assert.deepEqual(await refusal(limited), [429, 'too_many_requests']);
  }
  // the page itself is not a link
  assert.notEqual((await fetch(server.origin)).status, 429);
});
