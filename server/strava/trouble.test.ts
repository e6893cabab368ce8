import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { SyncStatus } from '../activities/sync-status.ts';
import { type StravaServer, stravaServer } from '../testing/strava.ts';
import { recordedOuting } from '../testing/track-files.ts';
import { until } from '../testing/until.ts';
import { DAY, HOUR, MINUTE } from './clock.ts';
import { ANSWERS, type Answer } from './simulator/answers.ts';

let server: StravaServer;
let cookie: string;
let athleteId: number;

before(async () => {
  const limits = { read: [10_000, 100_000], overall: [10_000, 100_000] } as const;
  server = await stravaServer({ app: { capacity: 100, limits } }, { STRAVA_ATHLETE_LIMIT: '100' });
});
after(() => server.close());

beforeEach(async () => {
  server.strava.faults.clear();
  server.strava.app.status = 'active';
  athleteId = newcomer(1, 2);
});

function newcomer(...seeds: number[]): number {
  const { id } = server.strava.accounts.join({});
  for (const seed of seeds) {
    const raw = recordedOuting({ seed, points: 100, startedAt: 1_700_000_000 + seed * 86_400 });
    server.strava.addActivity(id, { name: `Outing ${seed}`, raw });
  }
  return id;
}
async function begin() {
  ({ cookie } = await server.connect({ athleteId }));
  await server.settled();
}
async function later(milliseconds: number) {
  server.strava.clock.advance(milliseconds);
  await server.settled();
}
const sync = async () => (await server.json<{ sync: SyncStatus }>(cookie, '/api/status')).sync;
const names = async () =>
  (await server.json<{ activities: { name: string }[] }>(cookie, '/api/activities')).activities.map(
    ({ name }) => name,
  );
const meet = (on: RegExp, answer: Answer) => server.strava.faults.add(on, { kind: 'answer', answer });
const BUSY: Answer = { status: 500, body: { message: 'error' } };

test('one activity that Strava cannot give holds up no other, is given up visibly, and tried again when asked for', async () => {
  const [first] = server.strava.accounts.activitiesOf(athleteId);
  meet(new RegExp(`/${first.id}/streams`), BUSY);
  await begin();
  const waiting = await sync();
  assert.deepEqual([waiting.state, waiting.done, waiting.total], ['fetching', 1, 2]);
  for (let hour = 0; hour < 5; hour++) await later(HOUR);
  const given = await sync();
  assert.deepEqual([given.state, given.done, given.failed], ['current', 2, 1]);
  assert.equal(server.strava.calls.count(new RegExp(`/${first.id}/streams`)), 5);
  server.strava.faults.clear();
  await fetch(`${server.origin}/api/sync`, { method: 'POST', headers: { cookie } });
  await server.settled();
  assert.equal((await sync()).failed, 0);
});

for (const [name, answer] of [
  ['in one way', ANSWERS.noRecord],
  ['in another', ANSWERS.noResource],
  ['without a word', ANSWERS.nothing],
] as const) {
  test(`a recording that is not there, said ${name}: settled by one call, and never asked for again`, async () => {
    const [first] = server.strava.accounts.activitiesOf(athleteId);
    const streams = new RegExp(`/${first.id}/streams`);
    meet(streams, answer);
    await begin();
    for (let time = 0; time < 2; time++) {
      const { state, done, failed } = await sync();
      assert.deepEqual([state, done, failed], ['current', 2, 0]);
      assert.equal(server.strava.calls.count(streams), 1);
      await later(DAY);
    }
  });
}

for (const fault of [
  { kind: 'truncated' },
  { kind: 'broken_off' },
  { kind: 'answer', answer: ANSWERS.emptyBody },
  { kind: 'answer', answer: ANSWERS.badGateway },
] as const) {
  const name = fault.kind === 'answer' ? `answered ${fault.answer.status} without sense` : fault.kind;
  test(`a list and a recording that come ${name} are read again, and are whole then`, async () => {
    server.strava.faults.add(/athlete.activities/, fault, 1);
    const disarm = server.strava.faults.add(/streams/, fault, 1);
    await begin();
    for (let time = 0; time < 3; time++) await later(5 * MINUTE);
    disarm();
    const { state, done, total, failed } = await sync();
    assert.deepEqual([state, done, total, failed], ['current', 2, 2, 0]);
    assert.equal((await names()).length, 2);
  });
}

test('what was given up is tried once more each day', async () => {
  const [first] = server.strava.accounts.activitiesOf(athleteId);
  const streams = new RegExp(`/${first.id}/streams`);
  meet(streams, BUSY);
  await begin();
  for (let hour = 0; hour < 5; hour++) await later(HOUR);
  assert.equal((await sync()).failed, 1);
  const before = server.strava.calls.count(streams);
  await later(DAY);
  assert.equal((await sync()).failed, 1);
  assert.equal(server.strava.calls.count(streams), before + 1);
});

