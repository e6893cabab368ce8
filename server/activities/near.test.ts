import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { seal } from '../athletes/seal.ts';
import { footprintsOf } from '../database/footprint.ts';
import { latToWorldY, lngToWorldX, WORLD_SIZE, worldXToLng, worldYToLat } from '../geo/mercator.ts';
import { HttpError, handleError } from '../http/errors.ts';
import { IndexPool } from '../index/pool.ts';
import { testAthlete, testDatabase } from '../testing/database.ts';
import { geometryOf, PLACE, sampleActivity, seeded, UNITS_PER_METRE } from '../testing/sample-activities.ts';
import type { Athlete } from '../testing/store-activities.ts';
import { removeActivity, storeActivity, updateActivity } from '../testing/store-activities.ts';
import { idsWithin } from './near.ts';
import { nearRoutes } from './near-routes.ts';
import { activityRoutes } from './routes.ts';

const DAY = 86_400;
const START = Date.UTC(2024, 0, 1, 12) / 1000;
let database: Awaited<ReturnType<typeof testDatabase>>;
let app: FastifyInstance;
const athletes: Athlete[] = [];

before(async () => {
  database = await testDatabase();
  for (let at = 0; at < 3; at++) athletes.push(await testAthlete(database.db));
  const dataKey = async (athleteId: string) => athletes.find(({ id }) => id === athleteId)!.key;
  const { db } = database;
  const warn = (message: string) => assert.fail(message);
  app = Fastify();
  app.setErrorHandler(handleError);
  app.decorateRequest('athleteId', '');
  const indexes = new IndexPool({ db, dataKey, memoryLimit: 2 ** 28, warn });
  const stravaWebsite = 'https://strava.example';
  const requireAthlete = async (request: FastifyRequest) => {
    if (!request.headers.athlete) throw new HttpError('signed_out');
    request.athleteId = String(request.headers.athlete);
  };
  await app.register(nearRoutes, { db, indexes, dataKey, stravaWebsite, requireAthlete });
  await app.register(activityRoutes, {
    db,
    keyring: { dataKey },
    footprints: await footprintsOf(db),
    requireAthlete,
    idsWithin: (athleteId, box) => idsWithin(indexes, athleteId, box),
    home: async () => null,
    shareStravaApi: false,
    stravaWebsite,
    connection: async () => null,
  });
});
after(async () => {
  await app.close();
  await database.drop();
});

async function ask(who: Athlete | null, url: string) {
  const answer = await app.inject({ url, headers: who ? { athlete: who.id } : {} });
  return { status: answer.statusCode, body: answer.json(), headers: answer.headers };
}

/** A way of some hundred metres through PLACE or, moved by metres, north of it. */
async function walk(
  athlete: Athlete,
  day: number | null,
  { sport = 'Walk', north = 0 } = {},
): Promise<string> {
  const y = PLACE.y - north * UNITS_PER_METRE;
  const lines = [[PLACE.x - 30_000, y, PLACE.x, y, PLACE.x + 30_000, y + (day ?? 9) * 7]];
  const activity = { ...sampleActivity('', seeded(1)), ...geometryOf(lines), sport, commute: false };
  return storeActivity(database.db, athlete, {
    ...activity,
    startedAt: day === null ? null : START + day * DAY,
  });
}

const here = `lng=${worldXToLng(PLACE.x)}&lat=${worldYToLat(PLACE.y)}`;

