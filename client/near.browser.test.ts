import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { outingAlong, type SharingServer, sharingServer } from '../server/testing/sharing.ts';
import { until } from '../server/testing/until.ts';
import {
  assertAccessible,
  focused,
  hold,
  isSeen,
  launch,
  PHONE,
  type Watched,
  watch,
} from './testing/browser.ts';
import { WORDS } from './words.ts';

/** Which activities passed a place: asked by a click, a tap or a key, listed, and shown. */

let server: SharingServer;
let browser: Browser;
let visit: Watched;

before(async () => {
  [server, browser] = await Promise.all([sharingServer(), launch()]);
  // two rides on one road, years apart
  const rides = ['2021-02-10', '2023-06-20'].map((day) =>
    outingAlong(
      { lng: 11.25, lat: 47.98 },
      [
        [-3000, 0],
        [0, 500],
        [3000, 0],
      ],
      { startedAt: Date.parse(`${day}T08:00:00Z`) / 1000 },
    ),
  );
  await server.add(rides);
  visit = await watch(browser, { viewport: { width: 1000, height: 700 } });
  await visit.page.goto(await server.app.signInLink());
});

after(async () => {
  await browser?.close();
  await server?.close();
});

/** Clicks in the middle of a ride, with the map looking there. */
async function clickRoad({ page }: Watched, act: 'click' | 'tap'): Promise<void> {
  const { activities } = await (await page.request.get(`${server.origin}/api/activities?sport=Ride`)).json();
  const track = await page.request.get(`${server.origin}/api/activities/${activities[0].id}/track?zoom=16`);
  const [line] = (await track.json()).geometry.coordinates;
  const [lng, lat] = line[Math.floor(line.length / 2)];
  await page.goto(`${server.origin}/?map=15/${lat}/${lng}`);
  await page.getByRole('figure').waitFor();
  await page.locator('.maplibregl-ctrl-scale').waitFor();
  await page.waitForFunction(() => document.querySelector('.busy:not(.is-on)'));
  // again where a panel that came late still moved the map when it was clicked
  await until(async () => {
    const [left, bottom] = await page.evaluate(() =>
      ['--room-left', '--room-bottom'].map((name) =>
        Number.parseFloat(document.documentElement.style.getPropertyValue(name)),
      ),
    );
    const { width, height } = page.viewportSize()!;
    const [x, y] = [(left + width) / 2, (height - bottom) / 2];
    const near = page.waitForResponse(/\/api\/activities\/near/);
    if (act === 'click') await page.mouse.click(x, y);
    else await page.touchscreen.tap(x, y);
    return (await (await near).json()).count > 0;
  });
  await page.getByText(WORDS.passedHere('2', 'activities')).waitFor();
}

test('a click on a road lists who passed there; pointing at one shows its way', async () => {
  await clickRoad(visit, 'click');
  const { page } = visit;
  await page.getByText(WORDS.firstAndLast('10 Feb 2021', '20 Jun 2023')).waitFor();
  const rows = page.locator('.near li button');
  assert.match((await rows.first().textContent()) ?? '', /20 Jun 2023/, 'newest first');
  const track = page.waitForResponse(/activities\/\d+\/track\?zoom=16/);
  await rows.nth(1).hover();
  assert.equal((await track).status(), 200);
  await page.waitForFunction(() => document.querySelector('.near .is-pointed'));
  await assertAccessible(page);
  // by the keyboard too
  await rows.first().focus();
  assert.equal(await rows.first().getAttribute('aria-pressed'), 'true');
  await page.keyboard.press('Escape');
  await rows.first().waitFor({ state: 'detached' });
});

test('by the keyboard it is the middle of the map that is asked about, and that has the focus again', async () => {
  const { page } = visit;
  const canvas = page.locator('.map canvas');
  await canvas.focus();
  await page.keyboard.press('Enter');
  const list = page.locator('.near');
  await focused(list);
  await page.keyboard.press('Escape');
  await list.waitFor({ state: 'detached' });
  await focused(canvas);
});

test('one that is clicked comes into view, also when the pointer has left the list before its track is there', async () => {
  const { page } = visit;
  await page.getByRole('button', { name: WORDS.zoomOut }).click();
  await page.waitForURL(/map=14\//);
  await page.locator('.map canvas').focus();
  await page.keyboard.press('Enter');
  const { letGo } = await hold(page, /\/track\?/);
  await page.locator('.near li button').first().click();
  await page.locator('.panel-title').hover();
  await page.waitForFunction(() => !document.querySelector('.near .is-pointed'));
  letGo();
  await page.waitForURL(({ search }) => !search.includes('map=14/'));
  visit.assertSound(server.origin);
});

test('on a phone the list is a sheet, and the timeline lies among the choices', async () => {
  const phone = await watch(browser, PHONE);
  await phone.page.goto(await server.app.signInLink());
  await phone.page.getByRole('button', { name: WORDS.openPanel }).waitFor();
  await clickRoad(phone, 'tap');
  const before = phone.page.url();
  await phone.page.locator('.near li button').nth(1).tap();
  await phone.page.waitForFunction(() => document.querySelector('.near .is-pointed'));
  await phone.page.waitForURL((url) => url.href !== before);
  const { activities } = await (
    await visit.page.request.get(`${server.origin}/api/activities?sport=Ride`)
  ).json();
  const track = await visit.page.request.get(
    `${server.origin}/api/activities/${activities[0].id}/track?zoom=12`,
  );
  const ride = (await track.json()).geometry.coordinates.flat();
  await until(() => isSeen(phone.page, ride, phone.page.locator('.near')));
  await assertAccessible(phone.page);
  await phone.page.locator('.near').getByRole('button', { name: WORDS.dismiss }).tap();
  await phone.page.getByRole('button', { name: WORDS.openPanel }).tap();
  await phone.page.getByRole('button', { name: WORDS.play }).scrollIntoViewIfNeeded();
  assert.equal(await phone.page.evaluate(() => document.documentElement.scrollWidth), 390);
  await assertAccessible(phone.page);
  phone.assertSound(server.origin);
});
