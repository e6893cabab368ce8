import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { SyncStatus } from '../activities/sync-status.ts';
import { gpxFile } from '../demo/gpx-writer.ts';
import { type StravaServer, stravaServer } from '../testing/strava.ts';
import { recordedOuting } from '../testing/track-files.ts';
import { until } from '../testing/until.ts';
import { DAY, HOUR, MINUTE } from './clock.ts';
import type { NewActivity } from './simulator/activity.ts';
import { ANSWERS } from './simulator/answers.ts';
import type { Seats } from './strava.ts';

const START = 1_700_000_000;
const outing = (seed: number, more: Partial<NewActivity> = {}): NewActivity => ({
  name: `Outing ${seed}`,
  raw: recordedOuting({ seed, startedAt: START + seed * 86_400 }),
  ...more,
});

const PLENTY = { read: [10_000, 100_000], overall: [10_000, 100_000] } as const;

/** Of all tests but those that want one of their own. */
let shared: StravaServer;
let server: StravaServer;
let cookie: string;
let athleteId: number;

before(async () => {
  shared = await stravaServer({ app: { limits: PLENTY, capacity: 100 } }, { STRAVA_ATHLETE_LIMIT: '100' });
});
after(() => shared.close());

/** A new athlete with these activities, connected and read. */
async function begin(
  activities: NewActivity[],
  { private: isPrivate, at = shared }: { private?: boolean; at?: StravaServer } = {},
) {
  server = at;
  athleteId = server.strava.accounts.join({}).id;
  for (const activity of activities) server.strava.addActivity(athleteId, activity);
  ({ cookie } = await server.connect({ private: isPrivate, athleteId }));
  await server.settled();
}

interface Listed {
  activities: { id: string; name: string; sport: string; stravaId: string | null }[];
}
const list = async () => (await server.json<Listed>(cookie, '/api/activities')).activities;
const names = async () => (await list()).map(({ name }) => name).sort();
const sync = async () => (await server.json<{ sync: SyncStatus }>(cookie, '/api/status')).sync;
const reads = () =>
  server.strava.calls.all
    .filter((call) => call.cost === 'read' && call.athleteId === athleteId)
    .map(({ name }) => name);
const stored = async (table: string) => {
  const { id } = await server.json<{ id: string }>(cookie, '/api/me');
  return server.app.db(table).where({ athlete_id: id });
};
const tile = async (query = '') => {
  const answer = await fetch(`${server.origin}/tiles/me/0/0/0.png?hot=5${query}`, { headers: { cookie } });
  return answer.headers.get('etag');
};
/** Moves the clock and lets everything that is due then be done. */
async function later(milliseconds: number) {
  server.strava.clock.advance(milliseconds);
  await server.settled();
}

test('everything is read by as few calls as there can be, the newest first, and the numbers add up', async () => {
  const indoors = { name: 'Rollers', raw: { ...recordedOuting({ seed: 20 }), lines: [] }, sport: 'Ride' };
  await begin([
    outing(1),
    outing(2, { sport: 'VirtualRide' }),
    outing(3),
    outing(4, { hiddenStart: true }),
    { name: 'By hand', manual: true, sport: 'Yoga' },
    { ...indoors, nulls: true },
    outing(5, { bare: true }),
    outing(6, { visibility: 'followers_only' }),
    outing(7, { visibility: 'only_me' }),
  ]);
  assert.deepEqual(await names(), [
    'By hand',
    'Outing 1',
    'Outing 2',
    'Outing 3',
    'Outing 4',
    'Outing 5',
    'Rollers',
  ]);
  assert.equal(reads().filter((name) => name === 'GET /athlete/activities').length, 2);
  const streams = reads().filter((name) => name.endsWith('/streams'));
  assert.equal(streams.length, 5);
  const ids = streams.map((name) => Number(name.split('/')[2]));
  const last = ids.pop();
  assert.deepEqual(
    ids,
    ids.toSorted((a, b) => b - a),
  );
  const virtual = (await list()).find(({ name }) => name === 'Outing 2');
  assert.equal(String(last), virtual?.stravaId, 'what is not on the map by default comes last');
  assert.notEqual(await tile('&virtual=true'), await tile(), 'off the map, but for whoever asks for it');
  const status = await sync();
  assert.equal(status.checkedAt, Math.floor(server.strava.clock.now() / 1000));
  assert.deepEqual(
    { ...status, checkedAt: null },
    { state: 'current', total: 7, done: 7, failed: 0, until: null, checkedAt: null, problem: null },
  );
  assert.equal((await stored('strava_activities')).length, 8, 'only_me is not even listed');
  assert.equal((await stored('tracks')).length, 5);
  assert.ok((await stored('recordings')).every(({ outline }) => !outline));
  const before = reads().length;
  await server.settled();
  assert.equal(reads().length, before, 'nothing is read twice');
});

