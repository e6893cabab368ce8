import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import Fastify, { type FastifyInstance } from 'fastify';
import { hear, stravaSession } from '../../testing/strava-session.ts';
import { recordedOuting } from '../../testing/track-files.ts';
import { ANSWERS } from './answers.ts';
import { type Simulator, startSimulator } from './simulator.ts';

const RETRY = 120_000;
let strava: Simulator;
/** An app's callback: what it heard, and what it says. */
let callback: FastifyInstance;
let callbackUrl: string;
let heard: Record<string, unknown>[];
let shaken: Record<string, string>[];
let says: { status: number; challenge: string | null; after: number };

beforeEach(async () => {
  heard = [];
  shaken = [];
  says = { status: 200, challenge: null, after: 0 };
  callback = Fastify({ forceCloseConnections: true });
  callback.get<{ Querystring: Record<string, string> }>('/hook', async (request, reply) => {
    shaken.push(request.query);
    const echoed = says.challenge ?? request.query['hub.challenge'];
    return reply.code(says.status).send({ 'hub.challenge': echoed });
  });
  callback.post('/hook', async (request, reply) => {
    heard.push(request.body as Record<string, unknown>);
    if (says.after > 0) await new Promise((resolve) => setTimeout(resolve, says.after));
    return reply.code(says.status).send();
  });
  await callback.listen({ host: '127.0.0.1', port: 0 });
  callbackUrl = `http://127.0.0.1:${(callback.server.address() as AddressInfo).port}/hook`;
  strava = await startSimulator();
  strava.webhooks.patience = 60_000;
});

afterEach(async () => {
  await strava.close();
  await callback.close();
});

const app = () => ({ client_id: strava.app.clientId, client_secret: strava.app.clientSecret });

function subscribe(url = callbackUrl) {
  const body = new URLSearchParams({ ...app(), callback_url: url, verify_token: 'my token' });
  return hear(`${strava.apiUrl}/push_subscriptions`, { method: 'POST', body });
}

const events = () => heard.map(({ aspect_type, updates }) => [aspect_type, updates]);

test('a subscription is made once its callback has echoed the challenge, listed, and ended', async () => {
  const query = new URLSearchParams(app());
  const list = async () => (await hear(`${strava.apiUrl}/push_subscriptions?${query}`)).body;
  assert.deepEqual(await list(), []);
  const { status, body } = await subscribe();
  assert.equal(status, 201);
  const made = body as { id: number; callback_url: string; application_id: number };
  assert.deepEqual([made.callback_url, made.application_id], [callbackUrl, Number(strava.app.clientId)]);
  assert.deepEqual(Object.keys(shaken[0]).sort(), ['hub.challenge', 'hub.mode', 'hub.verify_token']);
  assert.deepEqual([shaken[0]['hub.mode'], shaken[0]['hub.verify_token']], ['subscribe', 'my token']);
  assert.deepEqual(await list(), [made]);
  const second = await subscribe();
  assert.deepEqual([second.status, second.body], [400, ANSWERS.alreadySubscribed.body]);
  const end = (id: number) =>
    hear(`${strava.apiUrl}/push_subscriptions/${id}?${query}`, { method: 'DELETE' });
  assert.equal((await end(made.id + 1)).status, 404);
  assert.equal((await end(made.id)).status, 204);
  assert.deepEqual(await list(), []);
});

test('a callback that fails, echoes something else or is not there is refused, and says why', async () => {
  says.status = 404;
  assert.deepEqual((await subscribe()).body, ANSWERS.callbackNot200.body);
  says.status = 200;
  says.challenge = 'something else';
  assert.deepEqual((await subscribe()).body, ANSWERS.callbackNotVerifiable.body);
  for (const url of ['http://127.0.0.1:1/', 'nowhere']) {
    const { status, body } = await subscribe(url);
    assert.deepEqual([status, body], [400, ANSWERS.callbackNotVerifiable.body]);
  }
  assert.equal(strava.webhooks.subscription, null);
});

test('only the app itself may look', async () => {
  const query = new URLSearchParams({ ...app(), client_secret: 'wrong' });
  assert.equal((await hear(`${strava.apiUrl}/push_subscriptions?${query}`)).status, 401);
});

