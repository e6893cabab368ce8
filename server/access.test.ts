import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { OwnerKeys } from './athletes/owner-keys.ts';
import { readControl } from './data-folder.ts';
import { type TestServer, testServer } from './testing/app.ts';
import { TEST_MASTER_KEY } from './testing/database.ts';
import { freePort } from './testing/free-port.ts';
import { newKey, newPerson, newShare, type Person, signIn, THINGS } from './testing/route-fixtures.ts';
import { PARAMETERS, PASSWORD, ROUTES, type Rule, WEBHOOK_SECRET } from './testing/route-table.ts';
import { routesOf } from './testing/routes-of.ts';

const ADMIN_TOKEN = 'the-operators-token-of-this-test';
const STRAVA_SECRET = 'the-applications-secret-of-this-test';
const SECRETS = { control: '', admin: ADMIN_TOKEN };

let server: TestServer;
let routes: string[];
/** Everything that was logged, at the level that logs most. */
let logged = '';
let owner: Person;
let other: Person;
/** Of a session of the owner's that was ended. */
let ended: string;
/** Of the owner's, in use and revoked. */
let key: string;
let revokedKey: string;
/** Of a share of the owner's, in use and revoked. */
let shareKey: string;
let revokedShareKey: string;
/** What may stand in no log. */
const secrets = new Set<string>([
  PASSWORD,
  ADMIN_TOKEN,
  STRAVA_SECRET,
  WEBHOOK_SECRET,
  TEST_MASTER_KEY.toString('hex'),
]);

const write = process.stderr.write;
before(async () => {
  process.stderr.write = (chunk: string | Uint8Array) => {
    logged += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    return true;
  };
  const port = String(await freePort());
  const settings = {
    // by which Strava would come
    PORT: port,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    STRAVA_WEBHOOK_SECRET: WEBHOOK_SECRET,
    PATHGLOW_MASTER_KEY: TEST_MASTER_KEY.toString('hex'),
    OWNER_PASSWORD: PASSWORD,
    ADMIN_TOKEN,
    LOG_LEVEL: 'trace',
    // nobody is there: what needs Strava has tests beside it
    STRAVA_CLIENT_ID: '1',
    STRAVA_CLIENT_SECRET: STRAVA_SECRET,
    STRAVA_OAUTH_URL: 'http://127.0.0.1:9/oauth',
    STRAVA_API_URL: 'http://127.0.0.1:9',
  };
  ({ server, routes } = await routesOf(() => testServer(settings)));
  owner = await newPerson(server);
  other = await newPerson(server);
  ended = await signIn(server, owner.id);
  await fetch(`${server.origin}/auth/logout`, { method: 'POST', headers: { cookie: ended } });
  await THINGS.zone.make(server, owner);
  ({ key } = await newKey(server, owner));
  const revoked = await newKey(server, owner);
  revokedKey = revoked.key;
  await new OwnerKeys({ db: server.app.db, dataKey: async () => owner.key, warn: () => {} }).revoke(
    owner.id,
    revoked.id,
  );
  ({ key: shareKey } = await newShare(server, owner));
  const gone = await newShare(server, owner);
  revokedShareKey = gone.key;
  await server.app.db('shares').where({ id: gone.id }).delete();
  SECRETS.control = (await readControl(server.dataDir))!.secret;
  for (const secret of [owner.cookie, ended, key, revokedKey, shareKey, SECRETS.control, owner.mark])
    secrets.add(secret);
});
after(async () => {
  process.stderr.write = write;
  await server?.close();
});

interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

interface Call {
  /** For `:id`; for `:key` and `:secret`. */
  id?: string;
  key?: string;
  headers?: Record<string, string>;
  query?: string;
}

