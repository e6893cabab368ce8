import assert from 'node:assert/strict';
import { request } from 'node:http';
import { afterEach, beforeEach, test } from 'node:test';
import { hear, type Session, stravaSession, token } from '../../testing/strava-session.ts';
import { recordedOuting } from '../../testing/track-files.ts';
import { ANSWERS } from './answers.ts';
import { UPGRADED_LIMITS } from './app-settings.ts';
import { type Simulator, startSimulator } from './simulator.ts';

const QUARTER = 15 * 60_000;
let strava: Simulator;
let ada: Session;

beforeEach(async () => {
  strava = await startSimulator({ athletes: [{ activities: [{ raw: recordedOuting() }] }] });
  ada = await stravaSession(strava);
});

afterEach(() => strava.close());

const usage = (headers: Headers) => [headers.get('x-ratelimit-usage'), headers.get('x-readratelimit-usage')];

test('every answer of the API says what is allowed and used, in whatever case', async () => {
  const first = await ada.get('/athlete');
  assert.equal(first.headers.get('x-ratelimit-limit'), '200,2000');
  assert.equal(first.headers.get('x-readratelimit-limit'), '100,1000');
  assert.deepEqual(usage(first.headers), ['1,1', '1,1']);
  assert.deepEqual(usage((await ada.get('/activities/1')).headers), ['2,2', '2,2']);
  strava.app.limits = UPGRADED_LIMITS;
  assert.equal((await ada.get('/athlete')).headers.get('x-ratelimit-limit'), '400,4000');
  const names = new Set<string>();
  for (let call = 0; call < 2; call++) {
    for (const name of await rawHeaderNames()) if (/limit-usage/i.test(name)) names.add(name);
  }
  assert.deepEqual([...names].sort(), [
    'X-RateLimit-Usage',
    'X-Ratelimit-Usage',
    'X-ReadRateLimit-Usage',
    'X-Readratelimit-Usage',
  ]);
});

test('over the limit calls are turned away until the quarter hour, and still count in the day', async () => {
  strava.limits.spend(99);
  assert.equal((await ada.get('/athlete')).status, 200);
  for (const day of [101, 102]) {
    const { status, body, headers } = await ada.get('/athlete');
    assert.equal(status, 429);
    assert.deepEqual(body, {
      message: 'Rate Limit Exceeded',
      errors: [{ resource: 'Application', field: 'rate limit', code: 'exceeded' }],
    });
    assert.equal(headers.get('retry-after'), null);
    assert.deepEqual(usage(headers), [`100,${day}`, `100,${day}`]);
  }
  const untilQuarter = QUARTER - (strava.clock.now() % QUARTER);
  strava.clock.advance(untilQuarter - 1);
  assert.equal((await ada.get('/athlete')).status, 429);
  strava.clock.advance(1);
  assert.deepEqual(usage((await ada.get('/athlete')).headers), ['1,104', '1,104']);
});

test('a day of calls is spent until midnight UTC', async () => {
  const HOUR = 3_600_000;
  for (let quarter = 0; quarter < 10; quarter++) {
    strava.limits.spend(100);
    strava.clock.advance(QUARTER);
  }
  ada = await stravaSession(strava);
  assert.equal((await ada.get('/athlete')).status, 429);
  const untilMidnight = 24 * HOUR - (strava.clock.now() % (24 * HOUR));
  strava.clock.advance(untilMidnight - 1);
  ada = await stravaSession(strava);
  assert.equal((await ada.get('/athlete')).status, 429);
  strava.clock.advance(1);
  assert.equal((await ada.get('/athlete')).status, 200);
});

test('the overall limit counts for itself', async () => {
  strava.limits.spend(200, 'overall');
  assert.deepEqual(strava.limits.used.read, [0, 0]);
  assert.equal((await ada.get('/athlete')).status, 429);
});

test('an inactive app signs in and refreshes, and is forbidden everything else', async () => {
  strava.app.status = 'inactive';
  const forbidden = {
    message: 'Forbidden',
    errors: [{ resource: 'Application', field: 'Status', code: 'Inactive' }],
  };
  ada = await stravaSession(strava);
  const refreshed = await token(strava, { grant_type: 'refresh_token', refresh_token: ada.refreshToken });
  assert.equal(refreshed.status, 200);
  for (const path of ['/athlete', '/athlete/activities', '/activities/1']) {
    const { status, body } = await ada.get(path);
    assert.deepEqual([status, body], [403, forbidden]);
  }
  const { clientId, clientSecret } = strava.app;
  const own = await hear(
    `${strava.apiUrl}/push_subscriptions?client_id=${clientId}&client_secret=${clientSecret}`,
  );
  assert.deepEqual([own.status, own.body], [403, forbidden]);
});

