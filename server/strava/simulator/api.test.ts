import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { hear, stravaSession } from '../../testing/strava-session.ts';
import { recordedOuting } from '../../testing/track-files.ts';
import type { NewActivity } from './activity.ts';
import { type Simulator, startSimulator } from './simulator.ts';

type Row = Record<string, unknown> & { id: number; map: { summary_polyline: string | null } };

const DAY = 86_400;
const FIRST = Date.UTC(2025, 9, 1, 9) / 1000;
let strava: Simulator;

afterEach(() => strava.close());

/** Outings on consecutive days, the earliest first. */
function outings(count: number, change: (at: number) => Partial<NewActivity> = () => ({})): NewActivity[] {
  return Array.from({ length: count }, (_, at) => ({
    raw: recordedOuting({ seed: at + 1, startedAt: FIRST + at * DAY, points: 40 }),
    ...change(at),
  }));
}

async function start(activities: NewActivity[]): Promise<void> {
  strava = await startSimulator({ athletes: [{ activities }] });
}

const daysOf = (body: unknown) =>
  (body as Row[]).map(({ start_date }) => (Date.parse(String(start_date)) / 1000 - FIRST) / DAY);

test('who the athlete is', async () => {
  await start([]);
  const ada = await stravaSession(strava);
  const { body } = await ada.get('/athlete');
  const { id, resource_state, firstname, profile } = body as Record<string, unknown>;
  assert.deepEqual([id, resource_state, firstname], [strava.athletes[0].id, 2, 'Ada']);
  assert.match(String(profile), /^http/);
});

test('a list comes by pages of thirty until an empty one, the newest first', async () => {
  await start(outings(65));
  const ada = await stravaSession(strava);
  const lengths: number[] = [];
  const days: number[] = [];
  for (const page of [1, 2, 3, 4]) {
    const { body } = await ada.get(`/athlete/activities?page=${page}`);
    days.push(...daysOf(body));
    lengths.push((body as Row[]).length);
  }
  assert.deepEqual(lengths, [30, 30, 5, 0]);
  assert.deepEqual(
    days,
    Array.from({ length: 65 }, (_, at) => 64 - at),
  );
  assert.equal(((await ada.get('/athlete/activities?per_page=200')).body as Row[]).length, 65);
});

test('before and after bound it; with after alone the oldest come first', async () => {
  await start(outings(10));
  const ada = await stravaSession(strava);
  const days = async (query: string) => daysOf((await ada.get(`/athlete/activities?${query}`)).body);
  const [after, before] = [FIRST + 5.5 * DAY, FIRST + 8.5 * DAY];
  assert.deepEqual(await days(`before=${before}&after=${after}`), [8, 7, 6]);
  assert.deepEqual(await days(`after=${after}`), [6, 7, 8, 9]);
  assert.deepEqual(await days(`before=${FIRST + 1.5 * DAY}`), [1, 0]);
  strava.choices.afterOrder = 'newest';
  assert.deepEqual(await days(`after=${after}`), [9, 8, 7, 6]);
});

test('milliseconds, and more than 200 a page, are refused', async () => {
  await start([]);
  const ada = await stravaSession(strava);
  const { status, body } = await ada.get(`/athlete/activities?after=${FIRST * 1000}`);
  assert.deepEqual(
    [status, body],
    [400, { message: 'Bad Request', errors: [{ resource: 'Application', field: 'after', code: 'future' }] }],
  );
  assert.equal((await ada.get(`/athlete/activities?before=${FIRST * 1000}`)).status, 400);
  assert.equal((await ada.get('/athlete/activities?per_page=201')).status, 400);
});

test('only the scope for all of them shows private activities, and pages may be short for that', async () => {
  await start(
    outings(9, (at) => ({
      visibility: at % 3 === 0 ? 'only_me' : at % 3 === 1 ? 'followers_only' : 'everyone',
    })),
  );
  const all = await stravaSession(strava);
  const some = await stravaSession(strava, { scope: 'read,activity:read' });
  const none = await stravaSession(strava, { scope: 'read' });
  const rows = (await all.get('/athlete/activities')).body as Row[];
  assert.equal(rows.length, 9);
  for (const row of rows) assert.equal(row.private, row.visibility === 'only_me');
  // cut into threes, each without its private one
  const page = (await some.get('/athlete/activities?per_page=3')).body as Row[];
  assert.deepEqual(daysOf(page), [8, 7]);
  const hidden = rows.find((row) => row.private)!;
  for (const path of [`/activities/${hidden.id}`, `/activities/${hidden.id}/streams`]) {
    assert.equal((await all.get(path)).status, 200);
    const { status, body } = await some.get(path);
    assert.deepEqual([status, body], [404, { message: 'Record Not Found', errors: [] }]);
    assert.equal((await none.get(path)).status, 401);
  }
  const refused = await none.get('/athlete/activities');
  assert.deepEqual(refused.body, {
    message: 'Authorization Error',
    errors: [{ resource: 'AccessToken', field: 'activity:read_permission', code: 'missing' }],
  });
});

