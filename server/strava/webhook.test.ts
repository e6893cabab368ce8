import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../testing/free-port.ts';
import { type StravaServer, stravaServer } from '../testing/strava.ts';
import { recordedOuting } from '../testing/track-files.ts';
import { DAY, MINUTE } from './clock.ts';
import { ANSWERS } from './simulator/answers.ts';

const run = promisify(execFile);
const SECRET = 'a-secret-of-these-tests';

let server: StravaServer;
let cookie: string;
let athleteId: number;

before(async () => {
  const port = await freePort();
  server = await stravaServer(
    { app: { capacity: 100, limits: { read: [10_000, 100_000], overall: [10_000, 100_000] } } },
    {
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      STRAVA_WEBHOOK_SECRET: SECRET,
      STRAVA_ATHLETE_LIMIT: '100',
    },
  );
});
after(() => server.close());

beforeEach(async () => {
  await server.strava.webhooks.idle();
  athleteId = server.strava.accounts.join({}).id;
  for (const seed of [1, 2]) server.strava.addActivity(athleteId, outing(seed));
  ({ cookie } = await server.connect({ athleteId }));
  await server.settled();
});

const outing = (seed: number) => ({
  name: `Outing ${seed}`,
  raw: recordedOuting({ seed, startedAt: 1_700_000_000 + seed * 86_400 }),
});
const list = async () =>
  (await server.json<{ activities: { name: string; stravaId: string }[] }>(cookie, '/api/activities'))
    .activities;
