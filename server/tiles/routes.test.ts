import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { after, before, test } from 'node:test';
import Fastify, { type FastifyReply } from 'fastify';
import { PALETTES, palette } from '../heat/palette.ts';
import { EMPTY_TILE, readTone } from '../heat/png.ts';
import { handleError } from '../http/errors.ts';
import { EVERYTHING } from '../index/filter.ts';
import { testAthlete, testDatabase } from '../testing/database.ts';
import { sampleActivity, seeded, tileAt } from '../testing/sample-activities.ts';
import type { Athlete } from '../testing/store-activities.ts';
import { storeActivity } from '../testing/store-activities.ts';
import { testTiles } from '../testing/tile-service.ts';
import { until } from '../testing/until.ts';
import type { Render } from './render-queue.ts';
import { tileRoutes } from './routes.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let athlete: Athlete;

before(async () => {
  database = await testDatabase();
  athlete = await testAthlete(database.db);
  const random = seeded(31);
  for (let at = 0; at < 25; at++) await storeActivity(database.db, athlete, sampleActivity('', random));
});
after(() => database.drop());

async function open(
  t: TestContext,
  render?: Render,
  { queueLimit, arrived }: { queueLimit?: number; arrived?(reply: FastifyReply): Promise<void> } = {},
) {
  const parts = await testTiles(t, {
    db: database.db,
    athletes: [athlete],
    render,
    queueLimit,
    concurrency: 1,
  });
  const app = Fastify();
  app.setErrorHandler(handleError);
  app.decorateRequest('athleteId', '');
  await app.register(tileRoutes, {
    tiles: parts.tiles,
    publicUrl: 'https://heat.example',
    openKey: async () => null,
    fromStrava: async () => false,
    requireAthlete: async (request, reply) => {
      request.athleteId = athlete.id;
      await arrived?.(reply);
    },
  });
  t.after(() => app.close());
  return { app, ...parts };
}

const pathOf = (z: number) => {
  const { x, y } = tileAt(z, () => 0.5);
  return `/tiles/me/${z}/${x}/${y}`;
};

test('a tile is a PNG of its size, private, with an ETag', async (t) => {
  const { app } = await open(t);
  for (const [suffix, size] of [
    ['.png', 256],
    ['@2x.png', 512],
  ] as const) {
    const { statusCode, headers, rawPayload } = await app.inject(pathOf(12) + suffix);
    assert.equal(statusCode, 200);
    assert.equal(headers['content-type'], 'image/png');
    assert.equal(headers['cache-control'], 'private, no-cache');
    assert.equal(headers.vary, 'Cookie');
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
    assert.match(String(headers.etag), /^"[\w.-]+"$/);
    assert.equal(rawPayload.readUInt32BE(16), size);
    assert.ok(rawPayload.includes('PLTE') && rawPayload.includes('tRNS'));
    assert.ok(readTone(rawPayload).some((tone) => tone > 0));
  }
});

test('another colour or exposure is another ETag over the same pixels', async (t) => {
  const { app, tiles } = await open(t);
  const looks = ['', '?color=glacier', '?hot=8', '?hot=64', '?gradient=000000;ff0000;ffffff'];
  const answers = await Promise.all(looks.map((look) => app.inject(`${pathOf(12)}.png${look}`)));
  const [first, ...others] = answers;
  for (const { statusCode, headers, rawPayload } of others) {
    assert.equal(statusCode, 200);
    assert.deepEqual(readTone(rawPayload), readTone(first.rawPayload));
    assert.notDeepEqual(rawPayload, first.rawPayload);
    assert.notEqual(headers.etag, first.headers.etag);
  }
  assert.equal(new Set(answers.map(({ headers }) => headers.etag)).size, looks.length);
  const pictures = tiles.figures().tiles.render;
  await app.inject(`${pathOf(12)}.png?color=orchid`);
  assert.equal(tiles.figures().tiles.render, pictures);
});

test('a known ETag is answered 304 without touching a pixel', async (t) => {
  let renders = 0;
  const { app, tiles, indexes } = await open(t, async () => {
    renders++;
    throw new Error('nothing should be drawn');
  });
  // with the exposure pinned an address and a palette are all it takes
  const tile = tileAt(13, () => 0.5);
  const address = await tiles.address({
    athleteId: athlete.id,
    geometry: 'own',
    tile,
    size: 256,
    filter: EVERYTHING,
  });
  const etag = `"${address}.${palette(PALETTES.fire, 16).id}"`;
  for (const known of [etag, `W/${etag}`, `"other", W/"more", ${etag}`, '*']) {
    for (const method of ['GET', 'HEAD'] as const) {
      const answer = await app.inject({
        method,
        url: `${pathOf(13)}.png?hot=16`,
        headers: { 'if-none-match': known },
      });
      assert.equal(answer.statusCode, 304, known);
      assert.equal(answer.headers.etag, etag);
      assert.equal(answer.rawPayload.length, 0);
    }
  }
  assert.equal(renders, 0);
  assert.ok(indexes.figures().athletes > 0);
  const other = await app.inject({
    url: `${pathOf(13)}.png?hot=16`,
    headers: { 'if-none-match': '"other"' },
  });
  assert.equal(other.statusCode, 500);
});