/** Calls a route, and checks what has to be right about every answer. */
async function call(route: string, rule: Rule, { id = '', key = '', headers = {}, query }: Call = {}) {
  const [method, pattern] = route.split(' ');
  const parameters: Record<string, string> = { ...PARAMETERS, id, key, secret: key };
  const path = pattern.replace(/:(\w+)|\*/g, (all, name) => {
    const value = parameters[name ?? all];
    assert.ok(
      value !== undefined,
      `server/testing/route-table.ts: PARAMETERS has to say what :${name} may be`,
    );
    return value;
  });
  const parts = [rule.query?.replace('{lng}', String(owner.lng)), query].filter((part) => part !== undefined);
  const isForm = rule.body instanceof FormData;
  const leaving = new AbortController();
  const answer = await fetch(`${server.origin}${path}${parts.length ? `?${parts.join('&')}` : ''}`, {
    method,
    redirect: 'manual',
    headers: { ...(rule.body && !isForm && { 'content-type': 'application/json' }), ...headers },
    body: rule.body && (isForm ? (rule.body as FormData) : JSON.stringify(rule.body)),
    signal: leaving.signal,
  });
  const isStream = answer.headers.get('content-type') === 'text/event-stream';
  const text = isStream ? '' : Buffer.from(await answer.arrayBuffer()).toString('latin1');
  if (isStream) leaving.abort();
  const found = { status: answer.status, headers: answer.headers, text };
  checkAnswer(route, rule, found);
  return found;
}

const STRICT = new Set([
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "worker-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
]);

function checkAnswer(route: string, rule: Rule, { status, headers, text }: Answer) {
  const policy = (headers.get('content-security-policy') ?? '').split(';').map((part) => part.trim());
  assert.ok(policy.includes("default-src 'self'"), `${route}: ${status} without a content security policy`);
  for (const part of policy) {
    assert.ok(STRICT.has(part) || rule.loose?.test(part), `${route} allows ${part}`);
  }
  if (!rule.loose) assert.equal(policy.length, STRICT.size);
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.equal(headers.get('referrer-policy'), 'no-referrer');
  assert.equal(headers.get('access-control-allow-origin'), rule.anySite ? '*' : null);
  assert.equal(headers.get('access-control-allow-credentials'), null);
  if (status >= 400 && status !== rule.status && !rule.page) {
    const { error } = JSON.parse(text);
    assert.deepEqual(
      Object.keys(error).sort(),
      ['code', 'message', ...(error.details ? ['details'] : [])].sort(),
    );
    assert.doesNotMatch(text, /node_modules|\.ts:|select |SQL/);
  }
}

/** What two answers have in common that tell nobody apart. */
const told = ({ status, headers, text }: Answer) => ({
  status,
  text,
  headers: Object.fromEntries([...headers].filter(([name]) => !/^date|^x-ratelimit|^set-cookie/.test(name))),
});

const asNobody: Record<string, Record<string, string>> = { nobody: {} };
const strangers = (): Record<string, Record<string, string>> => ({
  ...asNobody,
  'a session that was ended': { cookie: ended },
  'a cookie with a digit changed': {
    cookie: owner.cookie.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
  },
  'a key where a session belongs': {
    cookie: owner.cookie.replace(/=.*/, `=${key}`),
    authorization: `Bearer ${key}`,
  },
});

