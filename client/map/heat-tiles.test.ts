import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { type Heat, HeatTiles, TileRefused, tilePath } from './heat-tiles.ts';

const heat: Heat = {
  query: 'sport=Ride&color=fire',
  exposure: Array.from({ length: 21 }, (_, zoom) => 100 + zoom),
  light: 0,
  opacity: 1,
  revision: '1',
};

let origin: string;
/** Requests that wait for an answer. */
let waiting: { url: string; response: ServerResponse }[] = [];
let arrived: () => void = () => undefined;

const server = createServer((request, response) => {
  waiting.push({ url: request.url ?? '', response });
  arrived();
});

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  waiting = [];
});

after(() => server.close());

/** The n-th request, as soon as it is there. */
async function request(n: number) {
  while (waiting.length <= n) await new Promise<void>((resolve) => (arrived = resolve));
  return waiting[n];
}

function tiles(onSignedOut = () => undefined) {
  const made = new HeatTiles(origin, onSignedOut);
  made.use(heat);
  return made;
}

const text = (png: ArrayBuffer) => Buffer.from(png).toString();
const { signal } = new AbortController();

test('all tiles of a zoom are drawn with one exposure, that of the zoom', () => {
  assert.equal(
    tilePath('12/2180/1421@2x', heat),
    '/tiles/me/12/2180/1421@2x.png?sport=Ride&color=fire&hot=112',
  );
  assert.equal(tilePath('0/0/0', { ...heat, light: 1 }), '/tiles/me/0/0/0.png?sport=Ride&color=fire&hot=50');
});

test('a load that is overtaken by another look ends with that look', async () => {
  const some = tiles();
  const png = some.load('1/0/0', signal);
  const first = await request(0);
  some.use({ ...heat, query: 'color=glacier' });
  const second = await request(1);
  assert.match(second.url, /color=glacier/);
  second.response.end('glacier');
  first.response.end('fire');
  assert.equal(text(await png), 'glacier');
});

test('a busy server is asked again', { timeout: 10_000 }, async () => {
  const png = tiles().load('1/0/0', signal);
  (await request(0)).response.writeHead(503).end();
  (await request(1)).response.end('late');
  assert.equal(text(await png), 'late');
});

test('nobody signed in is told once, and the tile is not asked for again', async () => {
  let told = 0;
  const png = tiles(() => void told++).load('1/0/0', signal);
  (await request(0)).response.writeHead(401).end();
  await assert.rejects(png, TileRefused);
  assert.equal(told, 1);
  assert.equal(waiting.length, 1);
});

test('a tile that left the view is let go', async () => {
  const gone = new AbortController();
  const png = tiles().load('1/0/0', gone.signal);
  await request(0);
  gone.abort();
  await assert.rejects(png, { name: 'AbortError' });
});