test('new, renamed, of another sport, private, public again, deleted: each is told as it was documented', async () => {
  const { athleteId } = await stravaSession(strava);
  await subscribe();
  const id = strava.addActivity(athleteId, { raw: recordedOuting() });
  strava.editActivity(id, { name: 'Messy' });
  strava.editActivity(id, { sport: 'GravelRide' });
  strava.editActivity(id, { visibility: 'only_me' });
  strava.editActivity(id, { visibility: 'everyone' });
  strava.removeActivity(id);
  await strava.webhooks.idle();
  assert.deepEqual(heard[0], {
    object_type: 'activity',
    object_id: id,
    aspect_type: 'create',
    updates: {},
    owner_id: athleteId,
    subscription_id: strava.webhooks.subscription!.id,
    event_time: Math.floor(strava.clock.now() / 1000),
  });
  assert.deepEqual(
    sorted(events()),
    sorted([
      ['create', {}],
      ['update', { title: 'Messy' }],
      ['update', { type: 'GravelRide' }],
      ['update', { private: 'true' }],
      ['update', { private: 'false' }],
      ['delete', {}],
    ]),
  );
});

test('a crop, and a change between everyone and followers, is told by nothing', async () => {
  const { athleteId } = await stravaSession(strava);
  const id = strava.addActivity(athleteId, { raw: recordedOuting() });
  await subscribe();
  strava.editActivity(id, { raw: recordedOuting({ points: 300 }) });
  strava.editActivity(id, { visibility: 'followers_only' });
  await strava.webhooks.idle();
  assert.deepEqual(heard, []);
});

test('to an app that may not see private ones, turning private is a delete and turning public a create', async () => {
  const { athleteId } = await stravaSession(strava, { scope: 'read,activity:read' });
  await subscribe();
  const id = strava.addActivity(athleteId, { raw: recordedOuting(), visibility: 'only_me' });
  strava.editActivity(id, { name: 'still nobody' });
  strava.editActivity(id, { visibility: 'everyone' });
  await strava.webhooks.idle();
  strava.editActivity(id, { visibility: 'only_me' });
  await strava.webhooks.idle();
  assert.deepEqual(events(), [
    ['create', {}],
    ['delete', {}],
  ]);
});

test('an athlete who leaves is told, one who is not connected is no concern of the app', async () => {
  const { athleteId } = await stravaSession(strava);
  await subscribe();
  strava.deauthorize(athleteId);
  strava.addActivity(athleteId, { raw: recordedOuting() });
  strava.deauthorize(athleteId);
  await strava.webhooks.idle();
  assert.equal(heard.length, 1);
  const { object_type, object_id, owner_id, updates } = heard[0];
  assert.deepEqual(
    [object_type, object_id, owner_id, updates],
    ['athlete', athleteId, athleteId, { authorized: 'false' }],
  );
});

test('three attempts, two minutes apart, then the event is lost', async () => {
  const { athleteId } = await stravaSession(strava);
  await subscribe();
  says.status = 500;
  strava.addActivity(athleteId, { raw: recordedOuting() });
  for (const attempts of [1, 2, 3, 3]) {
    await strava.webhooks.idle();
    assert.equal(heard.length, attempts);
    strava.clock.advance(RETRY - 1);
    await strava.webhooks.idle();
    assert.equal(heard.length, attempts);
    strava.clock.advance(1);
  }
  assert.deepEqual(heard[1], heard[0], 'the same, to the second');
});

test('an answer that comes too late is none', async () => {
  const { athleteId } = await stravaSession(strava);
  await subscribe();
  says.after = 500;
  strava.webhooks.patience = 50;
  strava.addActivity(athleteId, { raw: recordedOuting() });
  await strava.webhooks.idle();
  assert.deepEqual(
    strava.webhooks.deliveries.map(({ status }) => status),
    [null],
  );
});

test('twice, in another order, or not at all: as the test wishes', async () => {
  const { athleteId } = await stravaSession(strava);
  await subscribe();
  strava.webhooks.hold();
  const id = strava.addActivity(athleteId, { raw: recordedOuting() });
  strava.editActivity(id, { name: 'later' });
  await strava.webhooks.idle();
  assert.equal(heard.length, 0);
  strava.webhooks.release({ reversed: true });
  await strava.webhooks.idle();
  assert.deepEqual(
    sorted(events()),
    sorted([
      ['update', { title: 'later' }],
      ['create', {}],
    ]),
  );
  heard = [];
  strava.webhooks.duplicates = true;
  strava.editActivity(id, { name: 'twice' });
  await strava.webhooks.idle();
  assert.equal(heard.length, 2);
  assert.deepEqual(heard[0], heard[1]);
  heard = [];
  strava.webhooks.lose(1);
  strava.editActivity(id, { name: 'nobody hears' });
  await strava.webhooks.idle();
  assert.equal(heard.length, 0);
});

function sorted(some: unknown[]): string[] {
  return some.map((one) => JSON.stringify(one)).sort();
}
