import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { Browser, Route } from 'playwright-core';
import { outingAlong, type SharingServer, sharingServer } from '../server/testing/sharing.ts';
import { until } from '../server/testing/until.ts';
import { launch, type Watched, watch } from './testing/browser.ts';
import { COMMON } from './words/common.ts';
import { WORDS } from './words.ts';

const HOME = { lng: 11.25, lat: 47.98 };

let server: SharingServer;
let browser: Browser;
let isClosed = false;
let visit: Watched;
/** What happens to requests for tiles of heat. */
let answer: (route: Route) => Promise<unknown> = (route) => route.continue();

before(async () => {
  [server, browser] = await Promise.all([sharingServer(), launch()]);
  await server.add([
    outingAlong(HOME, [
      [-3000, 0],
      [3000, 0],
    ]),
  ]);
  visit = await watch(browser, { viewport: { width: 800, height: 600 } });
  await visit.page.route(/\/tiles\/me\/\d+\//, (route) => answer(route));
  await visit.page.goto(await server.app.signInLink());
});

after(async () => {
  await browser?.close();
  if (!isClosed) await server?.close();
});

const open = async (query: string) => {
  await visit.page.goto(`${server.origin}/?map=14/${HOME.lat}/${HOME.lng}${query}`);
  await visit.page.getByRole('figure').waitFor();
};

test('tiles that fail are asked for again until they come, whatever it is that failed', async () => {
  const { page } = visit;
  const failed = new Map<string, number>();
  // each of them twice: the server is too busy, then the line breaks
  answer = (route) => {
    const url = route.request().url();
    const times = failed.get(url) ?? 0;
    failed.set(url, times + 1);
    if (times === 0) return route.fulfill({ status: 503, headers: { 'retry-after': '1' } });
    return times === 1 ? route.abort('connectionreset') : route.continue();
  };
  const came = page.waitForResponse((one) => /\/tiles\/me\/15\//.test(one.url()) && one.ok());
  await open('');
  await came;
  await page.locator('.busy:not(.is-on)').waitFor({ state: 'attached' });
  const times = [...failed].filter(([url]) => url.includes('/tiles/me/15/')).map(([, count]) => count);
  assert.ok(times.length > 0 && times.every((count) => count === 3), `${times}`);
});

test('while tiles are on their way the page says so, and can be used', async () => {
  const { page } = visit;
  const held: Route[] = [];
  answer = async (route) => held.push(route);
  await open('&commute=false');
  await page.locator('.busy.is-on').waitFor({ state: 'attached' });
  await page.getByRole('button', { name: WORDS.zoomIn }).click();
  await page.waitForURL(/map=15\//);
  answer = (route) => route.continue();
  // those of the zoom that was left were given up
  await Promise.all(held.map((route) => route.continue().catch(() => undefined)));
  await page.locator('.busy:not(.is-on)').waitFor({ state: 'attached' });
});

/** Whether there is heat in the middle of what is seen of the map, beside the panel. */
async function isHeatSeen(): Promise<boolean> {
  const clip = { x: 440, y: 150, width: 260, height: 250 };
  const picture = await loadImage(await visit.page.screenshot({ clip }));
  const context = createCanvas(clip.width, clip.height).getContext('2d');
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, clip.width, clip.height);
  // red, where all else is grey
  return data.some((red, at) => at % 4 === 0 && red > 90 && red > 2 * data[at + 1]);
}

test('where a flight ends, no tiles are seen that are much too coarse, but those that are on their way', async () => {
  const { page } = visit;
  const held: Route[] = [];
  const zoomOf = (route: Route) => Number(/\/tiles\/me\/(\d+)\//.exec(route.request().url())![1]);
  answer = async (route) => (zoomOf(route) < 7 ? route.continue() : held.push(route));
  await page.goto(`${server.origin}/?map=4/${HOME.lat}/${HOME.lng}&base=none`);
  await until(isHeatSeen);
  await page.getByRole('button', { name: WORDS.home }).click();
  await until(() => held.some((route) => zoomOf(route) > 10));
  await until(async () => !(await isHeatSeen()));
  answer = (route) => route.continue();
  await Promise.all(held.map((route) => route.continue().catch(() => undefined)));
  await until(isHeatSeen);
});

/** Keeps on the page how opaque each tile of heat is drawn, as MapLibre tells the graphics card. */
function recordOpacities() {
  const drawn: number[] = [];
  Object.assign(globalThis, { drawn });
  const { getUniformLocation, uniform1f } = WebGL2RenderingContext.prototype;
  const named = new WeakSet<WebGLUniformLocation>();
  Object.assign(WebGL2RenderingContext.prototype, {
    getUniformLocation(this: WebGL2RenderingContext, program: WebGLProgram, name: string) {
      const location = getUniformLocation.call(this, program, name);
      const isRaster = getUniformLocation.call(this, program, 'u_fade_t') !== null;
      if (location && isRaster && name === 'u_opacity') named.add(location);
      return location;
    },
    uniform1f(this: WebGL2RenderingContext, location: WebGLUniformLocation | null, value: number) {
      if (location && named.has(location)) drawn.push(value);
      uniform1f.call(this, location, value);
    },
  });
}

for (const [reducedMotion, how] of [
  ['no-preference', 'fade in'],
  ['reduce', 'are there at once for those who want no motion'],
] as const) {
  test(`tiles ${how}`, async () => {
    const { page } = await watch(browser, { viewport: { width: 800, height: 600 }, reducedMotion });
    await page.addInitScript(recordOpacities);
    // the page's own time, which the test moves: frame by frame, however slowly they are drawn
    await page.clock.install();
    const held: Route[] = [];
    await page.route(/\/tiles\/me\/15\//, (route) => void held.push(route));
    await page.goto(await server.app.signInLink());
    await page.goto(`${server.origin}/?map=14/${HOME.lat}/${HOME.lng}`);
    await page.locator('.busy.is-on').waitFor({ state: 'attached' });
    await until(() => held.length > 0);
    await page.clock.pauseAt(Date.now() + 3_600_000);
    await page.unroute(/\/tiles\/me\/15\//);
    for (const route of held) await route.continue().catch(() => undefined);
    const opacities = async () => {
      await page.clock.runFor(20);
      return page.evaluate(() => (globalThis as unknown as { drawn: number[] }).drawn);
    };
    await until(async () => (await opacities()).includes(1));
    const between = (await opacities()).some((value) => value > 0 && value < 1);
    assert.equal(between, reducedMotion === 'no-preference');
    await page.context().close();
  });
}

test('a map whose program did not come is loaded when that is asked for', async () => {
  const { page } = visit;
  const program = /\/assets\/gl-map/;
  await page.route(program, (route) => route.abort('connectionreset'));
  await open('');
  await page.getByText(WORDS.mapNotLoaded).waitFor();
  await page.unroute(program);
  await page.getByRole('button', { name: COMMON.again }).click();
  await page.locator('.map canvas').waitFor();
  await page.getByText(WORDS.mapNotLoaded).waitFor({ state: 'detached' });
});

test('figures that were not to be had are asked for again', async () => {
  const { page } = visit;
  await open('');
  await page.getByText(/^1 activity/).waitFor();
  let asked = 0;
  await page.route('**/api/me', (route) =>
    asked++ === 0 ? route.fulfill({ status: 503, json: { error: { code: 'busy' } } }) : route.continue(),
  );
  const isWhole = page.waitForResponse((one) => one.url().endsWith('/api/me') && one.ok());
  const two: [number, number][] = [
    [-3000, 500],
    [3000, 500],
  ];
  await server.add([outingAlong(HOME, two, { startedAt: 1.7e9 })]);
  assert.equal((await (await isWhole).json()).activities, 2);
  assert.ok(asked > 1);
  await page.unroute('**/api/me');
});

test('without a network the page says so, at once and until it is back', async () => {
  const { page } = visit;
  await page.getByText(WORDS.gone).waitFor({ state: 'detached' });
  await page.context().setOffline(true);
  await page.getByText(WORDS.gone).waitFor();
  await page.context().setOffline(false);
  await page.getByText(WORDS.gone).waitFor({ state: 'detached' });
});

test('a server that does not answer any more is said to be away, and the map is still there', async () => {
  const { page } = visit;
  await page.getByText(WORDS.gone).waitFor({ state: 'detached' });
  isClosed = true;
  await server.close();
  await page.getByText(WORDS.gone).waitFor();
  await page.getByRole('button', { name: WORDS.zoomOut }).click();
  await page.waitForURL(/map=14\//);
  assert.equal(await page.getByRole('figure').isVisible(), true);
});
