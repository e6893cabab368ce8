import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type StravaServer, stravaServer } from '../testing/strava.ts';
import { recordedOuting } from '../testing/track-files.ts';
import { HOUR } from './clock.ts';
import { ANSWERS, type Answer } from './simulator/answers.ts';

let server: StravaServer;

before(async () => {
  server = await stravaServer(
    { app: { capacity: 100 }, checksPkce: true },
    { STRAVA_ATHLETE_LIMIT: '3', OWNER_PASSWORD: 'correct horse' },
  );
});
after(() => server.close());

const newcomer = () => server.strava.accounts.join({}).id;
const me = async (cookie: string) =>
  server.json<{ id: string; strava: { name: string; private: boolean } | null }>(cookie, '/api/me');
const seats = async () => {
  const { strava } = await server.json<{ strava: { seats: number; taken: number } }>('', '/auth/state');
  return { seats: strava.seats, taken: strava.taken };
};

test('somebody new gets a map of their own, and finds it again', async () => {
  const athleteId = newcomer();
  assert.deepEqual(await seats(), { seats: 3, taken: 0 });
  const first = await server.connect({ athleteId });
  assert.equal(first.location, '/?strava=connected');
  const { id, strava } = await me(first.cookie);
  assert.deepEqual([strava?.name, strava?.private], ['Bo Example', false]);
  const again = await server.connect({ athleteId });
  assert.notEqual(again.cookie, first.cookie);
  assert.equal((await me(again.cookie)).id, id);
  assert.deepEqual(await seats(), { seats: 3, taken: 1 });
  const upgraded = await server.connect({ athleteId, private: true, cookie: again.cookie });
  assert.equal((await me(upgraded.cookie)).strava?.private, true);
  assert.equal((await me(upgraded.cookie)).id, id);
});

test('who wants private activities too goes on doing so when signing in again, until they say otherwise', async () => {
  const athleteId = server.strava.athletes[1].id;
  const isPrivate = async (cookie: string) => (await me(cookie)).strava?.private;
  // sent to Strava once more, with the wish
  const jar = new Map<string, string>();
  const go = async (url: string | URL) => {
    const cookie = [...jar].map((pair) => pair.join('=')).join('; ');
    const { headers } = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const set of headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!;
      jar.set(name, value);
    }
    return headers.get('location')!;
  };
  const first = await server.strava.consent(await go(`${server.origin}/auth/strava`), { athleteId });
  const asked = await go(first);
  assert.equal(new URL(asked).searchParams.get('scope'), 'read,activity:read_all');
  assert.equal(await go(await server.strava.consent(asked, { athleteId })), '/?strava=connected');
  assert.equal(await isPrivate([...jar].map((pair) => pair.join('=')).join('; ')), true);
  const changed = await server.connect({ athleteId, private: false });
  assert.equal(await isPrivate(changed.cookie), false);
  const signedIn = await server.connect({ athleteId });
  assert.deepEqual([signedIn.location, await isPrivate(signedIn.cookie)], ['/?strava=connected', false]);
});

test('who wants private activities, signs in, and turns back when asked for them once more, stays connected', async () => {
  const athleteId = server.strava.athletes[1].id;
  const { cookie } = await server.connect({ athleteId, private: true });
  const { id } = await me(cookie);
  const browser = { cookie: '' };
  const go = async (url: string | URL) => {
    const { headers } = await fetch(url, { redirect: 'manual', headers: browser });
    browser.cookie =
      headers
        .getSetCookie()
        .map((set) => set.split(';')[0])
        .join('; ') || browser.cookie;
    return headers.get('location')!;
  };
  const asked = await go(
    await server.strava.consent(await go(`${server.origin}/auth/strava`), { athleteId }),
  );
  assert.equal(new URL(asked).searchParams.get('scope'), 'read,activity:read_all');
  server.strava.clock.advance(7 * HOUR);
  await server.settled();
  const { problem, connected } = await server.app.db('strava_accounts').where({ athlete_id: id }).first();
  assert.deepEqual([connected, problem], [true, null]);
  await server.connect({ athleteId, private: false });
});

test('no link of another site changes whether private activities are wanted', async () => {
  const led = async (path: string, site: string) => {
    const headers = { 'sec-fetch-site': site };
    const { headers: told } = await fetch(server.origin + path, { redirect: 'manual', headers });
    return new URL(told.get('location')!).searchParams;
  };
  for (const [site, asks] of [
    ['cross-site', 'read,activity:read'],
    ['same-site', 'read,activity:read'],
    ['same-origin', 'read,activity:read_all'],
    ['none', 'read,activity:read_all'],
  ]) {
    const told = await led('/auth/strava?private=true', site);
    assert.equal(told.get('scope'), asks, site);
    assert.equal(told.get('state')!.endsWith('.private'), asks.endsWith('all'), site);
  }
  assert.doesNotMatch((await led('/auth/strava?private=false', 'cross-site')).get('state')!, /public/);
});

test('the owner connects their own map; no other map ever becomes theirs', async () => {
  const { cookie } = await server.signIn();
  const owner = await me(cookie);
  const [mine, another] = [newcomer(), newcomer()];
  const connected = await server.connect({ cookie, athleteId: mine });
  assert.equal((await me(connected.cookie)).id, owner.id);
  // without the link, too
  assert.equal((await me((await server.connect({ athleteId: mine })).cookie)).id, owner.id);
  const other = await server.connect({ cookie: connected.cookie, athleteId: another });
  assert.equal(other.location, '/?strava=other');
  assert.equal(server.strava.grants.of(another), undefined, 'no seat is kept at Strava');
  const theirs = await server.connect({ athleteId: another });
  assert.notEqual((await me(theirs.cookie)).id, owner.id);
  const taken = await server.connect({ cookie: connected.cookie, athleteId: another });
  assert.equal(taken.location, '/?strava=taken');
  await server.settled();
  assert.ok((await server.json<{ sync: unknown }>(theirs.cookie, '/api/status')).sync);
});