test('what passes here is told the latest first, with its name and where Strava shows it', async () => {
  const [athlete, other] = athletes;
  const days = [3, 1, 4, 2];
  const ids = new Map<number, string>();
  for (const day of days) ids.set(day, await walk(athlete, day));
  const undated = await walk(athlete, null);
  const far = await walk(athlete, 5, { north: 500 });
  await walk(other, 6);
  const name = seal(athlete.key, Buffer.from('To the lake'), 'activity-name');
  await updateActivity(database.db, athlete, ids.get(4)!, { name, strava_id: '987', distance: 1234.5 });

  const { status, body, headers } = await ask(athlete, `/api/activities/near?${here}&zoom=15`);
  assert.equal(status, 200);
  assert.equal(headers['cache-control'], 'no-store');
  const order = [4, 3, 2, 1].map((day) => ids.get(day));
  assert.deepEqual(
    body.activities.map(({ id }: { id: string }) => id),
    [...order, undated],
  );
  assert.deepEqual(body.activities[0], {
    id: ids.get(4),
    name: 'To the lake',
    sport: 'Walk',
    startedAt: START + 4 * DAY,
    distance: 1234.5,
    link: 'https://strava.example/activities/987',
  });
  assert.deepEqual([body.activities[1].name, body.activities[1].link], [null, null]);
  assert.deepEqual([body.count, body.first, body.last], [5, START + DAY, START + 4 * DAY]);

  // the summary is of all, however few are listed
  const { body: one } = await ask(athlete, `/api/activities/near?${here}&zoom=15&limit=1`);
  assert.deepEqual(
    [one.count, one.first, one.last, one.activities.length],
    [5, START + DAY, START + 4 * DAY, 1],
  );

  // from far away the line 500 m further is within a finger's reach, from close by it is not
  for (const [zoom, count] of [
    [11, 6],
    [16, 5],
  ]) {
    assert.equal((await ask(athlete, `/api/activities/near?${here}&zoom=${zoom}&px=16`)).body.count, count);
  }
  const there = `lng=${worldXToLng(PLACE.x)}&lat=${worldYToLat(PLACE.y - 500 * UNITS_PER_METRE)}`;
  const { body: north } = await ask(athlete, `/api/activities/near?${there}&zoom=15`);
  assert.deepEqual(
    north.activities.map(({ id }: { id: string }) => id),
    [far],
  );
  const { body: nothing } = await ask(athlete, '/api/activities/near?lng=0&lat=0&zoom=10');
  assert.deepEqual(nothing, { count: 0, first: null, last: null, activities: [] });

  // what is deleted passes nowhere
  await removeActivity(database.db, athlete, ids.get(4)!);
  let count = 5;
  while (count === 5) count = (await ask(athlete, `/api/activities/near?${here}&zoom=15`)).body.count;
  assert.equal(count, 4);
});

test('the filter of the map is the filter of the list', async () => {
  const [, , athlete] = athletes;
  for (const [day, sport] of [
    [0, 'Run'],
    [1, 'Run'],
    [40, 'Ride'],
  ] as const) {
    await walk(athlete, day, { sport });
  }
  const count = async (query: string) =>
    (await ask(athlete, `/api/activities/near?${here}&zoom=15&${query}`)).body.count;
  assert.equal(await count(''), 3);
  assert.equal(await count('sport=Run'), 2);
  assert.equal(await count('from=2024-01-02'), 2);
  assert.equal(await count('from=2024-01-02&to=2024-01-31'), 1);
  assert.equal(await count('commute=true'), 0);
});

test('the list is of what runs through a box, across the antimeridian too', async () => {
  const athlete = await testAthlete(database.db);
  athletes.push(athlete);
  const [south, north] = [await walk(athlete, 0), await walk(athlete, 1, { north: 2000, sport: 'Run' })];
  const fiji = latToWorldY(-17);
  const lines = [
    [WORLD_SIZE - 1e5, fiji, WORLD_SIZE, fiji],
    [0, fiji, 1e5, fiji],
  ];
  const sailed = await storeActivity(database.db, athlete, {
    ...sampleActivity('', seeded(1)),
    ...geometryOf(lines),
    startedAt: START + 2 * DAY,
  });
  const lng = (metres: number) => worldXToLng(PLACE.x + metres * UNITS_PER_METRE);
  const lat = (metres: number) => worldYToLat(PLACE.y - metres * UNITS_PER_METRE);
  const box = (west: number, south: number, east: number, north: number) =>
    [lng(west), lat(south), lng(east), lat(north)].join();
  const listed = async (query: string) => {
    const { status, body } = await ask(athlete, `/api/activities?${query}`);
    assert.equal(status, 200, query);
    return body.activities.map(({ id }: { id: string }) => id);
  };
  assert.deepEqual(await listed(''), [sailed, north, south]);
  assert.deepEqual(await listed('bbox=-180,-90,180,90'), [sailed, north, south]);
  assert.deepEqual(await listed(`bbox=${box(-500, -500, 500, 500)}`), [south]);
  assert.deepEqual(await listed(`bbox=${box(-500, -500, 500, 2500)}`), [north, south]);
  assert.deepEqual(await listed(`bbox=${box(-500, -500, 500, 2500)}&sport=Run`), [north]);
  // through which nothing runs, though it lies between
  assert.deepEqual(await listed(`bbox=${box(-500, 500, 500, 1500)}`), []);
  assert.deepEqual(await listed('bbox=179.99,-18,-179.99,-16'), [sailed]);
  for (const bbox of ['', '1,2,3', 'a,b,c,d', '0,0,,1', '0,91,1,92', '0,1,1,0', '0,0,181,1', '1,0,1,1']) {
    const { status, body } = await ask(athlete, `/api/activities?bbox=${bbox}`);
    assert.deepEqual([status, body.error.details?.parameter], [400, 'bbox'], bbox);
  }
});