test("another athlete's activities are as if they were not", async () => {
  strava = await startSimulator({ athletes: [{ activities: outings(1) }, { activities: outings(1) }] });
  const [ada, bo] = strava.athletes;
  const session = await stravaSession(strava, { athleteId: ada.id });
  const [theirs] = strava.accounts.activitiesOf(bo.id);
  assert.equal(((await session.get('/athlete/activities')).body as Row[]).length, 1);
  assert.equal((await session.get(`/activities/${theirs.id}`)).status, 404);
  assert.equal((await session.get(`/activities/${theirs.id}/streams`)).status, 404);
});

test('a privacy zone is cut out for who may not read all, a hidden map for everybody', async () => {
  const raw = recordedOuting({ points: 2000 });
  const [{ lng, lat }] = raw.lines;
  const zone = { lng: lng[0], lat: lat[0], radius: 300 };
  strava = await startSimulator({
    athletes: [
      { activities: [{ raw }], privacyZone: zone },
      { activities: [{ raw }], mapsHidden: true },
    ],
  });
  const [ada, bo] = strava.athletes;
  const line = async (athleteId: number, scope: string) => {
    const session = await stravaSession(strava, { athleteId, scope });
    const [{ id }] = strava.accounts.activitiesOf(athleteId);
    const { body } = await session.get(`/activities/${id}/streams?keys=time,latlng&key_by_type=true`);
    const [row] = (await session.get('/athlete/activities')).body as Row[];
    const streams = body as Record<string, { data: unknown[] }>;
    return { latlng: streams.latlng, time: streams.time, summary: row.map.summary_polyline };
  };
  const whole = await line(ada.id, 'activity:read_all');
  const cut = await line(ada.id, 'activity:read');
  assert.equal(whole.latlng.data.length, 2000);
  assert.ok(cut.latlng.data.length < 2000 && cut.latlng.data.length > 0);
  assert.equal(cut.latlng.data.length, cut.time.data.length);
  const far = (cut.latlng.data as number[][]).map(([y, x]) =>
    Math.hypot((y - zone.lat) * 111_195, (x - zone.lng) * 111_195 * Math.cos((zone.lat * Math.PI) / 180)),
  );
  assert.ok(Math.min(...far) > 300);
  assert.notEqual(cut.summary, whole.summary);
  const hidden = await line(bo.id, 'activity:read_all');
  assert.equal(hidden.latlng, undefined);
  assert.equal(hidden.summary, '');
});

test('the API without prefix takes a token in the header alone; the other one as a parameter too', async () => {
  await start(outings(1));
  const ada = await stravaSession(strava);
  assert.equal((await ada.get('/athlete', strava.newApiUrl)).status, 200);
  const query = `?access_token=${ada.accessToken}`;
  assert.equal((await hear(`${strava.newApiUrl}/athlete${query}`)).status, 401);
  assert.equal((await hear(`${strava.apiUrl}/athlete${query}`)).status, 200);
  strava.choices.tokenParameters = false;
  assert.equal((await hear(`${strava.apiUrl}/athlete${query}`)).status, 401);
  const [{ id }] = strava.accounts.activitiesOf(ada.athleteId);
  for (const path of ['/athlete/activities', `/activities/${id}`, `/activities/${id}/streams?keys=latlng`]) {
    const [old, next] = [await ada.get(path), await ada.get(path, strava.newApiUrl)];
    assert.deepEqual(next.body, old.body);
  }
});

test('answers carry weak tags and may not be kept without asking', async () => {
  await start([]);
  const ada = await stravaSession(strava);
  const { headers } = await ada.get('/athlete');
  assert.match(headers.get('etag')!, /^W\//);
  assert.equal(headers.get('cache-control'), 'max-age=0, private, must-revalidate');
});

test('the website shows an activity, or says that there is none', async () => {
  await start(outings(1));
  const [{ id }] = strava.accounts.activitiesOf(strava.athletes[0].id);
  assert.equal((await hear(`${strava.websiteUrl}/activities/${id}`)).status, 200);
  assert.equal((await hear(`${strava.websiteUrl}/activities/1`)).status, 404);
});