test('when all seats are taken, who has one comes in and nobody else', async () => {
  assert.deepEqual(await seats(), { seats: 3, taken: 3 });
  const athletes = await server.app.db('athletes').count();
  const late = newcomer();
  const { location, cookie } = await server.connect({ athleteId: late });
  assert.equal(location, '/?strava=full');
  assert.equal((await fetch(`${server.origin}/api/me`, { headers: { cookie } })).status, 401);
  assert.equal(server.strava.grants.of(late), undefined);
  assert.deepEqual(await server.app.db('athletes').count(), athletes);
});

test('who declines, or does not let activities be seen, is told so and is nobody', async () => {
  const athleteId = newcomer();
  const denied = await server.connect({ athleteId, deny: true });
  assert.equal(denied.location, '/?strava=denied');
  const little = await server.connect({ athleteId, untick: ['activity:read'] });
  assert.equal(little.location, '/?strava=scope');
  for (const { cookie } of [denied, little]) {
    assert.equal((await fetch(`${server.origin}/api/me`, { headers: { cookie } })).status, 401);
  }
});

test('a consent that this browser did not ask for, or that was used, signs nobody in', async () => {
  const athleteId = server.strava.athletes[1].id;
  const begun = await fetch(`${server.origin}/auth/strava`, { redirect: 'manual' });
  const cookie = begun.headers
    .getSetCookie()
    .map((set) => set.split(';')[0])
    .join('; ');
  assert.ok(begun.headers.getSetCookie().every((set) => /HttpOnly/.test(set) && /SameSite=Lax/.test(set)));
  const url = new URL(begun.headers.get('location')!);
  assert.equal(url.searchParams.get('scope'), 'read,activity:read');
  assert.equal(url.searchParams.get('code_challenge_method'), 'S256');
  const back = await server.strava.consent(url.href, { athleteId });
  const come = async (headers: Record<string, string>) =>
    (await fetch(back, { redirect: 'manual', headers })).headers.get('location');
  const exchanges = () => server.strava.calls.count(/oauth.token/);
  const before = exchanges();
  assert.equal(await come({}), '/?strava=expired');
  const altered = cookie.replace(/state=(.)/, (_, first) => `state=${first === 'x' ? 'y' : 'x'}`);
  assert.equal(await come({ cookie: altered }), '/?strava=expired');
  assert.equal(exchanges(), before, 'Strava is not even asked');
  assert.equal(await come({ cookie }), '/?strava=connected');
  assert.equal(await come({ cookie }), '/?strava=expired');
});

test('what is wrong at Strava is told, and nothing of it by a page of errors', async () => {
  const athleteId = server.strava.athletes[1].id;
  const meet = async (answer: Answer) => {
    const disarm = server.strava.faults.add(/oauth.token/, { kind: 'answer', answer });
    const { location } = await server.connect({ athleteId });
    disarm();
    return location;
  };
  assert.equal(await meet(ANSWERS.unknownClient), '/?strava=misconfigured');
  assert.equal(await meet({ status: 502, body: '<html>' } as never), '/?strava=unavailable');
});

test('one athlete’s map, list and status are never another’s', async () => {
  const [a, b] = [server.strava.athletes[1].id, server.strava.athletes[3].id];
  server.strava.addActivity(a, { name: 'Of one', raw: recordedOuting({ seed: 1 }) });
  server.strava.addActivity(b, { name: 'Of another', raw: recordedOuting({ seed: 2 }) });
  const [one, another] = [await server.connect({ athleteId: a }), await server.connect({ athleteId: b })];
  await server.settled();
  const names = async (cookie: string) =>
    (await server.json<{ activities: { name: string }[] }>(cookie, '/api/activities')).activities.map(
      ({ name }) => name,
    );
  assert.deepEqual([await names(one.cookie), await names(another.cookie)], [['Of one'], ['Of another']]);
  const tile = async (cookie: string) =>
    Buffer.from(
      await (
        await fetch(`${server.origin}/tiles/me/12/2176/1424.png`, { headers: { cookie } })
      ).arrayBuffer(),
    );
  assert.ok(!(await tile(one.cookie)).equals(await tile(another.cookie)));
});

test('Strava’s own pictures are shown once the operator has put them there', async () => {
  const pictures = async () =>
    (await server.json<{ strava: { pictures: object } }>('', '/auth/state')).strava.pictures;
  assert.deepEqual(await pictures(), { connect: null, powered: null });
  await mkdir(join(server.dataDir, 'strava'));
  await writeFile(join(server.dataDir, 'strava', 'connect.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  assert.deepEqual(await pictures(), { connect: '/strava/connect', powered: null });
  const answer = await fetch(`${server.origin}/strava/connect`);
  assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'image/svg+xml']);
  for (const other of ['powered', '..%2fmaster.key', 'connect.svg']) {
    assert.equal((await fetch(`${server.origin}/strava/${other}`)).status, 404, other);
  }
});

test('no token, name or code lies readable in the database', async () => {
  const stored = await server.app.db('strava_accounts').select();
  const text = JSON.stringify(stored);
  const bytes = Buffer.concat(
    stored.flatMap((row) => [row.name, row.access_token, row.refresh_token].filter(Boolean)),
  ).toString('latin1');
  assert.ok(!/Example/.test(text) && !/Example/.test(bytes));
  for (const call of server.strava.athletes) {
    const grant = server.strava.grants.of(call.id) as { refreshToken?: string } | undefined;
    if (grant?.refreshToken) assert.ok(!bytes.includes(grant.refreshToken));
  }
});
