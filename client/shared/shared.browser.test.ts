import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { hotAt } from '../../server/heat/light.ts';
import { outingAlong, type SharingServer, sharingServer } from '../../server/testing/sharing.ts';
import { until } from '../../server/testing/until.ts';
import { assertAccessible, DESKTOP, drawnShare, hold, launch, PHONE, watch } from '../testing/browser.ts';
import { SHARED } from '../words/shared.ts';
import { WORDS } from '../words.ts';

const PLACE = { lng: 11.25, lat: 47.98 };

let server: SharingServer;
let browser: Browser;
/** Another site. */
let site: Server;

before(async () => {
  [server, browser] = await Promise.all([sharingServer(), launch()]);
  const way: [number, number][] = [
    [-4000, 0],
    [4000, 1000],
  ];
  await server.add([
    outingAlong(PLACE, way, { sport: 'Ride', startedAt: 1.6e9 }),
    outingAlong(PLACE, way, { sport: 'Run', startedAt: 1.65e9 }),
  ]);
  // files do not tell which rides led to work
  await server.app.db('activities').where({ sport: 'Ride' }).update({ commute: true });
});

after(async () => {
  site?.close();
  await browser?.close();
  await server?.close();
});

const heatIsThere = (page: Page) => page.getByRole('figure').waitFor();

test('whoever has the link sees the map in its colours, and nothing of its owner’s', async () => {
  const { key, url } = await server.share({ name: 'Rides <b>& more</b>', palette: { color: 'glacier' } });
  const { page, asked, assertSound } = await watch(browser, DESKTOP);
  await page.goto(`${url}?sport=Run&color=orchid`);
  await page.getByRole('heading', { name: 'Rides <b>& more</b>' }).waitFor();
  await heatIsThere(page);
  assert.match(await page.title(), /^Rides <b>& more<\/b>/);
  // with the map, for which the legend does not wait
  await page.getByRole('button', { name: WORDS.everything }).waitFor();
  assert.equal(await page.getByRole('button', { name: WORDS.menu }).count(), 0);
  const controls = page.locator('button, a, input, select, summary');
  assert.deepEqual(
    (await controls.evaluateAll((all) => all.map((one) => one.ariaLabel ?? one.textContent))).sort(),
    [WORDS.everything, WORDS.home, 'Toggle attribution', WORDS.zoomIn, WORDS.zoomOut].sort(),
  );
  const tiles = () => asked.filter((one) => one.includes(`/tiles/token/${key}/`) && one.includes('.png'));
  await page.waitForFunction(
    (path) => performance.getEntriesByType('resource').some(({ name }) => name.includes(path)),
    `/tiles/token/${key}/1`,
  );
  const drawn = await Promise.all(tiles().map((one) => drawnShare(page, one)));
  assert.ok(Math.max(...drawn) > 0, 'some of them are drawn on');
  assert.deepEqual(
    asked.filter((one) => /\/tiles\/me|\/api\/me|\/auth|sport=/.test(one) && !one.startsWith(`${url}?`)),
    [],
  );
  await assertAccessible(page);
  assertSound(server.origin);
});

test('visitors choose sports and dates where they may, on a phone too', async () => {
  const { key, url } = await server.share({ name: 'Choose', viewerFilters: true });
  const { page, assertSound } = await watch(browser, PHONE);
  await page.goto(url);
  await page.getByRole('button', { name: SHARED.showFilters }).tap();
  const run = page.waitForRequest(
    (request) => request.url().includes(`/tiles/token/${key}/`) && /sport=Run&hot/.test(request.url()),
  );
  await page.getByRole('button', { name: /^Run 1$/ }).tap();
  await page.waitForURL(/sport=Run/);
  await run;
  await assertAccessible(page);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  const commutes = page.waitForRequest((request) => /commute=false&hot/.test(request.url()));
  await page.getByText(WORDS.commute.none, { exact: true }).tap();
  await commutes;
  await assertAccessible(page);
  await page.getByLabel(WORDS.to, { exact: true }).fill('1999-12-31');
  await page.getByText(SHARED.nothingMatches).waitFor();
  assertSound(server.origin);
});

