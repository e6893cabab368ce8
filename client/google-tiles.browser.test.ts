import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page, Route } from 'playwright-core';
import { outingAlong, type SharingServer, sharingServer } from '../server/testing/sharing.ts';
import { until } from '../server/testing/until.ts';
import { assertAccessible, launch, type Watched, watch } from './testing/browser.ts';
import { askedOf, KEY, moveMap, standIn, withGoogle } from './testing/google/stand-in.ts';
import { COMMON } from './words/common.ts';
import { WORDS } from './words.ts';

const HOME = { lng: 11.25, lat: 47.98 };
const TILES = /\/tiles\/me\/\d+\//;
const SMALL = { viewport: { width: 800, height: 600 } };

let server: SharingServer;
let browser: Browser;
let visit: Watched;
/** What happens to requests for tiles of heat. */
let answer: (route: Route) => Promise<unknown> = (route) => route.continue();

before(async () => {
  [server, browser] = await Promise.all([sharingServer({ GOOGLE_MAPS_API_KEY: KEY }), launch()]);
  const outing = outingAlong(HOME, [
    [-3000, 0],
    [3000, 0],
  ]);
  await server.add([outing]);
  visit = await open(await withGoogle(await watch(browser, SMALL)));
});

after(async () => {
  await browser?.close();
  await server?.close();
});

async function open(watched: Watched): Promise<Watched> {
  await watched.page.route(TILES, (route) => answer(route));
  await watched.page.goto(await server.app.signInLink());
  return watched;
}

const look = async ({ page }: Watched) => {
  await page.goto(`${server.origin}/?base=google&map=14/${HOME.lat}/${HOME.lng}`);
  await page.locator('.google-region').waitFor();
};

const isAtRest = ({ page }: Watched) => page.locator('.busy:not(.is-on)').waitFor({ state: 'attached' });

/** Each of these twice: the server is too busy, then the line breaks. `third` is called before the one that succeeds. */
function failTwice(isOne: (url: string) => boolean, third: () => Promise<unknown> = async () => undefined) {
  const times = new Map<string, number>();
  answer = async (route) => {
    const url = route.request().url();
    if (route.request().resourceType() !== 'image') return route.continue();
    const before = times.get(url) ?? 0;
    times.set(url, before + 1);
    if (!isOne(url) || before > 2) return route.continue();
    if (before === 0) return route.fulfill({ status: 503, json: { error: { code: 'busy' } } });
    if (before === 1) return route.abort('connectionreset');
    await third();
    return route.continue();
  };
  return times;
}

/** The tiles that are seen: how often each. */
async function seen(page: Page): Promise<Map<string, number>> {
  const urls = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLImageElement>('.google-overlay img')]
      .filter((one) => one.naturalWidth > 0 && Number(one.parentElement!.style.opacity) > 0)
      .map((one) => one.src),
  );
  const often = new Map<string, number>();
  for (const url of urls) often.set(url, (often.get(url) ?? 0) + 1);
  return often;
}

for (const [how, prepare] of [
  ['', () => undefined],
  // as Safari
  [
    ', by a browser too that tells no status of an answer',
    () => Reflect.deleteProperty(PerformanceResourceTiming.prototype, 'responseStatus'),
  ],
] as const) {
  test(`tiles that fail are asked for again until they come, and no others${how}`, async () => {
    const watched = await withGoogle(await watch(browser, SMALL));
    await watched.page.addInitScript(prepare);
    await open(watched);
    const isEven = (url: string) => /\/tiles\/me\/15\/\d*[02468]\//.test(url);
    const busy: boolean[] = [];
    const times = failTwice(isEven, async () =>
      busy.push(await watched.page.evaluate(() => document.querySelector('.busy.is-on') !== null)),
    );
    await look(watched);
    await until(
      () => [...times].filter(([url]) => isEven(url)).every(([, count]) => count >= 3) && times.size > 5,
    );
    await isAtRest(watched);
    assert.ok(busy.length > 0 && busy.every(Boolean), 'the page says that they are waited for');
    const shown = await seen(watched.page);
    // those of the heat that is seen in the end
    const last = [...times].filter(([url]) => shown.has(url));
    assert.ok(last.some(([url]) => isEven(url)) && last.some(([url]) => !isEven(url)));
    for (const [url, count] of last) {
      assert.equal(count, isEven(url) ? 3 : 1, url);
      assert.equal(shown.get(url), 1, `${url} is seen once`);
    }
    const revision = last[0][0].replace(/.*&as=/, '');
    for (const { url } of await askedOf(watched.page)) {
      if (url?.endsWith(revision)) assert.ok(shown.has(server.origin + url));
    }
    await watched.page.context().close();
  });
}

