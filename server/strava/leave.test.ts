import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { gpxFile } from '../demo/gpx-writer.ts';
import { hold, type StravaServer, stravaServer } from '../testing/strava.ts';
import { recordedOuting } from '../testing/track-files.ts';
import { until } from '../testing/until.ts';
import { HOUR } from './clock.ts';

/** Leaving Strava while Strava is asked, and what is never to be lost by it. */

const LIMITS = { read: [10_000, 100_000], overall: [10_000, 100_000] } as const;

let server: StravaServer;
let stravaId: number;
let cookie: string;
let athleteId: string;

before(async () => {
  server = await stravaServer({ app: { capacity: 100, limits: LIMITS } }, { STRAVA_ATHLETE_LIMIT: '100' });
});
after(() => server.close());

beforeEach(() => {
  server.strava.faults.clear();
  server.strava.calls.clear();
  stravaId = server.strava.accounts.join({}).id;
  for (const seed of [1, 2, 3]) {
    const raw = recordedOuting({ seed, points: 100, startedAt: 1_700_000_000 + seed * 86_400 });
    server.strava.addActivity(stravaId, { name: `Outing ${seed}`, raw });
  }
});

/** Connects, and brings a file of their own. */
async function begin(as: { cookie?: string } = {}): Promise<void> {
  ({ cookie } = await server.connect({ ...as, athleteId: stravaId }));
  athleteId = (await server.json<{ id: string }>(cookie, '/api/me')).id;
  const form = new FormData();
  const file = gpxFile(recordedOuting({ seed: 9, startedAt: 1_600_000_000 }));
  form.append('file', new Blob([file as BlobPart]), 'mine.gpx');
  const { id } = await ask('/api/imports', { method: 'POST', body: form });
  await until(async () => (await ask(`/api/imports/${id}`)).state === 'done');
}

async function ask<T = Record<string, string>>(path: string, init: RequestInit = {}): Promise<T> {
  const answer = await fetch(server.origin + path, { ...init, headers: { cookie, ...init.headers } });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return (await answer.json()) as T;
}

/** Makes a key and a share; answers the paths of tiles that they open. */
async function open(): Promise<string[]> {
  const headers = { 'content-type': 'application/json' };
  const made = ['/api/keys', '/api/shares'].map((path) =>
    ask(path, { method: 'POST', headers, body: '{"name":"Theirs"}' }),
  );
  return (await Promise.all(made)).map(({ key }) => `/tiles/token/${key}/0/0/0.png`);
}

const provenances = async () =>
  (await server.app.db('activities').where({ athlete_id: athleteId }).pluck('provenance')).sort();
const rows = (table: string) => server.app.db(table).where({ athlete_id: athleteId });
const account = () => server.app.db('strava_accounts').where({ strava_athlete_id: stravaId }).first();

for (const who of ['an athlete', 'the owner']) {
  test(`${who} who disconnects while a recording is read loses what Strava gave, and nothing else`, async () => {
    const streams = hold(server.strava, /streams/);
    await begin(who === 'the owner' ? await server.signIn() : {});
    const paths = await open();
    await streams.asked();
    assert.deepEqual(await provenances(), ['strava_api', 'strava_api', 'strava_api', 'upload']);
    const revoke = hold(server.strava, /oauth.revoke/);
    const leaving = ask('/api/strava', { method: 'DELETE' });
    await revoke.asked();
    streams.letGo();
    await server.settled();
    revoke.letGo();
    assert.deepEqual(await leaving, { revoked: true });
    await server.settled();
    const { overall_day_used, read_day_used } = await server.app.db('strava_apps').first();
    assert.ok(overall_day_used > read_day_used, 'as Strava counts it');
    assert.deepEqual(await provenances(), ['upload']);
    assert.equal((await server.json(cookie, '/api/me')).strava, null);
    for (const path of paths) assert.equal((await fetch(server.origin + path)).status, 200, path);
    for (const table of ['strava_activities', 'strava_events']) assert.equal((await rows(table)).length, 0);
  });
}

test('who connects again while a dead token is renewed keeps everything, and is read', async () => {
  await begin();
  await server.settled();
  server.strava.clock.advance(7 * HOUR);
  server.strava.deauthorize(stravaId);
  const refresh = hold(server.strava, /oauth.token/);
  const reading = server.settled();
  await refresh.asked();
  ({ cookie } = await server.connect({ athleteId: stravaId }));
  refresh.letGo();
  await reading;
  await server.settled();
  assert.equal((await server.json(cookie, '/api/me')).id, athleteId);
  assert.deepEqual(await provenances(), ['strava_api', 'strava_api', 'strava_api', 'upload']);
  assert.equal((await account()).problem, null);
});

for (const path of ['/api/strava', '/api/me']) {
  test(`whose token is being renewed while they leave by ${path} leaves no consent standing`, async () => {
    // nobody else's token is to be renewed first
    await server.app.db('strava_accounts').delete();
    await begin();
    await server.settled();
    server.strava.clock.advance(7 * HOUR);
    // Strava has put another refresh token in the place of the one that is withdrawn; only the answer is late
    const refresh = hold(server.strava, /oauth.token/);
    const reading = server.settled();
    await refresh.asked();
    await ask(path, { method: 'DELETE' });
    refresh.letGo();
    await reading;
    await server.settled();
    assert.equal(server.strava.grants.of(stravaId), undefined);
  });
}

test('who disconnected when the server was killed has left all the same, at the next start', async () => {
  await begin();
  await server.settled();
  await rows('strava_accounts').update({ connected: false, leaving: true, access_token: null });
  await server.settled();
  assert.deepEqual(await provenances(), ['upload']);
  assert.deepEqual(
    [(await account()).leaving, (await account()).name, (await rows('strava_activities')).length],
    [false, null, 0],
  );
});

test('deleting everything does not wait for Strava: it is done first, and answered soon', async () => {
  await begin();
  await server.settled();
  const revoke = hold(server.strava, /oauth.revoke/);
  const deauthorize = hold(server.strava, /oauth.deauthorize/);
  const leaving = ask('/api/me', { method: 'DELETE' });
  await revoke.asked();
  assert.deepEqual(await server.app.db('athletes').where({ id: athleteId }), []);
  assert.equal((await fetch(`${server.origin}/api/me`, { headers: { cookie } })).status, 401);
  assert.deepEqual(await leaving, { deleted: true }, 'though Strava never answered');
  assert.equal(server.strava.grants.of(stravaId), undefined);
  revoke.letGo();
  deauthorize.letGo();
});