test('where they may choose they have the timeline too, and play it', async () => {
  const { key, url } = await server.share({ name: 'Over time', viewerFilters: true });
  const { page, asked, assertSound } = await watch(browser, DESKTOP);
  await page.goto(url);
  await heatIsThere(page);
  // with the map, without which nothing is played
  await page.getByRole('button', { name: WORDS.everything }).waitFor();
  const end = page.getByRole('slider', { name: WORDS.timelineTo });
  await end.focus();
  await page.keyboard.press('PageDown');
  await page.waitForURL(/[?&]to=\d{4}-\d\d-\d\d/);
  await assertAccessible(page);
  await page.keyboard.press('End');
  await page.waitForURL((at) => !at.search.includes('to='));
  const whole = await page.locator('.dock-words strong').textContent();
  // it waits before a month that does not come, however late it is stopped
  const june = await hold(page, /\/tiles\/token\/.*to=2021-06-/);
  const before = asked.length;
  await page.getByRole('button', { name: WORDS.play }).click();
  await page.waitForFunction(
    (text) => ![text, ''].includes(document.querySelector('.dock-words strong')?.textContent ?? ''),
    whole,
  );
  const frames = () =>
    asked.slice(before).filter((one) => /from=2020-09-01&to=2020-/.test(one) && one.includes('.png'));
  await until(() => frames().length > 0);
  await page.getByRole('button', { name: WORDS.pause }).click();
  june.letGo();
  await page.waitForURL(/from=2020-09-01&to=/);
  assert.ok(frames().every((one) => one.includes(`/tiles/token/${key}/`)));
  assertSound(server.origin);
});

test('it is as bright and as opaque as its owner chose, each sport in its own colours, and by nobody else’s choice', async () => {
  const palette = { light: 2, opacity: 0.5, by: 'sport' };
  const { key, url } = await server.share({ name: 'By sport', palette });
  const { page, asked, assertSound } = await watch(browser, DESKTOP);
  await page.goto(`${url}?light=-4&opacity=1&by=visits`);
  await page.getByRole('figure', { name: /^Colours by sport/ }).waitFor();
  await page.getByText(WORDS.groups.rides, { exact: true }).waitFor();
  await page.getByText(WORDS.groups.runs, { exact: true }).waitFor();
  const { exposure } = await (await fetch(`${server.origin}/tiles/token/${key}/tile.json`)).json();
  const tiles = () => asked.filter((one) => one.includes(`/tiles/token/${key}/`) && one.includes('.png'));
  await until(() => ['Ride', 'Run'].every((sport) => tiles().some((one) => one.includes(`sport=${sport}&`))));
  for (const tile of tiles()) {
    const [, z] = /\/(\d+)\/\d+\/\d+(?:@2x)?\.png/.exec(tile)!;
    assert.equal(Number(new URL(tile).searchParams.get('hot')), hotAt(exposure[Number(z)], 2), tile);
  }
  assert.equal(await page.getByRole('button', { name: SHARED.showFilters }).count(), 0);
  await assertAccessible(page);
  assertSound(server.origin);
});

test('a page of another site shows it in a frame where that is allowed, and only there', async () => {
  const { id, url } = await server.share({ name: 'Framed', embed: true });
  site = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(
      `<!doctype html><html lang="en"><title>Site</title><iframe title="map" src="${url}" width="800" height="500"></iframe></html>`,
    );
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  // the server is at 127.0.0.1: this is another site, not only another origin
  const other = `http://localhost:${(site.address() as AddressInfo).port}`;
  const { page } = await watch(browser, DESKTOP);
  await page.goto(other);
  const frame = page.frameLocator('iframe');
  await frame.getByRole('figure').waitFor();
  const link = frame.getByRole('link', { name: 'Framed' });
  assert.equal(await link.getAttribute('target'), '_blank');

  assert.equal((await server.ask('PATCH', `/api/shares/${id}`, { embed: false })).status, 200);
  const refused = page.waitForEvent('console', (message) => /frame-ancestors/.test(message.text()));
  await page.goto(other);
  await refused;
  assert.equal(await frame.getByRole('heading', { name: 'Framed' }).count(), 0);
  // by itself it is shown as before
  await page.goto(url);
  await page.getByRole('heading', { name: 'Framed' }).waitFor();
});

test('a link that is taken back ends the page, at the next look at it', async () => {
  const { id, url } = await server.share({ name: 'Soon over' });
  const { page } = await watch(browser, DESKTOP);
  await page.goto(url);
  await heatIsThere(page);
  await page.waitForLoadState('networkidle');
  await server.ask('DELETE', `/api/shares/${id}`);
  // further in there are tiles that were not asked for yet; a busy machine may miss a turn of the wheel
  const ended = page.getByRole('heading', { name: SHARED.endedTitle });
  await page.mouse.move(700, 450);
  for (let turn = 0; turn < 60 && !(await ended.isVisible()); turn++) {
    await page.mouse.wheel(0, turn % 6 < 4 ? -400 : 800);
    await page.waitForTimeout(500);
  }
  await ended.waitFor();
  await assertAccessible(page);
  await page.reload();
  await page.getByRole('heading', { name: SHARED.endedTitle }).waitFor();
  assert.equal(await page.getByText('Soon over').count(), 0);
});