test('what is seen stays until any of another heat has come, however long that takes', async () => {
  answer = (route) => route.continue();
  await look(visit);
  await isAtRest(visit);
  const { page } = visit;
  const before = await seen(page);
  assert.ok(before.size > 0);
  const meanwhile: Map<string, number>[] = [];
  const isNew = (url: string) => url.includes('gradient=2f6bdb');
  failTwice(isNew, async () => meanwhile.push(await seen(page)));
  await page.getByText(WORDS.palettes.glacier).click();
  await until(async () => [...(await seen(page)).keys()].some(isNew));
  assert.deepEqual(meanwhile[0], before);
  await isAtRest(visit);
  await until(async () => [...(await seen(page)).keys()].every(isNew));
});

test('without a network tiles are waited for, and asked for as soon as it is back', async () => {
  const { page, asked } = visit;
  answer = (route) => route.continue();
  await isAtRest(visit);
  const before = asked.length;
  const failed: string[] = [];
  page.on('requestfailed', (request) => {
    if (request.resourceType() === 'image' && TILES.test(request.url())) failed.push(request.url());
  });
  await page.context().setOffline(true);
  await moveMap(page, { center: { ...HOME, lng: HOME.lng + 0.1 } });
  await until(() => failed.length > 0);
  await page.locator('.busy.is-on').waitFor({ state: 'attached' });
  const me = page.waitForResponse((one) => one.url().endsWith('/api/me') && one.ok());
  await page.context().setOffline(false);
  await until(async () => {
    const shown = await seen(page);
    return failed.every((url) => shown.has(url));
  });
  await me;
  await isAtRest(visit);
  const revisions = asked.slice(before).flatMap((url) => (TILES.test(url) ? url.split('&as=').slice(1) : []));
  assert.equal(new Set(revisions).size, 1, 'nothing has changed meanwhile, and nothing is loaded anew');
});

for (const [reducedMotion, how] of [
  ['no-preference', 'fades in'],
  ['reduce', 'is there at once for those who want no motion'],
] as const) {
  test(`heat ${how}`, async () => {
    const watched = await withGoogle(await watch(browser, { ...SMALL, reducedMotion }));
    const { page } = watched;
    // the page's own time, which the test moves: frame by frame, however slowly they are drawn
    await page.clock.install();
    await open(watched);
    const held: Route[] = [];
    answer = async (route) => held.push(route);
    await look(watched);
    await until(() => held.length > 0);
    await page.clock.pauseAt(Date.now() + 3_600_000);
    answer = (route) => route.continue();
    for (const route of held) await route.continue().catch(() => undefined);
    const opacities = async () => {
      await page.clock.runFor(20);
      return standIn(page, ({ overlays }) => overlays.flatMap((one) => one.opacities));
    };
    await until(async () => (await opacities()).includes(1));
    const between = (await opacities()).some((value) => value > 0 && value < 1);
    assert.equal(between, reducedMotion === 'no-preference');
    await page.context().close();
  });
}

test('where the script cannot be had the server’s own map lies there, until it is tried again', async () => {
  const offline = await watch(browser, SMALL);
  const { page } = offline;
  answer = (route) => route.continue();
  await page.route('https://maps.googleapis.com/**', (route) => route.abort());
  await page.goto(await server.app.signInLink());
  const view = `?map=14/${HOME.lat}/${HOME.lng}&commute=false&color=glacier&base=satellite`;
  const heat = page.waitForRequest(/\/tiles\/me\/15\/.*commute=false&hot=2$/);
  await page.goto(`${server.origin}/${view}`);
  await page.getByText(WORDS.googleGone).waitFor();
  await page.locator('.map canvas').waitFor();
  await heat;
  await assertAccessible(page);
  await withGoogle(offline);
  await page.getByRole('button', { name: COMMON.again }).click();
  await page.locator('.google-overlay img').first().waitFor({ state: 'attached' });
  await page.getByText(WORDS.googleGone).waitFor({ state: 'detached' });
  assert.equal(new URL(page.url()).search, view);
});

test('who is not signed in any more is told so', async () => {
  const { page } = visit;
  answer = (route) => route.continue();
  await page.context().clearCookies();
  await moveMap(page, { zoom: 13 });
  await page.getByRole('heading', { name: WORDS.signInTitle }).waitFor();
});
