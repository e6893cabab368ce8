import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { afterEach, test } from 'node:test';
import { authorizeUrl, hear, stravaSession, token } from '../../testing/strava-session.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from './simulator.ts';

const HOUR = 3_600_000;
let strava: Simulator;

afterEach(() => strava.close());

async function start(options: SimulatorOptions = {}): Promise<void> {
  strava = await startSimulator(options);
}

const errors = (resource: string, field: string, code: string, message = 'Bad Request') => ({
  message,
  errors: [{ resource, field, code }],
});

test('what the app asks wrongly is an error of its own', async () => {
  await start();
  for (const [parameters, body] of [
    [{ client_id: '1' }, errors('Application', 'client_id', 'invalid')],
    [{ redirect_uri: 'https://elsewhere.example/' }, errors('Application', 'redirect_uri', 'invalid')],
    [{ scope: 'view_private' }, errors('Authorize', 'scope', 'invalid')],
    [{ scope: 'read activity:read' }, errors('Authorize', 'scope', 'invalid')],
  ] as [Record<string, string>, object][]) {
    const heard = await hear(authorizeUrl(strava, parameters));
    assert.deepEqual([heard.status, heard.body], [400, body]);
  }
});

test('the callback may be at the domain of the app, or below it, with any port', async () => {
  await start({ app: { callbackDomain: 'map.example' } });
  for (const redirect_uri of [
    'https://map.example:8443/x',
    'https://a.map.example/',
    'http://127.0.0.1:1/',
  ]) {
    assert.equal((await hear(authorizeUrl(strava, { redirect_uri }))).status, 200, redirect_uri);
  }
  const other = await hear(authorizeUrl(strava, { redirect_uri: 'https://notmap.example/' }));
  assert.equal(other.status, 400);
});

test('the page asks for each scope; what is unticked is not granted', async () => {
  await start();
  const shown = await hear(authorizeUrl(strava, { scope: 'read,activity:read,activity:read_all' }));
  assert.match(String(shown.body), /name="allow activity:read_all" checked/);
  const back = await strava.consent(authorizeUrl(strava), { untick: ['activity:read_all'] });
  assert.equal(back.searchParams.get('scope'), 'read');
  assert.match(back.searchParams.get('code')!, /^[0-9a-f]{40}$/);
});

test('the state comes back as it was, even if it is empty', async () => {
  await start();
  const state = 'a b&c=d';
  assert.equal(
    (await strava.consent(authorizeUrl(strava, { state }))).search.includes('state=a+b%26c%3Dd'),
    true,
  );
  const { searchParams } = await strava.consent(authorizeUrl(strava, { state: '' }), { deny: true });
  assert.deepEqual(
    [...searchParams],
    [
      ['state', ''],
      ['error', 'access_denied'],
    ],
  );
});

test('with no room left the athlete sees a page, and the app hears nothing', async () => {
  await start({ athletes: [{}, {}], app: { capacity: 1 } });
  const [first, second] = strava.athletes;
  await stravaSession(strava);
  const asSecond = authorizeUrl(strava, { athlete: String(second.id) });
  const shown = await hear(asSecond);
  assert.equal(shown.status, 403);
  assert.match(String(shown.body), /Limit of connected athletes exceeded/);
  assert.equal(shown.headers.get('location'), null);
  // who is connected already comes back in; who leaves makes room
  await strava.consent(authorizeUrl(strava));
  strava.deauthorize(first.id);
  await strava.consent(asSecond);
});

test('what was granted before is not asked again, unless it is forced or more is wanted', async () => {
  await start();
  await stravaSession(strava, { scope: 'read,activity:read' });
  const again = (parameters: Record<string, string>) =>
    hear(authorizeUrl(strava, parameters)).then(({ status }) => status);
  assert.equal(await again({ scope: 'read,activity:read' }), 302);
  assert.equal(await again({ scope: 'read,activity:read', approval_prompt: 'force' }), 200);
  assert.equal(await again({ scope: 'read,activity:read_all' }), 200);
});

