import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { loadImage } from '@napi-rs/canvas';
import Fastify, { type FastifyInstance } from 'fastify';
import { worldXToLng, worldYToLat } from '../geo/mercator.ts';
import { bounds } from '../geo/tile.ts';
import { HttpError, handleError } from '../http/errors.ts';
import { AthleteIndex } from '../index/athlete-index.ts';
import { sampleActivity, seeded, tileAt } from '../testing/sample-activities.ts';
import { until } from '../testing/until.ts';
import { renderTones } from '../tiles/render.ts';
import type { Poster } from './draw.ts';
import { posterRoutes } from './routes.ts';

const index = new AthleteIndex();
const random = seeded(5);
for (let id = 1; id <= 40; id++) index.add(sampleActivity(String(id), random));

const { minX, minY, maxX, maxY } = bounds(tileAt(12, () => 0.5));
const AREA = {
  west: worldXToLng(minX),
  south: worldYToLat(maxY),
  east: worldXToLng(maxX),
  north: worldYToLat(minY),
};
const SMALL = { ...AREA, paper: 'a5', dpi: 50, title: 'Home' };

const pathOf = (query: Record<string, unknown>) =>
  `/api/poster.png?${new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))}`;

async function open(t: TestContext, drawTones: Poster['drawTones'] = async (job) => renderTones(job)) {
  const app = Fastify({
    forceCloseConnections: true,
  }).withTypeProvider<TypeBoxTypeProvider>() as unknown as FastifyInstance;
  app.setErrorHandler(handleError);
  app.decorateRequest('athleteId', '');
  await app.register(posterRoutes, {
    requireAthlete: async (request: { athleteId: string; headers: Record<string, unknown> }) => {
      if (request.headers.stranger) throw new HttpError('signed_out');
      request.athleteId = '1';
    },
    indexOf: async () => index,
    sportsOf: async () => [
      { sport: 'Ride', count: 20 },
      { sport: 'Run', count: 20 },
    ],
    exposure: async () => 8,
    drawTones,
  });
  t.after(() => app.close());
  return app;
}

test('a poster has the size of its paper, and as many chunks as it says', async (t) => {
  const app = await open(t);
  for (const landscape of [false, true]) {
    const answer = await app.inject(pathOf({ ...SMALL, landscape }));
    assert.equal(answer.statusCode, 200);
    assert.equal(answer.headers['content-type'], 'image/png');
    assert.equal(answer.headers['cache-control'], 'no-store');
    const { width, height } = await loadImage(answer.rawPayload);
    assert.deepEqual([width, height], landscape ? [413, 291] : [291, 413]);
    assert.equal(
      answer.rawPayload.toString('latin1').split('IDAT').length - 1,
      Number(answer.headers['poster-bands']),
    );
  }
});

test('colours, theme and filter change it', async (t) => {
  const app = await open(t);
  const looks = [
    {},
    { theme: 'light' },
    { color: 'glacier' },
    { gradient: 'f00;0f0' },
    { hot: 3 },
    { sport: 'Run' },
    { by: 'sport' },
    { by: 'sport', sport: 'Run' },
  ];
  const bytes = new Set<string>();
  for (const look of looks) {
    const { statusCode, rawPayload } = await app.inject(pathOf({ ...SMALL, ...look }));
    assert.equal(statusCode, 200);
    bytes.add(rawPayload.toString('base64'));
  }
  assert.equal(bytes.size, looks.length);
  const named = await app.inject(pathOf({ ...SMALL, by: 'sport', color: 'glacier' }));
  assert.ok(bytes.has(named.rawPayload.toString('base64')), 'by sport, whatever colours are named');
});

test('what cannot be meant is refused before anything is drawn', async (t) => {
  const app = await open(t, async () => {
    throw new Error('nothing should be drawn');
  });
  for (const wrong of [
    { paper: 'a0' },
    { dpi: 1200 },
    { dpi: 'many' },
    { west: 190 },
    { south: 60, north: 50 },
    { title: 'x'.repeat(101) },
    { color: 'mud' },
    { gradient: 'mud' },
    { theme: 'grey' },
    { by: 'hour' },
    { from: '2024-02-30' },
  ]) {
    const answer = await app.inject(pathOf({ ...SMALL, ...wrong }));
    assert.equal(answer.statusCode, 400, JSON.stringify(wrong));
    assert.equal(answer.json().error.code, 'bad_request');
  }
  const { west: _, ...nowhere } = SMALL;
  assert.equal((await app.inject(pathOf(nowhere))).statusCode, 400);
});

test('nobody gets a poster who is not signed in', async (t) => {
  const app = await open(t);
  const answer = await app.inject({ url: pathOf(SMALL), headers: { stranger: '1' } });
  assert.equal(answer.statusCode, 401);
});

test('two are drawn at once; the others wait, and whoever goes away makes room', async (t) => {
  let drawing = 0;
  let most = 0;
  let begun = 0;
  const held = Promise.withResolvers<void>();
  const app = await open(t, async (job) => {
    begun++;
    most = Math.max(most, ++drawing);
    await held.promise;
    drawing--;
    return renderTones(job);
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const ask = async (query: object, signal: AbortSignal | null = null) => {
    const answer = await fetch(origin + pathOf({ ...SMALL, ...query }), { signal });
    return { status: answer.status, bytes: await answer.bytes() };
  };
  const leaving = [new AbortController(), new AbortController()];
  const PRINT = { paper: 'a4', dpi: 250 };
  const prints = [ask(PRINT, leaving[0].signal), ask(PRINT, leaving[1].signal)];
  const gone = Promise.all(prints.map((print) => assert.rejects(print)));
  await until(() => begun === 2);
  // they are in nobody's way who looks at a preview
  const previews = [ask({}), ask({})];
  await until(() => begun === 4);
  previews.push(ask({}), ask({}));
  const later = ask(PRINT);
  leaving[0].abort();
  await until(() => begun === 5);
  leaving[1].abort();
  await gone;
  held.resolve();
  const pictures = await Promise.all(previews);
  for (const { status, bytes } of pictures) {
    assert.equal(status, 200);
    assert.deepEqual(bytes, pictures[0].bytes);
  }
  assert.equal((await later).status, 200);
  // one was left while its square was being drawn, and another took its turn
  assert.ok(most <= 6, `${most} at once`);
});

test('a square that cannot be drawn breaks the answer off and makes room', async (t) => {
  let fail = true;
  const app = await open(t, async (job) => {
    if (fail) throw new Error('out of luck');
    return renderTones(job);
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  for (let time = 0; time < 4; time++) {
    await assert.rejects(fetch(origin + pathOf(SMALL)).then((answer) => answer.bytes()));
  }
  fail = false;
  const answer = await fetch(origin + pathOf(SMALL));
  assert.equal(answer.status, 200);
  assert.equal((await answer.bytes()).length > 1000, true);
});
