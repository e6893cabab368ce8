import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { groundDistance } from '../geo/ground.ts';
import { latToWorldY, lngToWorldX } from '../geo/mercator.ts';
import { outingAlong, type SharingServer, sharingServer } from '../testing/sharing.ts';
import { MOST_ZONES } from './zones.ts';

const HOME = { lng: 11.25, lat: 47.98 };
const WORK = { lng: 11.3, lat: 48.01 };
/** On the 180th meridian, where lines go on at the other edge of the map. */
const ISLAND = { lng: 179.999, lat: -16.8 };

let server: SharingServer;

before(async () => {
  server = await sharingServer();
  const day = (at: number) => ({ startedAt: 1.6e9 + at * 86_400 });
  await server.ask('PATCH', '/api/me/privacy', { hideFirst: 0, hideLast: 0 });
  await server.add([
    // four begin or end at home, three at work, one somewhere else
    ...[0, 1, 2].map((at) =>
      outingAlong(
        { lng: HOME.lng + at * 1e-4, lat: HOME.lat },
        [
          [0, 0],
          [1500, 1500 + at * 400],
          [3728, 3336],
        ],
        day(at),
      ),
    ),
    outingAlong(
      HOME,
      [
        [0, 0],
        [-4000, 0],
        [-3000, 2500],
      ],
      day(3),
    ),
    outingAlong(
      ISLAND,
      [
        [-2000, 0],
        [2500, 100],
      ],
      day(4),
    ),
  ]);
});
after(() => server.close());

const refusal = async (method: string, path: string, body: object) => {
  const answer = await server.ask(method, path, body);
  return [answer.status, answer.body?.error?.code];
};

test('places where many activities begin or end are suggested, until a zone is there', async () => {
  const suggested = async () => (await server.ask('GET', '/api/zones/suggestions')).body.suggestions;
  const [first, second, ...others] = await suggested();
  assert.deepEqual(others, []);
  assert.deepEqual([first.activities, second.activities], [4, 3]);
  for (const [{ lng, lat, radius }, place] of [
    [first, HOME],
    [second, WORK],
  ]) {
    const away = groundDistance(
      lngToWorldX(lng),
      latToWorldY(lat),
      lngToWorldX(place.lng),
      latToWorldY(place.lat),
    );
    assert.ok(away < 100, `${away} m away`);
    assert.equal(radius, 200);
  }
  const { activities: _, ...place } = first;
  const made = await server.ask('POST', '/api/zones', { name: 'home', ...place });
  assert.equal(made.status, 201);
  assert.deepEqual(await suggested(), [second]);
  await server.ask('DELETE', `/api/zones/${made.body.id}`);
});

test('a zone or ends that cannot be are refused, and nothing changes', async () => {
  const zone = { name: 'home', ...HOME, radius: 200 };
  const { body } = await server.ask('POST', '/api/zones', zone);
  const before = (await server.ask('GET', '/api/zones')).body;
  for (const wrong of [
    { radius: 99 },
    { radius: 5001 },
    { radius: 'wide' },
    { lat: 90.1 },
    { lng: -180.1 },
    { lng: null },
    { lat: '48' },
    { name: '' },
    { name: ' ' },
    { name: 'x'.repeat(101) },
  ]) {
    assert.deepEqual(await refusal('POST', '/api/zones', { ...zone, ...wrong }), [400, 'bad_request']);
    assert.deepEqual(await refusal('PATCH', `/api/zones/${body.id}`, wrong), [400, 'bad_request']);
  }
  assert.deepEqual(await refusal('PATCH', `/api/zones/${body.id}`, {}), [400, 'bad_request']);
  assert.deepEqual(await refusal('PATCH', '/api/zones/999999', { radius: 300 }), [404, 'not_found']);
  for (const wrong of [{ hideFirst: -1 }, { hideLast: 5001 }, { hideFirst: 'all' }, {}]) {
    assert.deepEqual(await refusal('PATCH', '/api/me/privacy', wrong), [400, 'bad_request']);
  }
  assert.deepEqual((await server.ask('GET', '/api/zones')).body, before);
  assert.deepEqual((await server.ask('GET', '/api/me/privacy')).body, { hideFirst: 0, hideLast: 0 });
  await server.ask('DELETE', `/api/zones/${body.id}`);
});

test('zones about the poles and across the 180th meridian hide what is there, and disturb nothing else', async () => {
  const { key } = await server.share();
  const bounds = async () => (await server.ask('GET', `/tiles/token/${key}/tile.json`, null, {})).body.bounds;
  await server.published();
  const shown = (await server.ask('GET', '/api/sharing')).body.shown;
  assert.deepEqual([shown, (await bounds())[0] < -179.9], [5, true]);
  const made = await Promise.all(
    [
      { lng: 0, lat: 90 },
      { lng: 77, lat: -90 },
      { lng: 180, lat: 85.06 },
      { lng: -180, lat: -84.99 },
      { lng: -12, lat: 89.97 },
    ].map((place) => server.ask('POST', '/api/zones', { name: 'far', ...place, radius: 5000 })),
  );
  assert.deepEqual(
    made.map(({ status }) => status),
    [201, 201, 201, 201, 201],
  );
  await server.published();
  assert.equal((await server.ask('GET', '/api/sharing')).body.shown, 5);
  // from the other side of the meridian
  const island = { name: 'island', lng: -179.9995, lat: ISLAND.lat, radius: 5000 };
  assert.equal((await server.ask('POST', '/api/zones', island)).status, 201);
  await server.published();
  const { shown: left, withinHidden } = (await server.ask('GET', '/api/sharing')).body;
  assert.deepEqual([left, withinHidden], [4, 1]);
  const [west, , east] = await bounds();
  assert.ok(west > 0 && east < 12, 'nothing of it is left on either side');
});

test('ten thousand zones are not made', async () => {
  const { zones, most } = (await server.ask('GET', '/api/zones')).body;
  assert.equal(most, MOST_ZONES);
  const zone = { name: 'one more', ...WORK, radius: 100 };
  const asked = await Promise.all(
    Array.from({ length: MOST_ZONES }, () => server.ask('POST', '/api/zones', zone)),
  );
  const made = asked.filter(({ status }) => status === 201);
  assert.equal(made.length, MOST_ZONES - zones.length);
  const refused = asked.filter(({ status }) => status !== 201);
  for (const { status, body } of refused) {
    assert.deepEqual([status, body.error.code, body.error.details], [409, 'too_many', { most: MOST_ZONES }]);
  }
});