test('the outlines are on the map before any recording is read, and it is told when that goes on', async () => {
  const limits = { read: [3, 1000], overall: [200, 2000] } as const;
  const alone = await stravaServer({ app: { limits } });
  try {
    // as if it had been asked before; two calls for the list, and a part is kept for news
    await alone.app.db('strava_apps').insert({ client_id: alone.strava.app.clientId, read_quarter_limit: 3 });
    await begin(
      [1, 2, 3, 4].map((seed) => outing(seed)),
      { at: alone },
    );
    assert.deepEqual(
      (await stored('recordings')).map(({ outline }) => outline),
      [true, true, true, true],
    );
    assert.equal((await stored('tracks')).length, 4);
    const waiting = await sync();
    const quarter = 15 * MINUTE;
    const until = Math.ceil(server.strava.clock.now() / quarter) * quarter + 5000;
    assert.deepEqual([waiting.state, waiting.until], ['waiting', until / 1000]);
    assert.deepEqual([waiting.done, waiting.total], [0, 4]);
    for (const done of [2, 4]) {
      await later(quarter);
      assert.equal((await sync()).done, done, 'two recordings, and the last call is kept');
    }
    assert.equal(server.strava.calls.answered(429), 0);
  } finally {
    await alone.close();
  }
});

test('all that changed, whenever it was recorded, is found when it is looked for', async () => {
  await begin([outing(1), outing(2), outing(3)]);
  const [three, two, one] = await list();
  const id = (activity: { stravaId: string | null }) => Number(activity.stravaId);
  server.strava.clock.advance(HOUR);
  server.strava.editActivity(id(one), { name: 'Renamed', sport: 'GravelRide' });
  server.strava.editActivity(id(two), { visibility: 'followers_only' });
  server.strava.removeActivity(id(three));
  server.strava.addActivity(athleteId, outing(9, { name: 'New' }));
  const before = await tile();
  assert.equal(
    (await fetch(`${server.origin}/api/sync`, { method: 'POST', headers: { cookie } })).status,
    202,
  );
  await server.settled();
  assert.deepEqual(
    (await list()).map(({ name, sport }) => [name, sport]),
    [
      ['New', 'Ride'],
      ['Renamed', 'GravelRide'],
    ],
  );
  await until(async () => (await tile()) !== before);
  const hidden = await tile();
  server.strava.editActivity(id(two), { visibility: 'everyone' });
  await later(DAY);
  assert.deepEqual(await names(), ['New', 'Outing 2', 'Renamed']);
  await until(async () => (await tile()) !== hidden);
});

test('a map hidden altogether goes, and comes back when it is shown', async () => {
  await begin([outing(1)]);
  const athlete = server.strava.athletes.find(({ id }) => id === athleteId)!;
  athlete.mapsHidden = true;
  await later(DAY);
  assert.deepEqual([(await names()).length, (await stored('tracks')).length], [1, 0]);
  athlete.mapsHidden = false;
  const disarm = server.strava.faults.add(/streams/, { kind: 'answer', answer: ANSWERS.noResource });
  await later(DAY);
  disarm();
  assert.equal((await stored('tracks')).length, 1, 'its outline, where that is all there is');
  assert.equal((await sync()).state, 'current');
});

test('a poll finds what is new by one call', async () => {
  await begin([outing(1)]);
  await later(MINUTE);
  const before = reads().length;
  server.strava.addActivity(athleteId, {
    name: 'Today',
    raw: recordedOuting({ seed: 8, startedAt: Math.floor(server.strava.clock.now() / 1000) - 3600 }),
  });
  await later(15 * MINUTE);
  assert.deepEqual(await names(), ['Outing 1', 'Today']);
  assert.equal(reads().length - before, 2, 'a page and a recording');
});

