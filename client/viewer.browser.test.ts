import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { gpxFile } from '../server/demo/gpx-writer.ts';
import { type TestServer, testServer } from '../server/testing/app.ts';
import { recordedOuting } from '../server/testing/track-files.ts';
import { until } from '../server/testing/until.ts';
import {
  assertAccessible,
  DESKTOP,
  drawnShare,
  drop,
  launch,
  PHONE,
  type Watched,
  watch,
} from './testing/browser.ts';
import { WORDS } from './words.ts';

let server: TestServer;
let browser: Browser;
/** One athlete's page; the tests go through their day in order. */
let day: Watched;

const ride = gpxFile(recordedOuting({ seed: 1, points: 2000, sport: 'Ride' })).toString();
const run = gpxFile(
  recordedOuting({ seed: 2, points: 2000, sport: 'Run', startedAt: 1_650_000_000 }),
).toString();

before(async () => {
  [server, browser] = await Promise.all([testServer(), launch()]);
  day = await watch(browser, DESKTOP);
});

after(async () => {
  await browser?.close();
  await server?.close();
});

/** Waits until a tile was asked for that matches, from now or from before on. */
const tileAsked = (pattern: RegExp) => until(() => tilesAsked(pattern).length > 0);

/** Waits until nothing more was asked for in a while. */
async function quiet(): Promise<void> {
  let before = -1;
  await until(async () => {
    await day.page.waitForTimeout(600);
    const isQuiet = day.asked.length === before;
    before = day.asked.length;
    return isQuiet;
  });
}

/** How much bluer than red the heat on the map is, as it is seen: -1 to 1. */
async function blueness(page: Page): Promise<number> {
  const picture = (await page.locator('.map').screenshot()).toString('base64');
  return page.evaluate(async (png) => {
    const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    // right of the panel, left of the buttons
    const { data } = context.getImageData(340, 0, 900, bitmap.height);
    let red = 1;
    let blue = 1;
    for (let at = 0; at < data.length; at += 4) {
      if (Math.max(data[at], data[at + 2]) < 90) continue;
      red += data[at];
      blue += data[at + 2];
    }
    return (blue - red) / (blue + red);
  }, picture);
}