test('a known ETag of an automatic exposure is answered without drawing again', async (t) => {
  const { app, tiles } = await open(t);
  const url = `${pathOf(13)}.png`;
  const { headers } = await app.inject(url);
  const { render } = tiles.figures().tiles;
  const again = await app.inject({ url, headers: { 'if-none-match': String(headers.etag) } });
  assert.deepEqual([again.statusCode, again.rawPayload.length], [304, 0]);
  const found = tiles.figures().tiles;
  assert.deepEqual([found.render, found.memory], [render, 0], 'nor was a tile looked up');
});

test('HEAD tells what GET would, without the bytes', async (t) => {
  const { app } = await open(t);
  const get = await app.inject(`${pathOf(11)}.png`);
  const head = await app.inject({ method: 'HEAD', url: `${pathOf(11)}.png` });
  assert.equal(head.statusCode, 200);
  assert.equal(head.headers.etag, get.headers.etag);
  assert.equal(head.headers['content-length'], String(get.rawPayload.length));
  assert.equal(head.rawPayload.length, 0);
});

test('no heat is the shared transparent tile; of a sport that nobody has heard of there is none', async (t) => {
  const { app } = await open(t);
  for (const path of [
    '/tiles/me/10/3/3.png',
    '/tiles/me/0/0/0.png?sport=Sail',
    '/tiles/me/0/0/0.png?sport=Quidditch',
    '/tiles/me/9/1/1@2x.png',
  ]) {
    const { statusCode, rawPayload, headers } = await app.inject(path);
    assert.equal(statusCode, 200);
    assert.deepEqual(rawPayload, EMPTY_TILE);
    const again = await app.inject({ url: path, headers: { 'if-none-match': String(headers.etag) } });
    assert.equal(again.statusCode, 304);
  }
});

test('malformed is 400, out of range is 404', async (t) => {
  const { app } = await open(t);
  const faults: [number, string][] = [
    [400, '/tiles/me/a/0/0.png'],
    [400, '/tiles/me/1.5/0/0.png'],
    [400, '/tiles/me/1e1/0/0.png'],
    [400, '/tiles/me/01/0/0.png'],
    [400, '/tiles/me/1/0/0.jpg'],
    [400, '/tiles/me/1/0/0@3x.png'],
    [400, '/tiles/me/1/%200/0.png'],
    [400, '/tiles/me/1/0%00/0.png'],
    [400, '/tiles/me/1/0%2F0/0.png'],
    [400, '/tiles/me/1/+1/0.png'],
    [400, '/tiles/me/1/-0/0.png'],
    [400, '/tiles/me/0x1/0/0.png'],
    [400, '/tiles/me/1/%D9%A1/0.png'],
    [400, `/tiles/me/1/${'9'.repeat(100)}/0.png`],
    [400, '/tiles/me/1/0/00.png'],
    [400, '/tiles/me/1/0/0@2x@2x.png'],
    [400, '/tiles/me/1/0/0%2e0.png'],
    [400, '/tiles/me/1/0/0.png?hot=0'],
    [400, '/tiles/me/1/0/0.png?hot=-1'],
    [400, '/tiles/me/1/0/0.png?hot=1e9'],
    [400, '/tiles/me/1/0/0.png?hot=warm'],
    [400, '/tiles/me/1/0/0.png?color=nobody'],
    [400, '/tiles/me/1/0/0.png?color=__proto__'],
    [400, '/tiles/me/1/0/0.png?gradient=notacolour'],
    [400, `/tiles/me/1/0/0.png?gradient=${'000000;'.repeat(2000)}`],
    [400, `/tiles/me/1/0/0.png?gradient=${'f'.repeat(10_000)}`],
    [400, '/tiles/me/1/0/0.png?from=2023-02-30'],
    [400, '/tiles/me/1/0/0.png?from=2023-13-01'],
    [400, '/tiles/me/1/0/0.png?to=tomorrow'],
    [400, '/tiles/me/1/0/0.png?sport=Ride,;drop'],
    [400, `/tiles/me/1/0/0.png?sport=${Array.from({ length: 65 }, (_, at) => `Sport${at}`)}`],
    [400, '/tiles/me/1/0/0.png?from=2024-02-02&to=2024-01-01'],
    [400, '/tiles/me/1/0/0.png?commute=perhaps'],
    [404, '/tiles/me/1/2/0.png'],
    [404, '/tiles/me/1/0/2.png'],
    [404, '/tiles/me/1/-1/0.png'],
    [404, '/tiles/me/1/%2D1/0.png'],
    [404, '/tiles/me/1/0/-1.png'],
    [404, '/tiles/me/1/0/-1@2x.png'],
    [404, '/tiles/me/-1/0/0.png'],
    [404, '/tiles/me/21/0/0.png'],
    [404, '/tiles/me/0/999999999999/0.png'],
  ];
  for (const [status, path] of faults) {
    const { statusCode, body } = await app.inject(path);
    assert.equal(statusCode, status, `${path} ${body}`);
    assert.equal(JSON.parse(body).error.code, status === 400 ? 'bad_request' : 'not_found', path);
  }
});

