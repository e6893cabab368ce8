import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { type GradientStop, PALETTES, parseGradient } from '../../server/heat/gradient.ts';
import { palette } from '../../server/heat/palette.ts';
import { colour, encodeTile } from '../../server/heat/png.ts';
import { HeatTiles, plainPath, type ShownLayer } from './heat-tiles.ts';
import { PlainTiles, TileRefused } from './plain-tiles.ts';

const layer: ShownLayer = {
  query: 'sport=Ride',
  stops: PALETTES.fire,
  exposure: Array.from({ length: 21 }, (_, zoom) => 100 + zoom),
  light: 0,
  tiles: '/tiles/me',
  revision: '1',
};

/** A tile of one tone, as the server answers it. */
const tile = (tone: number) => encodeTile(new Uint8Array(256 * 256).fill(tone), 256);
const coloured = (tone: number, stops: readonly GradientStop[], hot: number) =>
  Buffer.concat(colour(tile(tone), palette(stops, hot)));
const plain = (tone: number) => coloured(tone, PALETTES.fire, 2);

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
  const made = new HeatTiles(new PlainTiles(origin, onSignedOut));
  made.use(layer);
  return made;
}

const { signal } = new AbortController();

/** Asserts that a tile shows one tone in the colours of a layer. */
function assertShows(png: ArrayBuffer, tone: number, { stops, exposure }: ShownLayer, zoom: number) {
  assert.ok(Buffer.from(png).equals(coloured(tone, stops, exposure[zoom])));
}

test('tiles are asked for in one and the same colours, whatever they are shown in', () => {
  assert.equal(plainPath('12/2180/1421@2x', 'sport=Ride'), '/tiles/me/12/2180/1421@2x.png?sport=Ride&hot=2');
  assert.equal(plainPath('0/0/0', ''), '/tiles/me/0/0/0.png?hot=2');
  assert.equal(plainPath('0/0/0', '', '/tiles/public'), '/tiles/public/0/0/0.png?hot=2');
});

test('all tiles of a zoom are drawn with one exposure, that of the zoom', async () => {
  const some = tiles();
  const png = some.load('3/0/0', signal);
  (await request(0)).response.end(plain(80));
  assertShows(await png, 80, layer, 3);
});

test('other colours, and more light, ask for nothing', async () => {
  const some = tiles();
  const first = some.load('3/0/0', signal);
  (await request(0)).response.end(plain(80));
  await first;
  const other = { ...layer, stops: parseGradient('1:f00;9:ff0'), light: 1 };
  some.use(other);
  assertShows(await some.load('3/0/0', signal), 80, other, 3);
  assert.equal(waiting.length, 1);
});

test('colours that change while a tile is on its way are those it gets', async () => {
  const some = tiles();
  const png = some.load('1/0/0', signal);
  const { response } = await request(0);
  const other = { ...layer, stops: PALETTES.glacier };
  some.use(other);
  response.end(plain(90));
  assertShows(await png, 90, other, 1);
  assert.equal(waiting.length, 1);
});

test('a load that is overtaken by another choice of activities ends with that', async () => {
  const some = tiles();
  const png = some.load('1/0/0', signal);
  const first = await request(0);
  some.use({ ...layer, query: 'sport=Run' });
  const second = await request(1);
  assert.match(second.url, /sport=Run/);
  second.response.end(plain(9));
  first.response.end(plain(7));
  assertShows(await png, 9, layer, 1);
});

test('after a new activity tiles are asked for again', async () => {
  const some = tiles();
  const before = some.load('1/0/0', signal);
  (await request(0)).response.end(plain(7));
  await before;
  some.use({ ...layer, revision: '2' });
  const after = some.load('1/0/0', signal);
  (await request(1)).response.end(plain(8));
  assertShows(await after, 8, layer, 1);
});

test('however many want a tile, it is asked for once, and given up when the last has gone', async () => {
  const shared = new PlainTiles(origin, () => undefined);
  const one = new AbortController();
  const both = [shared.load('/a', '1', one.signal), shared.load('/a', '1', signal)];
  const { response } = await request(0);
  one.abort();
  await assert.rejects(both[0], { name: 'AbortError' });
  response.end('a');
  assert.equal(Buffer.from(await both[1]).toString(), 'a');
  assert.equal(waiting.length, 1);

  const last = new AbortController();
  const gone = shared.load('/b', '1', last.signal);
  const second = await request(1);
  const closed = new Promise((resolve) => second.response.once('close', resolve));
  last.abort();
  await assert.rejects(gone, { name: 'AbortError' });
  await closed;
});

test('a busy server is asked again', async () => {
  const png = tiles().load('1/0/0', signal);
  (await request(0)).response.writeHead(503).end();
  (await request(1)).response.end(plain(50));
  assertShows(await png, 50, layer, 1);
});

test('nobody signed in is told once, and the tile is not asked for again', async () => {
  let told = 0;
  const png = tiles(() => void told++).load('1/0/0', signal);
  (await request(0)).response.writeHead(401).end();
  await assert.rejects(png, TileRefused);
  assert.equal(told, 1);
  assert.equal(waiting.length, 1);
});
