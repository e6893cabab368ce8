import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { createCanvas } from '@napi-rs/canvas';
import type { Browser, Page } from 'playwright-core';
import { outingAlong, type SharingServer, sharingServer } from '../server/testing/sharing.ts';
import { until } from '../server/testing/until.ts';
import { assertAccessible, hold, launch, type Watched, watch } from './testing/browser.ts';
import { WORDS } from './words.ts';

const HOME = { lng: 11.25, lat: 47.98 };
/** Small, as software draws it. */
const SCREEN = { viewport: { width: 1000, height: 700 } };

let browser: Browser;
/** Somebody else's map, and what was asked of it. */
let other: Server;
let otherOrigin: string;
let asked: string[] = [];
let isAway = false;
const servers: SharingServer[] = [];

before(async () => {
  other = createServer((request, response) => {
    const { url = '' } = request;
    asked.push(url);
    response.setHeader('access-control-allow-origin', '*');
    const answer = isAway ? undefined : answers()[url.replace(/^\/\d+\/\d+\/\d+\.png$/, '/tile.png')];
    if (!answer) return response.writeHead(404).end();
    response.setHeader('content-type', Buffer.isBuffer(answer) ? 'image/png' : 'application/json');
    response.end(Buffer.isBuffer(answer) ? answer : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  otherOrigin = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await Promise.all(servers.map((server) => server.close()));
  other?.close();
});

/** A style of a plain ground and one sign, at home, where a ride passes below it; or tiles of one colour. */
function answers(): Record<string, Buffer | object> {
  const sign = {
    type: 'Feature',
    properties: {},
    geometry: { type: 'Point', coordinates: [HOME.lng, HOME.lat] },
  };
  return {
    '/style.json': {
      version: 8,
      sprite: `${otherOrigin}/sprite`,
      sources: { signs: { type: 'geojson', data: sign, attribution: '© Somebody' } },
      layers: [
        { id: 'ground', type: 'background', paint: { 'background-color': '#102040' } },
        {
          id: 'signs',
          type: 'symbol',
          source: 'signs',
          layout: { 'icon-image': 'sign', 'icon-allow-overlap': true },
        },
      ],
    },
    '/sprite.json': { sign: { x: 0, y: 0, width: 32, height: 32, pixelRatio: 1 } },
    '/sprite.png': square(32, '#00ff00'),
    '/tile.png': square(256, '#ffffff'),
  };
}

function square(side: number, colour: string): Buffer {
  const canvas = createCanvas(side, side);
  const context = canvas.getContext('2d');
  context.fillStyle = colour;
  context.fillRect(0, 0, side, side);
  return canvas.toBuffer('image/png');
}

/** A page at home, with the map below that these settings name. */
async function openWith(env: NodeJS.ProcessEnv): Promise<Watched & { server: SharingServer }> {
  const server = await sharingServer(env);
  servers.push(server);
  const along: [number, number][] = [
    [-3000, 0],
    [3000, 0],
  ];
  await server.add([1.6e9, 1.61e9].map((startedAt) => outingAlong(HOME, along, { startedAt })));
  const watched = await watch(browser, SCREEN);
  await watched.page.goto(await server.app.signInLink());
  await watched.page.goto(`${server.origin}/?map=15/${HOME.lat}/${HOME.lng}`);
  await watched.page.getByRole('figure').waitFor();
  return { ...watched, server };
}

/** Red, green and blue so many pixels east and north of home, as they are seen. */
async function colourAt(page: Page, east: number, north: number): Promise<number[]> {
  const [left, bottom] = await page.evaluate(() =>
    ['--room-left', '--room-bottom'].map((name) =>
      Number.parseFloat(document.documentElement.style.getPropertyValue(name)),
    ),
  );
  const { width, height } = page.viewportSize()!;
  const at = [Math.round((left + width) / 2) + east, Math.round((height - bottom) / 2) - north];
  const picture = (await page.screenshot()).toString('base64');
  return page.evaluate(
    async ([png, x, y]) => {
      const bytes = Uint8Array.from(atob(png as string), (letter) => letter.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes]));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
      context.drawImage(bitmap, 0, 0);
      return [...context.getImageData(x as number, y as number, 1, 1).data.slice(0, 3)];
    },
    [picture, ...at] as const,
  );
}

/** Waits until a place has a colour, of which each part may be off by some. */
async function untilColour(page: Page, [east, north]: [number, number], is: (rgb: number[]) => boolean) {
  await until(async () => is(await colourAt(page, east, north)));
}

const isNear = (wanted: number[]) => (rgb: number[]) =>
  rgb.every((part, at) => Math.abs(part - wanted[at]) < 24);
const isHeat = ([red, , blue]: number[]) => red > 120 && red > blue + 60;

test('somebody’s style lies below the heat, its signs above it, its credit at the edge', async () => {
  const { page, assertSound, server } = await openWith({ BASEMAP_STYLE_URL: `${otherOrigin}/style.json` });
  await untilColour(page, [0, 60], isNear([0x10, 0x20, 0x40]));
  await untilColour(page, [40, 0], isHeat);
  await untilColour(page, [0, 0], isNear([0, 255, 0]));
  await page.getByText('© Somebody').waitFor();
  await assertAccessible(page);

  // played, it lies there too: held before a month that does not come, and at the end
  const { letGo } = await hold(page, /\/tiles\/me\/.*to=2020-12-31/);
  await page.getByRole('button', { name: WORDS.play }).click();
  await page.getByText('Sept 2020 – Nov 2020').waitFor();
  await untilColour(page, [40, 0], isHeat);
  await untilColour(page, [0, 0], isNear([0, 255, 0]));
  await untilColour(page, [0, 60], isNear([0x10, 0x20, 0x40]));
  letGo();
  await page.getByRole('button', { name: WORDS.play }).waitFor();
  await untilColour(page, [40, 0], isHeat);

  await page.getByText(WORDS.bases.none, { exact: true }).click();
  await page.waitForURL(/base=none/);
  await untilColour(page, [40, 0], isHeat);
  await untilColour(page, [0, 0], isHeat);
  await page.getByText('© Somebody').waitFor({ state: 'hidden' });
  await page.getByText(WORDS.bases.land, { exact: true }).click();
  await page.getByText('Natural Earth').waitFor();
  await untilColour(page, [0, 0], isHeat);
  assertSound(server.origin, [otherOrigin]);

  // who comes back to it while it is away has the bundled map
  isAway = true;
  await page.getByText(WORDS.bases.own, { exact: true }).click();
  await page.getByText(WORDS.basemapGone).waitFor();
  await untilColour(page, [0, 0], isHeat);
  isAway = false;
});

test('tiles by a template lie below the heat, with the credit that is set', async () => {
  asked = [];
  const { page, assertSound, server } = await openWith({
    BASEMAP_STYLE_URL: `${otherOrigin}/{z}/{x}/{y}.png`,
    BASEMAP_ATTRIBUTION: '© The Tilers',
  });
  // dimmed, so that the heat is what shines
  await untilColour(page, [0, 60], isNear([0x66, 0x66, 0x66]));
  await untilColour(page, [0, 0], isHeat);
  await page.getByText('© The Tilers').waitFor();
  assert.ok(asked.some((url) => /^\/1[56]\/\d+\/\d+\.png$/.test(url)));
  assertSound(server.origin, [otherOrigin]);
});