test('filters narrow the tile', async (t) => {
  const { app } = await open(t);
  const sum = async (query: string) => {
    const { rawPayload } = await app.inject(`${pathOf(11)}.png?hot=8&${query}`);
    return readTone(rawPayload).reduce((total, tone) => total + tone, 0);
  };
  const all = await sum('');
  const rides = await sum('sport=Ride');
  assert.ok(rides > 0 && rides < all);
  assert.equal(await sum('sport=Run,Ride'), all);
  assert.ok((await sum('to=2021-12-31')) < all);
  assert.ok((await sum('commute=true')) < all);
});

test('a full queue is 503 with Retry-After', async (t) => {
  const { promise: never } = Promise.withResolvers<Uint8Array>();
  const { app } = await open(t, () => never, { queueLimit: 1 });
  const answers = [9, 10, 11].map((z) => app.inject(`${pathOf(z)}.png?hot=4`));
  const { statusCode, headers, body } = await Promise.race(answers);
  assert.equal(statusCode, 503);
  assert.ok(Number(headers['retry-after']) >= 1);
  assert.equal(JSON.parse(body).error.code, 'busy');
});

test('a client that goes away cancels its queued render', async (t) => {
  const { promise: never } = Promise.withResolvers<Uint8Array>();
  const { app, tiles } = await open(t, () => never);
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const ask = (z: number) => {
    const asked = httpRequest({ port, path: `${pathOf(z)}.png?hot=4` }).on('error', () => {});
    asked.end();
    return asked;
  };
  const drawing = ask(9);
  await until(() => tiles.figures().queue.running >= 1);
  const queued = ask(10);
  await until(() => tiles.figures().queue.waiting >= 1);
  queued.destroy();
  await until(() => tiles.figures().queue.waiting === 0);
  drawing.destroy();
  await until(() => tiles.figures().inFlight === 0);
});

test('for a client that has gone before its tile was looked for, none is drawn', async (t) => {
  let gone = false;
  let renders = 0;
  const { app, tiles } = await open(
    t,
    async () => {
      renders++;
      return EMPTY_TILE;
    },
    {
      arrived: async ({ raw }) => {
        if (gone) return;
        const closed = once(raw, 'close');
        asked.destroy();
        await closed;
        gone = true;
      },
    },
  );
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const asked = httpRequest({ port, path: `${pathOf(9)}.png?hot=4` }).on('error', () => {});
  asked.end();
  // it was counted as a request, which comes before drawing
  await until(() => tiles.figures().requests[9] === 1);
  // a later one is answered: the earlier would have been drawn before it
  assert.equal((await app.inject(`${pathOf(10)}.png?hot=4`)).statusCode, 200);
  assert.equal(renders, 1);
});

test('TileJSON names the template, the bounds, the exposures, and where most of it is', async (t) => {
  const { app } = await open(t);
  const { statusCode, body } = await app.inject('/tiles/me/tile.json?sport=Ride&color=aurora');
  assert.equal(statusCode, 200);
  const json = JSON.parse(body);
  assert.equal(json.tilejson, '3.0.0');
  assert.deepEqual(json.tiles, ['https://heat.example/tiles/me/{z}/{x}/{y}.png?sport=Ride&color=aurora']);
  assert.equal(json.exposure.length, 21);
  const [west, south, east, north] = json.bounds;
  assert.ok(west < 11.25 && 11.25 < east && south < 47.98 && 47.98 < north);
  assert.deepEqual([json.minzoom, json.maxzoom], [0, 20]);
  const [lng, lat, zoom] = json.center;
  assert.ok(west <= lng && lng <= east && south <= lat && lat <= north && zoom >= 0 && zoom <= 20);
  const [homeLng, homeLat] = json.home;
  assert.ok(Math.abs(homeLng - 11.25) < 0.1 && Math.abs(homeLat - 47.98) < 0.1, 'where most of it is');
});
