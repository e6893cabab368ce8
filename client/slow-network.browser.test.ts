import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Route } from 'playwright-core';
import { outingAlong, type SharingServer, sharingServer } from '../server/testing/sharing.ts';
import { launch, type Watched, watch } from './testing/browser.ts';
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
