import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { freePort } from '../testing/free-port.ts';
import { type StravaServer, stravaServer } from '../testing/strava.ts';
import { recordedOuting } from '../testing/track-files.ts';
import { ANSWERS } from './simulator/answers.ts';

/** What Strava does, or is going to do, that nobody would expect. */

let server: StravaServer;

afterEach(() => server.close());

interface Listed {
  activities: unknown[];
}

const listed = async (cookie: string) =>
  (await server.json<Listed>(cookie, '/api/activities')).activities.length;

test('the addresses of 2027 are a matter of settings: another host, no prefix, no deauthorize', async () => {
  const port = await freePort();
  server = await stravaServer(
    { ports: [0, port], athletes: [{ activities: [{ raw: recordedOuting() }] }] },
    { STRAVA_API_URL: `http://127.0.0.1:${port}` },
  );
  const { strava } = server;
  assert.equal(strava.newApiUrl, `http://127.0.0.1:${port}`);
  strava.faults.add(/^POST \/oauth\/deauthorize/, { kind: 'answer', answer: ANSWERS.nothing });
  const { cookie } = await server.connect();
  await server.settled();
  assert.equal(await listed(cookie), 1);
  assert.equal(strava.calls.count(/streams/), 1);
  const left = await fetch(`${server.origin}/api/strava`, { method: 'DELETE', headers: { cookie } });
  assert.deepEqual(await left.json(), { revoked: true });
  assert.deepEqual(strava.grants.connected, []);
  assert.equal(await listed(cookie), 0);
});

test('a code that Strava does not know yet is tried once more', async () => {
  const tries: number[] = [];
  server = await stravaServer({
    codeDelay: 2000,
    onAnswer({ name, status }) {
      if (name !== 'POST /oauth/token') return;
      tries.push(status);
      server.strava.clock.advance(2000);
    },
  });
  const { location, cookie } = await server.connect();
  assert.deepEqual(tries, [400, 200]);
  assert.equal(location, '/?strava=connected');
  assert.equal(await listed(cookie), 0);
});

test('of an athlete whose privacy zone Strava cuts out, what is left is drawn', async () => {
  const raw = recordedOuting({ points: 2000 });
  const [{ lng, lat }] = raw.lines;
  server = await stravaServer({
    athletes: [{ activities: [{ raw }], privacyZone: { lng: lng[0], lat: lat[0], radius: 300 } }],
  });
  const { cookie } = await server.connect();
  await server.settled();
  const { accounts, athletes } = server.strava;
  const [activity] = accounts.activitiesOf(athletes[0].id);
  const left = accounts.seen(activity, ['activity:read'])!.time.length;
  assert.ok(left > 500 && left < 2000, 'more than an outline has');
  assert.equal((await server.json<{ points: number }>(cookie, '/api/me')).points, left);
});

test('two activities with one start, and one whose start is hidden, are three', async () => {
  const startedAt = 1_760_000_000;
  server = await stravaServer({
    athletes: [
      {
        activities: [
          { raw: recordedOuting({ seed: 1, startedAt }) },
          { raw: recordedOuting({ seed: 2, startedAt, lng: 8 }) },
          { raw: recordedOuting({ seed: 3, startedAt: startedAt + 7200, lng: 9 }), hiddenStart: true },
        ],
      },
    ],
  });
  const { cookie } = await server.connect();
  await server.settled();
  assert.equal(await listed(cookie), 3);
});