test('private activities are read when asked for, and stay their athlete’s own', async () => {
  await begin(
    [outing(1), outing(2, { visibility: 'only_me' }), outing(3, { visibility: 'followers_only' })],
    {
      private: true,
    },
  );
  assert.deepEqual(await names(), ['Outing 1', 'Outing 2', 'Outing 3']);
  const kept = (await stored('activities')).map(({ visibility }) => visibility);
  assert.deepEqual(kept.sort(), ['everyone', 'followers_only', 'only_me']);
  const me = await server.json<{ strava: { private: boolean } }>(cookie, '/api/me');
  assert.equal(me.strava.private, true);
  server.strava.clock.advance(MINUTE);
  ({ cookie } = await server.connect({ private: false, athleteId, cookie }));
  await server.settled();
  assert.deepEqual(await names(), ['Outing 1'], 'and they go when they are no longer wanted');
});

test('what the athlete deletes here does not come back', async () => {
  await begin([outing(1), outing(2)]);
  const [two] = await list();
  const url = `${server.origin}/api/activities/${two.id}`;
  assert.equal((await fetch(url, { method: 'DELETE', headers: { cookie } })).status, 204);
  server.strava.editActivity(Number(two.stravaId), { name: 'Renamed' });
  await later(2 * DAY);
  assert.deepEqual(await names(), ['Outing 1']);
});

test('a file takes over the copy of the API, and leaving leaves the file', async () => {
  await begin([outing(1), outing(2)]);
  const form = new FormData();
  form.append('files', new Blob([gpxFile({ ...outing(1).raw!, name: null }) as BlobPart]), 'one.gpx');
  await fetch(`${server.origin}/api/imports`, { method: 'POST', body: form, headers: { cookie } });
  await until(async () => {
    const { imports } = await server.json<{ imports: { state: string }[] }>(cookie, '/api/status');
    return imports.some(({ state }) => state === 'done');
  });
  assert.equal((await list()).length, 2);
  const left = await fetch(`${server.origin}/api/strava`, { method: 'DELETE', headers: { cookie } });
  assert.deepEqual(await left.json(), { revoked: true });
  assert.deepEqual(
    (await list()).map(({ name, stravaId }) => [name, stravaId]),
    [[null, null]],
  );
  assert.equal((await stored('strava_activities')).length, 0);
  assert.equal(await sync(), null);
  assert.equal(server.strava.grants.of(athleteId), undefined);
  const again = await fetch(`${server.origin}/api/strava`, { method: 'DELETE', headers: { cookie } });
  assert.equal(again.status, 409);
  // the same athlete is found again
  ({ cookie } = await server.connect({ athleteId }));
  await server.settled();
  assert.equal((await list()).length, 2);
});

test('kept for some days, everything is read again in time or goes', async () => {
  const alone = await stravaServer({}, { STRAVA_RETENTION_DAYS: '7' });
  try {
    const { strava } = await alone.json<{ strava: Seats }>('', '/auth/state');
    assert.deepEqual(
      [strava.retentionDays, strava.shareable],
      [7, false],
      'it is said before anybody connects',
    );
    await begin([outing(1), outing(2)], { at: alone });
    const streams = () => reads().filter((name) => name.endsWith('/streams')).length;
    const before = streams();
    const revision = async () => (await server.json(cookie, '/api/me')).revision;
    const first = await revision();
    for (let day = 0; day < 6; day++) await later(DAY);
    assert.equal(streams(), before + 2);
    assert.deepEqual(await names(), ['Outing 1', 'Outing 2']);
    assert.equal(await revision(), first, 'read again unchanged, nothing changes');

    server.strava.faults.add(/./, { kind: 'answer', answer: { status: 503, body: '' } });
    await later(4 * DAY);
    await later(4 * DAY);
    assert.deepEqual(await names(), []);
    server.strava.faults.clear();
    await later(DAY);
    await later(HOUR);
    assert.deepEqual(await names(), ['Outing 1', 'Outing 2']);
  } finally {
    await alone.close();
  }
});