const names = async () => (await list()).map(({ name }) => name).sort();
/** Has Strava send what it has to say, and lets it be acted upon. */
async function told() {
  await server.strava.webhooks.idle();
  await server.settled();
  // news are told apart by their second
  server.strava.clock.advance(1000);
}
const url = (secret = SECRET) => `${server.origin}/webhooks/strava/${secret}`;
const post = (body: object, secret = SECRET) =>
  fetch(url(secret), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const callsOf = (name: RegExp) =>
  server.strava.calls.matching(name).filter((call) => call.athleteId === athleteId).length;

test('a subscription is made with a handshake, shown and deleted by the operator', async () => {
  const change = (action: 'create' | 'show' | 'delete') => server.app.strava!.changeSubscription(action);
  assert.match((await change('show')).message, /no subscription/);
  assert.match((await change('create')).message, /Strava tells of news/);
  const again = await change('create');
  assert.deepEqual([again.done, /already exists/.test(again.message)], [false, true]);
  const shown = await change('show');
  assert.ok(shown.message.includes(server.origin) && !shown.message.includes(SECRET));
  assert.match((await change('delete')).message, /Deleted/);
  assert.equal((await change('create')).done, true);
});

test('the command does it through the running server, in its words', async () => {
  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const env = { ...process.env, DATA_DIR: server.dataDir, DATABASE_URL: server.databaseUrl };
  const command = (...words: string[]) => run(process.execPath, [main, 'strava-webhook', ...words], { env });
  const { stdout } = await command('show');
  assert.match(stdout, /^Subscription \d+ at http:/);
  const created = await command('create').catch((error: { code: number; stdout: string }) => error);
  assert.ok('code' in created && created.code === 1);
  assert.match(created.stdout, /already exists/);
  await assert.rejects(command('explain'), /usage/);
});

test('what Strava says against a subscription is told, with what to do', async () => {
  const { app, strava } = server;
  for (const [answer, told] of [
    [ANSWERS.callbackNot200, /GET to callback URL does not return 200\n.*PUBLIC_URL by HTTPS/],
    [ANSWERS.callbackNotVerifiable, /not verifiable\n.*PUBLIC_URL by HTTPS/],
    [ANSWERS.inactiveApp, /Inactive\n.*subscription/],
    [ANSWERS.tooMany, /429/],
  ] as const) {
    const disarm = strava.faults.add(/POST .push_subscriptions/, { kind: 'answer', answer });
    const { done, message } = await app.strava!.changeSubscription('create');
    disarm();
    assert.equal(done, false);
    assert.match(message, told);
  }
});

test('what is recorded, renamed, hidden, shown and deleted is on the map when Strava has told of it', async () => {
  const [two, one] = await list();
  const before = callsOf(/./);
  server.strava.addActivity(athleteId, outing(9));
  await told();
  assert.deepEqual(await names(), ['Outing 1', 'Outing 2', 'Outing 9']);
  assert.equal(callsOf(/./) - before, 2, 'the activity and its recording');
  server.strava.editActivity(Number(one.stravaId), { name: 'Renamed' });
  await told();
  assert.deepEqual(await names(), ['Outing 2', 'Outing 9', 'Renamed']);
  assert.equal(callsOf(/./) - before, 3, 'its recording is the same');
  server.strava.editActivity(Number(two.stravaId), { visibility: 'only_me' });
  await told();
  assert.deepEqual(await names(), ['Outing 9', 'Renamed']);
  server.strava.editActivity(Number(two.stravaId), { visibility: 'everyone' });
  await told();
  assert.deepEqual(await names(), ['Outing 2', 'Outing 9', 'Renamed']);
  server.strava.removeActivity(Number(two.stravaId));
  await told();
  assert.deepEqual(await names(), ['Outing 9', 'Renamed']);
  assert.equal(callsOf(/GET .athlete.activities/), 2, 'no list was needed');
});

test('a hint is no order: what it says is looked up, once however often it comes', async () => {
  const [two] = await list();
  const { subscription_id } = await server.app.db('strava_apps').first('subscription_id');
  const event = {
    object_type: 'activity',
    object_id: Number(two.stravaId),
    aspect_type: 'delete',
    owner_id: athleteId,
    subscription_id: Number(subscription_id),
    event_time: 1_700_000_000,
    updates: {},
  };
  const before = callsOf(/./);
  for (let time = 0; time < 3; time++) assert.equal((await post(event)).status, 200);
  await server.settled();
  assert.deepEqual(await names(), ['Outing 1', 'Outing 2']);
  assert.equal(callsOf(/./) - before, 1);
  await post(event);
  await post({ ...event, subscription_id: Number(subscription_id) + 1, event_time: 2 });
  await post({ ...event, owner_id: 1, event_time: 3 });
  await server.settled();
  assert.equal(callsOf(/./) - before, 1);
  const revoked = { ...event, object_type: 'athlete', object_id: athleteId, aspect_type: 'update' };
  await post({ ...revoked, updates: { authorized: 'false' } });
  await server.settled();
  assert.deepEqual(await names(), ['Outing 1', 'Outing 2'], 'the consent stands');
});

test('nobody else finds the address, and nonsense is refused', async () => {
  const valid = {
    object_type: 'x',
    object_id: 1,
    aspect_type: 'x',
    owner_id: 1,
    subscription_id: 1,
    event_time: 1,
  };
  assert.equal((await post(valid, 'a-wrong-secret')).status, 404);
  for (const bad of [
    { object_id: 'x' },
    { event_time: 1e300 },
    { object_id: 2 ** 54 },
    { aspect_type: '\0' },
  ]) {
    assert.equal((await post({ ...valid, ...bad })).status, 400);
  }
  assert.equal((await post({ ...valid, updates: 'x'.repeat(20_000) })).status, 413);
  const query = 'hub.mode=subscribe&hub.challenge=echo&hub.verify_token=';
  assert.equal((await fetch(`${url()}?${query}wrong`)).status, 404);
  assert.equal((await fetch(`${url('a-wrong-secret')}?${query}wrong`)).status, 404);
});

test('who withdraws their consent at Strava is gone, with all that was open', async () => {
  server.strava.deauthorize(athleteId);
  await told();
  assert.equal((await fetch(`${server.origin}/api/me`, { headers: { cookie } })).status, 401);
  assert.equal((await server.app.db('strava_accounts').where({ strava_athlete_id: athleteId })).length, 0);
  const left = await server.app.db('recordings').join('athletes', 'athletes.id', 'recordings.athlete_id');
  const others = await server.app.db('strava_accounts').pluck('athlete_id');
  assert.ok(left.every(({ athlete_id }) => others.includes(athlete_id)));
});

test('who withdraws their consent after their token was lost is gone as well', async () => {
  const lost = server.strava.athletes.at(-1)!.id;
  server.strava.clock.advance(7 * 3_600_000);
  server.strava.faults.add(/oauth.token/, { kind: 'broken_off' }, 1);
  const account = () => server.app.db('strava_accounts').where({ strava_athlete_id: lost }).first();
  // nobody else's token is due at the same time
  await server.app.db('strava_accounts').whereNot({ strava_athlete_id: lost }).update({ connected: false });
  await server.app.strava!.run(new AbortController().signal);
  for (let at = 0; at < 3 && (await account()).problem !== 'reconnect'; at++) {
    await fetch(`${server.origin}/api/sync`, { method: 'POST', headers: { cookie } });
    server.strava.clock.advance(10 * MINUTE);
    await server.settled();
  }
  assert.equal((await account()).problem, 'reconnect');
  assert.equal((await names()).length, 2, 'a lost token deletes nothing');
  server.strava.deauthorize(lost);
  await told();
  assert.equal(await account(), undefined);
});

test('without a word from Strava, the day’s list finds it', async () => {
  const calls = callsOf(/GET .athlete.activities/);
  server.strava.clock.advance(15 * MINUTE);
  await server.settled();
  assert.equal(callsOf(/GET .athlete.activities/), calls, 'nobody polls while Strava tells');
  server.strava.clock.advance(DAY);
  await server.settled();
  assert.equal(callsOf(/GET .athlete.activities/), calls + 2);
});