test('a track is its drawn lines, coarse from afar, and passes where it was found', async () => {
  const athlete = await testAthlete(database.db);
  athletes.push(athlete);
  const random = seeded(5);
  const ids: string[] = [];
  for (let at = 0; at < 6; at++)
    ids.push(await storeActivity(database.db, athlete, sampleActivity('', random)));
  for (const id of ids) {
    let points = 0;
    for (const zoom of [3, 10, 14, 20]) {
      const { status, body, headers } = await ask(athlete, `/api/activities/${id}/track?zoom=${zoom}`);
      assert.equal(status, 200);
      assert.equal(headers['cache-control'], 'no-store');
      assert.deepEqual([body.type, body.id, body.geometry.type], ['Feature', id, 'MultiLineString']);
      const positions: [number, number][] = body.geometry.coordinates.flat();
      assert.ok(body.geometry.coordinates.every((line: unknown[]) => line.length >= 2));
      assert.ok(positions.length >= points);
      points = positions.length;
      for (const [lng, lat] of positions.slice(0, 5)) {
        const { body: near } = await ask(athlete, `/api/activities/near?lng=${lng}&lat=${lat}&zoom=${zoom}`);
        assert.ok(
          near.activities.some((one: { id: string }) => one.id === id),
          `zoom ${zoom}`,
        );
        assert.ok(lngToWorldX(lng) >= 0 && latToWorldY(lat) >= 0);
      }
    }
  }
  const [mine] = ids;
  const unknown = await ask(athlete, '/api/activities/999999999/track?zoom=10');
  assert.equal(unknown.status, 404);
  assert.deepEqual((await ask(athletes[0], `/api/activities/${mine}/track?zoom=10`)).body, unknown.body);
});

test('questions that cannot be meant are refused, and nobody is told anything unasked', async () => {
  const [athlete] = athletes;
  for (const query of [
    'lng=1&lat=1',
    'lng=1&zoom=3',
    'lng=x&lat=1&zoom=3',
    'lng=1&lat=91&zoom=3',
    'lng=1e9&lat=1&zoom=3',
    'lng=1&lat=1&zoom=21',
    'lng=1&lat=1&zoom=2.5',
    'lng=1&lat=1&zoom=-1',
    'lng=1&lat=1&zoom=3&px=17',
    'lng=1&lat=1&zoom=3&limit=0',
    'lng=1&lat=1&zoom=3&from=2023-02-30',
    'lng=NaN&lat=1&zoom=3',
  ]) {
    const { status, body } = await ask(athlete, `/api/activities/near?${query}`);
    assert.deepEqual([status, body.error.code], [400, 'bad_request'], query);
  }
  assert.equal((await ask(athlete, '/api/activities/0/track?zoom=3')).status, 400);
  assert.equal((await ask(null, `/api/activities/near?${here}&zoom=3`)).status, 401);
  assert.equal((await ask(null, '/api/activities/1/track?zoom=3')).status, 401);
});
