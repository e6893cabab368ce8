import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import { gpxFile } from '../../server/demo/gpx-writer.ts';
import { outingAlong, type SharingServer, sharingServer } from '../../server/testing/sharing.ts';
import { until } from '../../server/testing/until.ts';
import {
  assertAccessible,
  DESKTOP,
  focused,
  hold,
  launch,
  PHONE,
  type Watched,
  watch,
} from '../testing/browser.ts';
import { ACTIVITIES } from '../words/activities.ts';
import { COMMON } from '../words/common.ts';
import { WORDS } from '../words.ts';

const HOME = { lng: 11.25, lat: 47.98 };
/** More than a page of the server's. */
const COUNT = 108;

let server: SharingServer;
let browser: Browser;
let day: Watched;

before(async () => {
  [server, browser] = await Promise.all([sharingServer(), launch()]);
  const files: string[] = [];
  for (let at = 0; at < COUNT; at++) {
    const options = { sport: at === 0 ? 'Run' : 'Ride', startedAt: 1.6e9 + at * 86_400 };
    const line: [number, number][] = [
      [at * 20, 0],
      [4000, 1000 + at * 20],
    ];
    const name = at === 0 ? 'Über den Paß <first>' : `Outing ${at}`;
    files.push(join(server.dataDir, `${at}.gpx`));
    await writeFile(files[at], gpxFile({ ...outingAlong(HOME, line, options), name }));
  }
  const id = await server.app.importPaths(files);
  await until(async () => (await server.app.reportOf(id))?.finishedAt);
  day = await watch(browser, DESKTOP);
  await day.page.goto(await server.app.signInLink());
});

after(async () => {
  await browser?.close();
  await server?.close();
});

async function open({ page }: Watched): Promise<Locator> {
  await page.getByRole('button', { name: WORDS.menu }).click();
  await page.getByRole('button', { name: ACTIVITIES.title, exact: true }).click();
  const dialog = page.getByRole('dialog', { name: ACTIVITIES.title });
  await dialog.locator('.activity').first().waitFor();
  return dialog;
}

const countOf = async () => (await server.ask('GET', '/api/me')).body.activities as number;

test('activities are listed newest first, loaded while they are searched, and seen on the map', async () => {
  const { page } = day;
  const dialog = await open(day);
  await dialog.getByText(`Outing ${COUNT - 1}`).waitFor();
  await assertAccessible(page);
  assert.equal(await dialog.locator('.activity strong').first().textContent(), `Outing ${COUNT - 1}`);
  await dialog.getByRole('searchbox', { name: ACTIVITIES.search }).fill('uber den');
  await dialog.getByText(ACTIVITIES.searched('1', String(COUNT))).waitFor();
  const first = dialog.getByRole('button', { name: /^Über den Paß <first>/ });
  const drawn = page.waitForResponse((answer) => answer.url().includes('/track?'));
  await first.hover();
  assert.equal((await drawn).status(), 200);
  const before = page.url();
  await first.click();
  await page.waitForURL((url) => url.href !== before && url.searchParams.has('map'));
  await dialog.getByRole('searchbox').fill('no such name');
  await dialog.getByText(ACTIVITIES.noneFound).waitFor();
});

test('what is chosen on the map is listed, or all', async () => {
  const { page } = day;
  await page.goto(`${server.origin}/?sport=Run`);
  const dialog = await open(day);
  await dialog.getByText(ACTIVITIES.loaded('1', true)).waitFor();
  await dialog.getByText(ACTIVITIES.everything, { exact: true }).click();
  await dialog.getByText(`Outing ${COUNT - 1}`).waitFor();
  await dialog.locator('.activity').nth(99).waitFor({ state: 'attached' });
});

test('what is in view is listed, as far as it is chosen', async () => {
  const { page } = day;
  // where the first begins, and the later ones further and further off do not pass
  const place = `map=18/${HOME.lat}/${HOME.lng}`;
  await page.goto(`${server.origin}/?${place}`);
  const dialog = await open(day);
  await dialog.getByText(ACTIVITIES.inView, { exact: true }).click();
  await dialog.getByText('Outing 1', { exact: true }).waitFor();
  await dialog.getByText('Über den Paß <first>').waitFor();
  const count = await dialog.locator('.activity').count();
  assert.ok(count > 1 && count < 20, `${count} of ${COUNT}`);
  await page.goto(`${server.origin}/?${place}&sport=Run`);
  await open(day);
  await dialog.getByText(ACTIVITIES.inView, { exact: true }).click();
  await dialog.getByText(ACTIVITIES.loaded('1', true)).waitFor();
  await page.goto(`${server.origin}/?map=18/${HOME.lat - 0.1}/${HOME.lng}`);
  await open(day);
  await dialog.getByText(ACTIVITIES.inView, { exact: true }).click();
  await dialog.getByText(ACTIVITIES.noneInView).waitFor();
});