test('a token nobody gave is refused without a word about limits', async () => {
  for (const headers of [{}, { authorization: 'Bearer 0123' }]) {
    const heard = await hear(`${strava.apiUrl}/athlete`, { headers: headers as Record<string, string> });
    assert.equal(heard.status, 401);
    assert.deepEqual(heard.body, ANSWERS.wrongToken.body);
    assert.deepEqual(usage(heard.headers), [null, null]);
  }
  assert.equal(strava.limits.used.overall[0], 0);
});

test('each answer on demand, for the next requests of a path, and no others', async () => {
  for (const [name, answer] of Object.entries(ANSWERS)) {
    if (typeof answer === 'function') continue;
    strava.faults.add(/^GET \/athlete$/, { kind: 'answer', answer }, 1);
    assert.equal((await ada.get('/activities/1')).status, 404);
    const { status, body } = await ada.get('/athlete');
    assert.deepEqual([status, body], [answer.status, answer.body], name);
    assert.equal((await ada.get('/athlete')).status, 200);
  }
});

test('an answer of what stands before Strava is HTML, and knows of no limits', async () => {
  strava.faults.add(/athlete/, { kind: 'answer', answer: ANSWERS.badGateway });
  const { status, headers } = await ada.get('/athlete');
  assert.equal(status, 502);
  assert.equal(headers.get('content-type'), 'text/html');
  assert.equal(headers.get('x-ratelimit-usage'), null);
});

test('bodies end too early, connections break, JSON is not as it should be', async () => {
  const disarm = strava.faults.add(/streams/, { kind: 'truncated' });
  const [{ id }] = strava.accounts.activitiesOf(ada.athleteId);
  const streams = () => ada.get(`/activities/${id}/streams?keys=time,latlng&key_by_type=true`);
  const half = await streams();
  assert.equal(half.status, 200);
  assert.match(String(half.body), /^\{"time":\{"data":\[0,1,2/);
  disarm();
  strava.faults.add(/streams/, { kind: 'broken_off' }, 1);
  await assert.rejects(streams(), 'the connection ends in the middle');
  strava.faults.add(/streams/, { kind: 'reset' }, 1);
  await assert.rejects(streams());
  strava.faults.add(
    /streams/,
    {
      kind: 'changed',
      change: (body) => {
        const given = body as Record<string, { data: unknown[] }>;
        given.time.data.pop();
        return given;
      },
    },
    1,
  );
  const { time, latlng } = (await streams()).body as Record<string, { data: unknown[] }>;
  assert.equal(time.data.length + 1, latlng.data.length);
  assert.equal((await streams()).status, 200);
});

test('a slow answer comes in the end, and others do not wait for it', async () => {
  strava.faults.add(/athlete/, { kind: 'slow', ms: 3_600_000 }, 1);
  strava.faults.add(/athlete/, { kind: 'slow', ms: 5 }, 1);
  const hour = new AbortController();
  const waiting = hear(`${strava.apiUrl}/athlete`, {
    headers: { authorization: `Bearer ${ada.accessToken}` },
    signal: hour.signal,
  });
  while (strava.calls.count(/athlete/) === 0) await new Promise(setImmediate);
  assert.equal((await ada.get('/activities/1')).status, 404);
  assert.equal((await ada.get('/athlete')).status, 200);
  assert.equal(strava.calls.matching(/athlete/)[0].status, 0, 'no answer yet');
  hour.abort();
  await assert.rejects(waiting);
});

test('a call is recorded with what it cost, and without what opens anything', async () => {
  strava.calls.clear();
  await ada.get('/athlete/activities?page=2&per_page=200&access_token=x');
  assert.deepEqual(strava.calls.all, [
    {
      at: strava.clock.now(),
      name: 'GET /athlete/activities',
      query: { page: '2', per_page: '200' },
      athleteId: ada.athleteId,
      status: 200,
      cost: 'read',
    },
  ]);
  await ada.get('/activities/1', strava.newApiUrl);
  assert.equal(strava.calls.count(/^GET \/activities/), 1);
  assert.equal(strava.calls.answered(404), 1);
});

/** As they are on the wire: `fetch` makes them small. */
function rawHeaderNames(): Promise<string[]> {
  return new Promise((resolve, reject) => {
    request(
      `${strava.apiUrl}/athlete`,
      { headers: { authorization: `Bearer ${ada.accessToken}` } },
      (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.rawHeaders));
      },
    )
      .on('error', reject)
      .end();
  });
}
