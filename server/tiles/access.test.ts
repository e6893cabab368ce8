import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { makeUrlKey } from '../athletes/url-keys.ts';
import { readTone } from '../heat/png.ts';
import { EVERYTHING } from '../index/filter.ts';
import { tileAt } from '../testing/sample-activities.ts';
import { testTileApp } from '../testing/tile-app.ts';

const WHOLE = makeUrlKey();
const RIDES = makeUrlKey();
const CHOOSY = makeUrlKey();
let app: FastifyInstance;
let close: () => Promise<void>;

before(async () => {
  ({ app, close } = await testTileApp({
    activities: 25,
    publicUrl: 'https://heat.example',
    maps(own) {
      const only = { ...EVERYTHING, sports: ['Ride'] };
      const rides = { ...own, name: 'Rides', only, look: { color: 'glacier' } };
      return { [WHOLE]: own, [RIDES]: { ...rides, mayAsk: 'nothing' }, [CHOOSY]: rides };
    },
  }));
});
after(() => close());

const { x, y } = tileAt(11, () => 0.5);
const me = (rest: string) => app.inject({ url: `/tiles/me/${rest}`, headers: { cookie: 'signed in' } });
const by = (key: string, rest: string) => app.inject(`/tiles/token/${key}/${rest}`);
const tile = (query = '') => `11/${x}/${y}.png?hot=8${query}`;

test('a key opens the same tiles as the session, for every site; the session none but to its own', async () => {
  const [mine, keyed] = [await me(tile()), await by(WHOLE, tile())];
  assert.equal(mine.statusCode, 200);
  assert.deepEqual(keyed.rawPayload, mine.rawPayload);
  assert.equal(keyed.headers.etag, mine.headers.etag);
  for (const answer of [
    keyed,
    await by(WHOLE, 'tile.json'),
    await by(makeUrlKey(), tile()),
    await by(WHOLE, 'x/0/0.png'),
  ]) {
    assert.equal(answer.headers['access-control-allow-origin'], '*');
    assert.equal(answer.headers['cross-origin-resource-policy'], 'cross-origin');
    assert.equal(answer.headers['cache-control'], 'private, no-cache');
    assert.equal(answer.headers.vary, undefined);
    assert.equal(answer.headers['access-control-allow-credentials'], undefined);
  }
  for (const answer of [mine, await me('tile.json'), await app.inject(`/tiles/me/${tile()}`)]) {
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
    assert.equal(answer.headers['cross-origin-resource-policy'], 'same-origin');
    assert.equal(answer.headers.vary, 'Cookie');
  }
});

test('without a session there is no map of mine, whatever key is known; with one, an unknown key opens none', async () => {
  assert.equal((await app.inject(`/tiles/me/${tile()}`)).statusCode, 401);
  const unknown = await app.inject({
    url: `/tiles/token/${makeUrlKey()}/${tile()}`,
    headers: { cookie: 'signed in' },
  });
  assert.equal(unknown.statusCode, 404);
  for (const key of ['me', 'x', `${WHOLE}0`, '__proto__', '%20']) {
    const answer = await by(key, tile());
    assert.equal(answer.statusCode, 404, key);
    assert.deepEqual(answer.json(), unknown.json());
  }
});

test('a map shows no more than it may, whatever is asked of it', async () => {
  const visits = async (answer: ReturnType<typeof by>) => {
    const { statusCode, rawPayload } = await answer;
    assert.equal(statusCode, 200);
    return readTone(rawPayload);
  };
  const rides = await visits(me(tile('&sport=Ride')));
  assert.notDeepEqual(await visits(me(tile())), rides);
  for (const key of [RIDES, CHOOSY]) assert.deepEqual(await visits(by(key, tile())), rides);
  // who may choose, chooses among those
  assert.deepEqual(await visits(by(CHOOSY, tile('&sport=Run,Ride'))), rides);
  assert.ok((await visits(by(CHOOSY, tile('&sport=Run')))).every((tone) => tone === 0));
  const commutes = await visits(me(tile('&sport=Ride&commute=true')));
  assert.notDeepEqual(commutes, rides);
  assert.deepEqual(await visits(by(CHOOSY, tile('&commute=true'))), commutes);
  // who may not is passed over, nonsense included
  for (const asked of [
    '&sport=Run',
    '&commute=true',
    '&from=2020-01-01&to=2020-01-02',
    '&from=never',
    '&virtual=true',
  ]) {
    assert.deepEqual(await visits(by(RIDES, tile(asked))), rides, asked);
  }
});

test('a map has colours of its own until others are asked for', async () => {
  const picture = async (answer: ReturnType<typeof by>) => (await answer).rawPayload;
  assert.deepEqual(await picture(by(RIDES, tile())), await picture(me(tile('&sport=Ride&color=glacier'))));
  assert.deepEqual(
    await picture(by(RIDES, tile('&color=orchid'))),
    await picture(me(tile('&sport=Ride&color=orchid'))),
  );
});

test('TileJSON leads back to the same map, with what was asked and counts', async () => {
  const query = '?sport=Run&color=aurora';
  const own = (await by(WHOLE, `tile.json${query}`)).json();
  assert.deepEqual(own.tiles, [`https://heat.example/tiles/token/${WHOLE}/{z}/{x}/{y}.png${query}`]);
  const rides = (await by(RIDES, `tile.json${query}`)).json();
  assert.deepEqual(rides.tiles, [`https://heat.example/tiles/token/${RIDES}/{z}/{x}/{y}.png?color=aurora`]);
  assert.equal(rides.name, 'Rides');
});