test('a code gives tokens and the athlete, as a form and as JSON, once', async () => {
  await start({ athletes: [{ firstname: 'Ada', lastname: 'Example', username: null }] });
  const code = (await strava.consent(authorizeUrl(strava))).searchParams.get('code')!;
  const { status, body, headers } = await token(strava, { grant_type: 'authorization_code', code });
  const given = body as Record<string, unknown>;
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(given), [
    'token_type',
    'expires_at',
    'expires_in',
    'refresh_token',
    'access_token',
    'athlete',
  ]);
  assert.equal(given.expires_in, 21_600);
  assert.equal(given.expires_at, Math.floor(strava.clock.now() / 1000) + 21_600);
  assert.equal((given.athlete as { firstname: string }).firstname, 'Ada');
  assert.equal(headers.get('x-ratelimit-limit'), null);
  const again = await token(strava, { grant_type: 'authorization_code', code });
  assert.deepEqual([again.status, again.body], [400, errors('AuthorizationCode', 'code', 'invalid')]);

  const next = (await strava.consent(authorizeUrl(strava))).searchParams.get('code')!;
  const { clientId: client_id, clientSecret: client_secret } = strava.app;
  const json = await hear(`${strava.oauthUrl}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_id, client_secret, code: next, grant_type: 'authorization_code' }),
  });
  assert.equal(json.status, 200);
});

test('a code is worth nothing after ten minutes, and if so wished not in its first two seconds', async () => {
  await start({ codeDelay: 2000 });
  const codeOf = async () => (await strava.consent(authorizeUrl(strava))).searchParams.get('code')!;
  const exchange = async (code: string) =>
    (await token(strava, { grant_type: 'authorization_code', code })).status;
  const first = await codeOf();
  assert.equal(await exchange(first), 400);
  strava.clock.advance(2000);
  assert.equal(await exchange(first), 200);
  const second = await codeOf();
  strava.clock.advance(600_001);
  assert.equal(await exchange(second), 400);
});

test('a challenge is ignored, or else wants its verifier', async () => {
  const code_verifier = 'a verifier of enough characters, forty-three at least';
  const code_challenge = createHash('sha256').update(code_verifier).digest('base64url');
  for (const checksPkce of [false, true]) {
    await start({ checksPkce });
    const exchange = async (given: Record<string, string>) => {
      const url = authorizeUrl(strava, { code_challenge, code_challenge_method: 'S256' });
      const code = (await strava.consent(url)).searchParams.get('code')!;
      return (await token(strava, { grant_type: 'authorization_code', code, ...given })).status;
    };
    assert.equal(await exchange({ code_verifier }), 200);
    assert.equal(await exchange({ code_verifier: 'another' }), checksPkce ? 400 : 200);
    assert.equal(await exchange({}), checksPkce ? 400 : 200);
    if (!checksPkce) await strava.close();
  }
});

test('an access token lives six hours; a refresh keeps it while it has more than one', async () => {
  await start();
  const ada = await stravaSession(strava);
  const refresh = async (refresh_token: string) => {
    const { status, body } = await token(strava, { grant_type: 'refresh_token', refresh_token });
    return { status, ...(body as { access_token: string; refresh_token: string; expires_in: number }) };
  };
  strava.clock.advance(4 * HOUR);
  const kept = await refresh(ada.refreshToken);
  assert.equal(kept.access_token, ada.accessToken);
  assert.equal(kept.refresh_token, ada.refreshToken);
  assert.equal(kept.expires_in, 2 * 3600);
  strava.clock.advance(1.5 * HOUR);
  const made = await refresh(ada.refreshToken);
  assert.notEqual(made.access_token, ada.accessToken);
  assert.notEqual(made.refresh_token, ada.refreshToken);
  assert.equal(made.expires_in, 21_600);
  assert.equal('athlete' in made, false);
  // the old pair: one lives to its end, the other died with the refresh
  assert.equal((await ada.get('/athlete')).status, 200);
  const { status, body } = await token(strava, {
    grant_type: 'refresh_token',
    refresh_token: ada.refreshToken,
  });
  assert.deepEqual([status, body], [400, errors('RefreshToken', 'refresh_token', 'invalid')]);
  strava.clock.advance(0.5 * HOUR);
  const expired = await ada.get('/athlete');
  assert.deepEqual(
    [expired.status, expired.body],
    [401, errors('Athlete', 'access_token', 'invalid', 'Authorization Error')],
  );
});

test('of two refreshes at once one wins, and only its tokens count', async () => {
  await start();
  const ada = await stravaSession(strava);
  strava.clock.advance(5.5 * HOUR);
  const both = await Promise.all(
    [1, 2].map(() => token(strava, { grant_type: 'refresh_token', refresh_token: ada.refreshToken })),
  );
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 400]);
});

test('an app that says wrongly who it is gets no tokens', async () => {
  await start();
  const refresh = (given: Record<string, string>) =>
    token(strava, { grant_type: 'refresh_token', refresh_token: 'x', ...given });
  const unknown = await refresh({ client_id: '1' });
  assert.deepEqual([unknown.status, unknown.body], [400, errors('Application', 'client_id', 'invalid')]);
  const secret = await refresh({ client_secret: 'x' });
  assert.deepEqual(
    [secret.status, secret.body],
    [401, errors('Application', '', 'invalid', 'Authorization Error')],
  );
  const nobody = await hear(`${strava.oauthUrl}/token`, { method: 'POST', body: new URLSearchParams() });
  assert.deepEqual([nobody.status, nobody.body], [400, errors('Application', 'client_id', 'missing')]);
});

test('deauthorize and revoke end all tokens, and count overall but not as reads', async () => {
  await start();
  const { clientId, clientSecret } = strava.app;
  const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
  const ways = [
    (token: string) =>
      hear(`${strava.oauthUrl}/deauthorize`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
      }),
    (token: string) =>
      hear(`${strava.oauthUrl}/revoke`, {
        method: 'POST',
        headers: { authorization: basic },
        body: new URLSearchParams({ token, token_type_hint: 'access_token' }),
      }),
  ];
  for (const end of ways) {
    const ada = await stravaSession(strava);
    const before = structuredClone(strava.limits.used);
    assert.equal((await end(ada.accessToken)).status, 200);
    assert.equal(strava.limits.used.overall[0] - before.overall[0], 1);
    assert.equal(strava.limits.used.read[0], before.read[0]);
    const call = await ada.get('/athlete');
    assert.deepEqual(
      [call.status, call.body],
      [401, errors('Application', '', 'invalid', 'Authorization Error')],
    );
    const { status } = await token(strava, {
      grant_type: 'refresh_token',
      refresh_token: ada.refreshToken,
    });
    assert.equal(status, 400);
  }
});

test('a refresh token is revoked as an access token is; without the secret nothing is', async () => {
  await start();
  const ada = await stravaSession(strava);
  const revoke = (secret: string) =>
    hear(`${strava.oauthUrl}/revoke`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${strava.app.clientId}:${secret}`).toString('base64')}`,
      },
      body: new URLSearchParams({ token: ada.refreshToken }),
    });
  assert.equal((await revoke('wrong')).status, 401);
  assert.equal((await ada.get('/athlete')).status, 200);
  assert.equal((await revoke(strava.app.clientSecret)).status, 200);
  assert.equal((await ada.get('/athlete')).status, 401);
});

test('the same seed makes the same codes and tokens', async () => {
  const tokens: string[] = [];
  for (const seed of [5, 5, 6]) {
    await start({ seed });
    tokens.push((await stravaSession(strava)).accessToken);
    if (tokens.length < 3) await strava.close();
  }
  assert.equal(tokens[0], tokens[1]);
  assert.notEqual(tokens[0], tokens[2]);
});