test('several are hidden from others, and no longer', async () => {
  const { page } = day;
  await page.goto(server.origin);
  const dialog = await open(day);
  for (const at of [1, 2]) {
    await dialog
      .getByRole('checkbox', { name: ACTIVITIES.choose(`Outing ${COUNT - at}`), exact: true })
      .check();
  }
  await assertAccessible(page);
  await dialog.getByRole('button', { name: ACTIVITIES.hide }).click();
  await dialog.locator('.activity-hidden').nth(1).waitFor();
  await focused(dialog.locator('.activity', { hasText: `Outing ${COUNT - 1}` }).getByRole('button'));
  await server.published();
  assert.equal((await server.ask('GET', '/api/sharing')).body.hidden, 2);
  await dialog.getByRole('checkbox', { name: ACTIVITIES.choose(`Outing ${COUNT - 1}`), exact: true }).check();
  await dialog.getByRole('button', { name: ACTIVITIES.unhide }).click();
  await until(async () => (await dialog.locator('.activity-hidden').count()) === 1);
  assert.equal((await server.ask('GET', '/api/sharing')).body.hidden, 1);
});

test('what is deleted can be brought back for a moment, and goes when the window closes', async () => {
  const { page } = day;
  await page.goto(server.origin);
  const dialog = await open(day);
  let deletions = 0;
  page.on('request', (request) => {
    if (request.method() === 'DELETE') deletions++;
  });
  const last = `Outing ${COUNT - 1}`;
  const remove = async () => {
    await dialog.getByRole('checkbox', { name: ACTIVITIES.choose(last), exact: true }).check();
    await dialog.getByRole('button', { name: ACTIVITIES.delete, exact: true }).click();
    await dialog.locator('.activity.is-leaving', { hasText: last }).waitFor();
  };
  await remove();
  await dialog.getByRole('button', { name: ACTIVITIES.undo }).click();
  await dialog.locator('.activity.is-leaving').waitFor({ state: 'detached' });
  assert.equal(await countOf(), COUNT);
  assert.equal(deletions, 0);
  await focused(dialog.locator('.activity', { hasText: last }).getByRole('button'));

  await remove();
  await assertAccessible(page);
  await page.keyboard.press('Escape');
  await until(async () => (await countOf()) === COUNT - 1);
});

test('what nobody brings back goes by itself, and when the page is left', async () => {
  const { page } = day;
  const dialog = await open(day);
  const deletion = /\/api\/activities$/;
  const sent = await hold(page, deletion);
  await dialog.getByRole('checkbox', { name: ACTIVITIES.choose(`Outing ${COUNT - 2}`), exact: true }).check();
  await dialog.getByRole('button', { name: ACTIVITIES.delete, exact: true }).click();
  // from when it is sent nothing can be brought back
  const going = dialog.locator('.activity.is-leaving');
  await going.waitFor();
  await dialog.getByRole('button', { name: ACTIVITIES.undo }).waitFor({ state: 'detached' });
  await going.waitFor();
  sent.letGo();
  await page.unroute(deletion);
  // and its row with it
  await dialog.getByText(`Outing ${COUNT - 2}`).waitFor({ state: 'detached' });
  assert.equal(await countOf(), COUNT - 2);
  await dialog.getByRole('checkbox', { name: ACTIVITIES.choose(`Outing ${COUNT - 3}`), exact: true }).check();
  await dialog.getByRole('button', { name: ACTIVITIES.delete, exact: true }).click();
  await page.reload();
  await until(async () => (await countOf()) === COUNT - 3);
  day.assertSound(server.origin);
});

test('what is imported while the list is open appears in it, or when the list is asked for once more', async () => {
  const { page } = day;
  await page.goto(server.origin);
  const dialog = await open(day);
  const line: [number, number][] = [
    [0, 0],
    [3000, 3000],
  ];
  await server.add([{ ...outingAlong(HOME, line, { startedAt: 1.7e9 }), name: 'Meanwhile' }]);
  await dialog.getByText('Meanwhile').waitFor();
  assert.equal(await dialog.locator('.activity strong').first().textContent(), 'Meanwhile');
  const asked = /\/api\/activities\?/;
  await page.route(asked, (route) => route.abort());
  await server.add([{ ...outingAlong(HOME, line, { startedAt: 1.71e9 }), name: 'Unheard of' }]);
  const again = dialog.getByRole('button', { name: COMMON.again });
  await again.waitFor();
  await page.unroute(asked);
  await again.click();
  await dialog.getByText('Unheard of').waitFor();

  // what cannot be deleted when the window is closed is told on the page
  await page.route(/\/api\/activities$/, (route) => route.abort());
  await dialog.getByRole('checkbox', { name: ACTIVITIES.choose('Unheard of'), exact: true }).check();
  await dialog.getByRole('button', { name: ACTIVITIES.delete, exact: true }).click();
  await page.keyboard.press('Escape');
  await page.locator('.notice', { hasText: ACTIVITIES.notDeleted(WORDS.goneFirst) }).waitFor();
});

test('on a phone the list lies below the map, and fits', async () => {
  const phone = await watch(browser, PHONE);
  await phone.page.goto(await server.app.signInLink());
  const dialog = await open(phone);
  assert.equal(await dialog.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth), true);
  await dialog.getByRole('checkbox', { name: ACTIVITIES.chooseLoaded('100') }).check();
  await dialog.getByText(ACTIVITIES.selected('100')).waitFor();
  await dialog.getByRole('button', { name: ACTIVITIES.delete, exact: true }).waitFor();
  await assertAccessible(phone.page);
  phone.assertSound(server.origin);
});