/** Nobody who may not gets anything; ends with whoever may, to whom nothing happened meanwhile. */
async function checkRoute(route: string, rule: Rule): Promise<void> {
  const [method] = route.split(' ');
  const changes = method !== 'GET';
  const mine = rule.ends ? await newPerson(server) : owner;
  const id = rule.who === 'ownerOf' ? await THINGS[rule.thing].make(server, mine) : '';
  const opening = { share: shareKey, secret: WEBHOOK_SECRET }[rule.who as string] ?? key;
  const as = (cookie: string, more = {}) => ({ id, key: opening, headers: { cookie, ...more } });
  const ok = rule.status ?? 200;

  if (changes) {
    for (const from of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }] as const) {
      assert.equal((await call(route, rule, as(mine.cookie, from))).status, 403, 'from another site');
    }
  }
  switch (rule.who) {
    case 'everyone':
      for (const [who, headers] of Object.entries(strangers())) {
        assert.equal((await call(route, rule, { headers })).status, ok, who);
      }
      break;
    case 'athlete':
    case 'ownerOf':
      for (const [who, headers] of Object.entries(strangers())) {
        const answer = await call(route, rule, { id, headers, query: `key=${key}` });
        assert.equal(answer.status, 401, who);
        assert.equal(JSON.parse(answer.text).error.code, 'signed_out');
      }
      break;
    case 'key':
    case 'share': {
      for (const headers of [...Object.values(strangers()), { cookie: other.cookie }]) {
        assert.equal((await call(route, rule, { key: opening, headers })).status, ok);
      }
      const unknown = told(
        await call(route, rule, { key: 'a'.repeat(43), headers: { cookie: owner.cookie } }),
      );
      // not built, the page is the same for all
      assert.equal(unknown.status, ok === 503 ? 503 : 404);
      const wrongs = [
        revokedKey,
        revokedShareKey,
        opening.slice(1),
        `${opening}0`,
        opening.toLowerCase(),
        'me',
      ];
      if (rule.who === 'share') wrongs.push(key);
      for (const wrong of wrongs) {
        assert.deepEqual(told(await call(route, rule, { key: wrong })), unknown);
      }
      break;
    }
    case 'secret': {
      for (const headers of [...Object.values(strangers()), { cookie: owner.cookie }]) {
        assert.equal((await call(route, rule, { key: opening, headers })).status, ok);
      }
      const wrong = told(await call(route, rule, { key: 'wrong' }));
      assert.equal(wrong.status, 404);
      for (const other of [opening.slice(1), `${opening}0`, opening.toUpperCase(), ADMIN_TOKEN, key]) {
        const answer = await call(route, rule, { key: other, headers: { cookie: owner.cookie } });
        assert.deepEqual(told(answer), wrong);
      }
      return;
    }
    case 'bearer': {
      const others: Record<string, string>[] = [
        {},
        { cookie: owner.cookie },
        { authorization: 'Bearer wrong' },
        { authorization: 'Bearer ' },
      ];
      for (const headers of others) {
        const { status } = await call(route, rule, { id: THINGS.import.unknown, headers });
        assert.equal(status, rule.secret === 'admin' ? 401 : 404);
      }
      const headers = { authorization: `Bearer ${SECRETS[rule.secret]}` };
      assert.equal((await call(route, rule, { id: THINGS.import.unknown, headers })).status, ok);
      return;
    }
  }
  if (rule.who === 'ownerOf') {
    const answer = await call(route, rule, as(other.cookie));
    assert.equal(answer.status, 404, 'another athlete');
    const { unknown } = THINGS[rule.thing];
    assert.deepEqual(told(await call(route, rule, { ...as(other.cookie), id: unknown })), told(answer));
  }
  const answer = await call(route, rule, as(mine.cookie));
  assert.equal(answer.status, ok, `whoever may: ${answer.text.slice(0, 200)}`);
  if (rule.who !== 'athlete' || rule.ends) return;
  const theirs = await call(route, rule, as(other.cookie));
  assert.ok(!theirs.text.includes(owner.mark), "another athlete's own");
  if (changes) return;
  assert.match(answer.headers.get('cache-control') ?? '', /no-store|private/, 'no cache between may keep it');
  if (answer.text && !rule.alike) assert.notEqual(theirs.text, answer.text);
}

test('every route has a line in the table, and every line a route', () => {
  const missing = routes.filter((route) => !(route in ROUTES));
  assert.deepEqual(
    missing,
    [],
    `server/testing/route-table.ts has to say who may use ${missing.join(', ')}: one line each`,
  );
  const gone = Object.keys(ROUTES).filter((route) => !routes.includes(route) && !ROUTES[route].sometimes);
  assert.deepEqual(gone, [], 'server/testing/route-table.ts speaks of routes that are not there');
});

test('each route answers those who may, and nobody else', async (t) => {
  for (const route of routes.filter((one) => one in ROUTES)) {
    await t.test(route, () => checkRoute(route, ROUTES[route]));
  }
});

test('no route answers under another name', async () => {
  for (const route of routes.filter((one) => one in ROUTES)) {
    const [method, pattern] = route.split(' ');
    const url = pattern.replace(/:(\w+)|\*/g, '0');
    const headers = { host: 'evil.example', cookie: owner.cookie };
    const answer = await server.app.server.inject({ method: method as 'GET', url, headers });
    assert.equal(answer.statusCode, 421, route);
    assert.equal(answer.json().error.code, 'foreign_host');
  }
});

test('what is logged while all of this is asked holds no secret', () => {
  assert.ok(logged.includes('/tiles/token/'), 'requests are logged at this level');
  for (const secret of secrets) {
    for (const form of [secret, encodeURIComponent(secret), decodeURIComponent(secret)]) {
      const at = logged.indexOf(form);
      assert.equal(at, -1, `${form} in ${logged.slice(at - 200, at + 100)}`);
    }
  }
});