/** All tiles asked for that match. */
const tilesAsked = (pattern: RegExp) =>
  day.asked.filter((url) => /\/tiles\/me\/\d+\//.test(url) && pattern.test(url));

test('without a session the page says how to get one', async () => {
  const { page, assertSound } = await watch(browser, DESKTOP);
  await page.goto(`${server.origin}/?link=invalid`);
  await page.getByRole('heading', { name: WORDS.signInTitle }).waitFor();
  await page.getByText(WORDS.linkInvalid).waitFor();
  await page.getByText(WORDS.signInCommand).waitFor();
  await page.getByText('Natural Earth').waitFor();
  await assertAccessible(page);
  assertSound(server.origin);
});

test('the link signs in, to an invitation to drop files', async () => {
  const { page } = day;
  await page.goto(server.link);
  await page.getByRole('heading', { name: WORDS.emptyTitle }).waitFor();
  assert.equal(page.url(), `${server.origin}/`);
  await assertAccessible(page);
});

test('dropped files are imported, and the map flies to where they are', async () => {
  const { page } = day;
  await drop(page, [
    { name: 'ride.gpx', text: ride },
    { name: 'run.gpx', text: run },
  ]);
  await page.getByText(WORDS.imported).waitFor();
  await page.getByText('2 activities').waitFor();
  await page.getByRole('figure').waitFor();
  await page.waitForFunction(() =>
    document.querySelector('.maplibregl-ctrl-scale')?.textContent?.match(/\d\sm$|^[1-9]\skm$/),
  );
  // near home, and drawn on
  await until(async () => {
    const close = [...new Set(tilesAsked(/me\/(9|1\d)\/.*hot=2$/))].slice(-60);
    const shares = await Promise.all(close.map((url) => drawnShare(page, url)));
    return Math.max(...shares) > 0.001;
  });
  await assertAccessible(page);
});

test('a sport is chosen: in the address bar, and in what is asked for', async () => {
  const { page } = day;
  await page.getByRole('button', { name: /^Run/ }).click();
  await page.waitForURL(/[?&]sport=Run/);
  await tileAsked(/sport=Run&hot=2$/);
  assert.equal(await page.getByRole('button', { name: /^Run/ }).getAttribute('aria-pressed'), 'true');
});

test('a palette changes the colours alone: the tiles that are there are coloured anew', async () => {
  const { page, asked } = day;
  await quiet();
  const before = asked.length;
  const brightness = await blueness(page);
  await page.getByText(WORDS.palettes.glacier).click();
  await page.waitForURL(/[?&]color=glacier/);
  await until(async () => (await blueness(page)) > brightness + 0.2);
  // what an earlier choice still had to ask for may come late, but neither a second time nor in any colours
  const anew = asked
    .slice(before)
    .filter((url) => /\/tiles\//.test(url) && (asked.indexOf(url) < before || /color|gradient/.test(url)));
  assert.deepEqual(anew, []);
});

test('colours of one’s own are judged while they are typed', async () => {
  const { page } = day;
  await page.getByText(WORDS.ownGradient, { exact: true }).click();
  const field = page.getByRole('textbox', { name: WORDS.gradient });
  await field.fill('1:f00;mud');
  await page.getByText('is not a colour').waitFor();
  await field.fill('1:f00;20:ff0');
  await page.waitForURL(/gradient=1:f00;20:ff0/);
  assert.match((await page.getByRole('figure').getAttribute('aria-label')) ?? '', /from 1 to 20 visits/);
});

test('a reload shows the same again', async () => {
  const { page } = day;
  await page.getByRole('button', { name: WORDS.zoomIn }).click();
  // told when the map has come to rest
  await page.waitForURL(/map=/);
  await page.locator('.busy:not(.is-on)').waitFor({ state: 'attached' });
  const url = page.url();
  const again = page.waitForRequest(/tiles\/me\/\d+\/.*sport=Run/);
  await page.reload();
  await page.getByRole('figure').waitFor();
  await again;
  assert.equal(await page.getByRole('button', { name: /^Run/ }).getAttribute('aria-pressed'), 'true');
  assert.equal(await page.getByRole('radio', { name: WORDS.ownGradient }).isChecked(), true);
  assert.equal(page.url(), url);
});

test('choices that nothing matches are said to be so, and undone', async () => {
  const { page } = day;
  await page.getByLabel(WORDS.from, { exact: true }).fill('1999-01-01');
  await page.getByLabel(WORDS.to, { exact: true }).fill('1999-12-31');
  await page.getByText(WORDS.nothingMatches).waitFor();
  await page.getByRole('button', { name: WORDS.showEverything }).click();
  await page.getByText(WORDS.nothingMatches).waitFor({ state: 'detached' });
  await page.waitForURL((url) => !/sport|from|to=/.test(url.search));
});

test('a file that cannot be read is named, with the reason', async () => {
  const { page } = day;
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles([
      { name: 'holiday.gpx', mimeType: 'application/gpx+xml', buffer: Buffer.from('GIF89a') },
      { name: 'again.gpx', mimeType: 'application/gpx+xml', buffer: Buffer.from(ride) },
    ]);
  await page.getByText(WORDS.nothingAdded).waitFor();
  await page.getByText(WORDS.restKnown).waitFor();
  await page.getByText(WORDS.failures('1', 'file')).click();
  await page.getByText('holiday.gpx').waitFor();
  await assertAccessible(page);
});

test('on a phone the choices are a sheet that leaves the map in view', async () => {
  const { page, assertSound } = await watch(browser, PHONE);
  const sharp = page.waitForRequest(/tiles\/me\/.*@2x\.png/);
  await page.goto(await server.app.signInLink());
  const toggle = page.getByRole('button', { name: WORDS.openPanel });
  await toggle.waitFor();
  assert.equal(await page.getByRole('button', { name: WORDS.addFiles }).isVisible(), false);
  await toggle.tap();
  await page.getByRole('button', { name: WORDS.addFiles }).waitFor();
  const sheet = await page.getByRole('region', { name: WORDS.panel }).boundingBox();
  assert.ok(sheet && sheet.y > 844 * 0.35 && Math.round(sheet.y + sheet.height) === 844);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  await sharp;
  await assertAccessible(page);
  await page.getByRole('button', { name: WORDS.closePanel }).tap();
  await page.getByRole('button', { name: WORDS.addFiles }).waitFor({ state: 'hidden' });
  assertSound(server.origin);
});

test('signing out leaves nothing on the page', async () => {
  const { page, assertSound } = day;
  await page.getByRole('button', { name: WORDS.menu }).click();
  await page.getByRole('button', { name: WORDS.signOut }).click();
  await page.getByRole('heading', { name: WORDS.signInTitle }).waitFor();
  assert.equal(await page.getByRole('figure').count(), 0);
  assertSound(server.origin);
});