test('an application that was switched off stops everything, says what to do, and goes on by itself', async () => {
  await begin();
  server.strava.app.status = 'inactive';
  await later(15 * MINUTE);
  const calls = server.strava.calls.count(/GET/);
  const stopped = await sync();
  assert.deepEqual([stopped.state, stopped.problem?.code], ['failed', 'inactive']);
  assert.match(stopped.problem!.message, /subscription/);
  assert.ok(stopped.until);
  await later(30 * MINUTE);
  assert.equal(server.strava.calls.count(/GET/), calls, 'for nobody');
  server.strava.app.status = 'active';
  await later(HOUR);
  assert.equal((await sync()).state, 'current');
});

test('a scope that is missing after all stops one athlete, until they connect again', async () => {
  await begin();
  const disarm = meet(/athlete.activities/, ANSWERS.missingScope);
  await later(15 * MINUTE);
  disarm();
  const stopped = await sync();
  assert.deepEqual([stopped.state, stopped.problem?.code, stopped.until], ['failed', 'scope', null]);
  await later(DAY);
  assert.equal((await sync()).state, 'failed');
  ({ cookie } = await server.connect({ athleteId }));
  await server.settled();
  assert.equal((await sync()).state, 'current');
});

test('an outage at Strava loses nothing and gives nothing up', async () => {
  const badGateway = { status: 502, body: '<html>Bad Gateway</html>' };
  meet(/streams/, badGateway);
  await begin();
  meet(/GET/, badGateway);
  for (let at = 0; at < 12; at++) await later(10 * MINUTE);
  assert.equal((await sync()).failed, 0);
  assert.equal((await names()).length, 2);
  server.strava.faults.clear();
  for (let at = 0; at < 3; at++) await later(HOUR);
  const { state, done, failed } = await sync();
  assert.deepEqual([state, done, failed], ['current', 2, 0]);
});

test('the owner whose consent is withdrawn keeps their map, without what Strava gave, and is signed out', async () => {
  const { cookie: owner } = await server.signIn();
  const connected = await server.connect({ cookie: owner, athleteId });
  await server.settled();
  cookie = connected.cookie;
  assert.equal((await names()).length, 2);
  server.strava.deauthorize(athleteId);
  await later(DAY);
  assert.equal((await fetch(`${server.origin}/api/me`, { headers: { cookie } })).status, 401);
  ({ cookie } = await server.signIn());
  assert.deepEqual(await names(), []);
  assert.equal(await sync(), null);
});

test('who is being deleted holds up nobody', async () => {
  await begin();
  const { id } = await server.json<{ id: string }>(cookie, '/api/me');
  await server.app.db('data_keys').where({ athlete_id: id }).delete();
  athleteId = newcomer(1);
  await later(DAY);
  await begin();
  assert.equal((await names()).length, 1);
  await server.app.db('athletes').where({ id }).delete();
});

test('athletes take turns', async () => {
  const many = Array.from({ length: 6 }, (_, at) => at + 3);
  athleteId = newcomer(...many);
  const other = newcomer(...many);
  await begin();
  await server.connect({ athleteId: other });
  await server.settled();
  const of = (id: number) => server.strava.accounts.activitiesOf(id).map((activity) => activity.id);
  await server.app
    .db('strava_activities')
    .whereIn('strava_id', [...of(athleteId), ...of(other)].map(String))
    .update({
      state: 'pending',
      retry_at: null,
    });
  server.strava.calls.clear();
  await server.settled();
  const order = server.strava.calls.matching(/streams/).map((call) => call.athleteId);
  assert.equal(order.length, 12);
  for (let at = 0; at < 12; at += 2) assert.notEqual(order[at], order[at + 1]);
});

for (const [how, path] of [
  ['leaves Strava', '/api/strava'],
  ['is deleted', '/api/me'],
]) {
  test(`who ${how} while their activities are read leaves nothing behind, and holds up nobody`, () =>
    leave(path));
}

async function leave(path: string) {
  athleteId = newcomer(1, 2, 3, 4);
  // of theirs, the first of which may come as soon as they are connected
  const streams = server.strava.calls.count(/streams/);
  ({ cookie } = await server.connect({ athleteId }));
  const { id } = await server.json<{ id: string }>(cookie, '/api/me');
  const reading = server.settled();
  await until(() => server.strava.calls.count(/streams/) > streams);
  const left = await fetch(server.origin + path, { method: 'DELETE', headers: { cookie } });
  assert.equal(left.status, 200);
  await reading;
  await server.settled();
  for (const table of ['activities', 'recordings', 'strava_activities', 'strava_events']) {
    assert.equal((await server.app.db(table).where({ athlete_id: id })).length, 0, table);
  }
  assert.equal(server.strava.grants.of(athleteId), undefined, 'Strava was told');
  athleteId = newcomer(5);
  await begin();
  assert.equal((await names()).length, 1);
}
