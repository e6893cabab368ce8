import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Fastify, { type FastifyInstance } from 'fastify';
import { HttpError, handleError } from '../http/errors.ts';
import { testAthlete, testDatabase } from '../testing/database.ts';
import type { Athlete } from '../testing/store-activities.ts';
import { keyRoutes } from './key-routes.ts';
import { UnknownAthlete } from './keyring.ts';
import { MOST_KEYS, type OwnerKey, OwnerKeys } from './owner-keys.ts';
import { isUrlKey, makeUrlKey } from './url-keys.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let athlete: Athlete;
let other: Athlete;
let keys: OwnerKeys;
let app: FastifyInstance;

before(async () => {
  database = await testDatabase();
  athlete = await testAthlete(database.db);
  other = await testAthlete(database.db);
  keys = newKeys();
  app = Fastify();
  app.setErrorHandler(handleError);
  app.decorateRequest('athleteId', '');
  await app.register(keyRoutes, {
    keys,
    requireAthlete: async (request) => {
      if (!request.headers.athlete) throw new HttpError('signed_out');
      request.athleteId = String(request.headers.athlete);
    },
  });
});
after(async () => {
  await app.close();
  await keys.close();
  await database.drop();
});

/** The keys as one process sees them. */
function newKeys(): OwnerKeys {
  const dataKey = async (athleteId: string) => (athleteId === athlete.id ? athlete : other).key;
  return new OwnerKeys({ db: database.db, dataKey, warn: (message) => assert.fail(message) });
}

async function ask(
  who: Athlete | null,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  payload?: object,
) {
  const answer = await app.inject({ method, url, payload, headers: who ? { athlete: who.id } : {} });
  return { status: answer.statusCode, body: answer.body ? answer.json() : null, headers: answer.headers };
}

const listed = async (who: Athlete): Promise<OwnerKey[]> => (await ask(who, 'GET', '/api/keys')).body.keys;

test('keys are 43 letters and digits, which no two have in common', () => {
  const made = Array.from({ length: 500 }, makeUrlKey);
  assert.ok(made.every(isUrlKey));
  assert.equal(new Set(made).size, made.length);
  for (let at = 1; at < 43; at++)
    assert.ok(new Set(made.map((key) => key[at])).size > 50, `digit ${at} varies`);
  for (const text of ['', made[0].slice(1), `${made[0]}0`, made[0].replace(/.$/, '-')])
    assert.ok(!isUrlKey(text));
});

test("a key opens its owner's map, is told once, and neither it nor its name lies in the database", async () => {
  const { status, body, headers } = await ask(athlete, 'POST', '/api/keys', { name: ' JOSM on the laptop ' });
  assert.equal(status, 201);
  assert.equal(headers['cache-control'], 'no-store');
  assert.equal(await keys.open(body.key), athlete.id);
  const [first] = await listed(athlete);
  const { key, ...told } = body;
  assert.equal(first.name, 'JOSM on the laptop');
  assert.deepEqual({ ...first, lastUsedAt: null }, told);
  assert.deepEqual(await listed(other), []);
  const { rows } = await database.db.raw('select k::text as row, hash, name from owner_keys k');
  assert.equal(rows.length, 1);
  for (const secret of [key, 'JOSM']) {
    for (const form of [secret, Buffer.from(secret).toString('hex')]) assert.ok(!rows[0].row.includes(form));
  }
});

test('a use is noted', async () => {
  const { body } = await ask(athlete, 'POST', '/api/keys', { name: 'watched' });
  const noted = async () => (await listed(athlete)).find(({ id }) => id === body.id)?.lastUsedAt;
  assert.equal(await noted(), null);
  await keys.open(body.key);
  await keys.close();
  const first = await noted();
  assert.ok(first && Math.abs(first - Date.now() / 1000) < 600);
  // the same key again within a minute is not written again
  await keys.open(body.key);
  await keys.close();
  assert.equal(await noted(), first);
});

test('a revoked key opens nothing once that is confirmed, in a process that had just used it neither', async () => {
  const elsewhere = newKeys();
  const { body } = await ask(athlete, 'POST', '/api/keys', { name: 'lost phone' });
  for (const process of [keys, elsewhere]) assert.equal(await process.open(body.key), athlete.id);
  assert.equal((await ask(athlete, 'DELETE', `/api/keys/${body.id}`)).status, 204);
  for (const process of [keys, elsewhere]) assert.equal(await process.open(body.key), null);
  assert.equal((await ask(athlete, 'DELETE', `/api/keys/${body.id}`)).status, 404);
  await elsewhere.close();
});

test('a key is renamed and revoked by its owner alone; to others it does not exist', async () => {
  const { body } = await ask(athlete, 'POST', '/api/keys', { name: 'before' });
  const path = `/api/keys/${body.id}`;
  const unknown = await ask(other, 'DELETE', '/api/keys/999999');
  assert.equal(unknown.status, 404);
  for (const answer of [
    await ask(other, 'DELETE', path),
    await ask(other, 'PATCH', path, { name: 'mine' }),
  ]) {
    assert.equal(answer.status, 404);
    assert.deepEqual(answer.body, unknown.body);
  }
  assert.equal(await keys.open(body.key), athlete.id);
  assert.equal((await ask(athlete, 'PATCH', path, { name: 'after' })).status, 204);
  assert.equal((await listed(athlete)).find(({ id }) => id === body.id)?.name, 'after');
  for (const [method, url] of [
    ['GET', '/api/keys'],
    ['DELETE', path],
  ] as const) {
    assert.equal((await ask(null, method, url)).status, 401);
  }
});

test('names that are none are refused, and there are no more keys than there may be', async () => {
  for (const payload of [{}, { name: '' }, { name: '  ' }, { name: 'x'.repeat(101) }]) {
    const { status, body } = await ask(athlete, 'POST', '/api/keys', payload);
    assert.deepEqual([status, body.error.code], [400, 'bad_request']);
  }
  const crowded = await testAthlete(database.db);
  for (let at = 0; at < MOST_KEYS; at++) await keys.create(crowded.id, String(at));
  const { status, body } = await ask(crowded, 'POST', '/api/keys', { name: 'one more' });
  assert.deepEqual([status, body.error.code], [409, 'too_many']);
});

test('keys are not made by the hundred', async () => {
  const answers = await Promise.all(
    Array.from({ length: 25 }, () => ask(other, 'POST', '/api/keys', { name: 'again' })),
  );
  assert.ok(answers.some(({ status }) => status === 429));
});

test('whoever is deleted while they make a key is nobody', async () => {
  await assert.rejects(keys.create('424242', 'QGIS'), UnknownAthlete);
});
