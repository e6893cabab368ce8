import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { gpxFile } from '../server/demo/gpx-writer.ts';
import { type TestServer, testServer } from '../server/testing/app.ts';
import { recordedOuting } from '../server/testing/track-files.ts';
import {
  assertAccessible,
  DESKTOP,
  drop,
  launch,
  openFiles,
  PHONE,
  type Watched,
  watch,
} from './testing/browser.ts';
import { ACTIVITIES } from './words/activities.ts';
import { FILES } from './words/imports.ts';
import { WORDS } from './words.ts';

/** Bringing recordings from the page: folders, what is here already, and what cannot be read. */

let server: TestServer;
let browser: Browser;
let folder: string;
let day: Watched;

const outing = (seed: number) =>
  gpxFile(recordedOuting({ seed, startedAt: 1.6e9 + seed * 86_400 })).toString();

before(async () => {
  [server, browser, folder] = await Promise.all([
    testServer(),
    launch(),
    mkdtemp(join(tmpdir(), 'pathglow-folder-')),
  ]);
  await mkdir(join(folder, 'rides', '2024'), { recursive: true });
  await mkdir(join(folder, 'letters'));
  await writeFile(join(folder, 'rides', 'one.gpx'), outing(1));
  await writeFile(join(folder, 'rides', '2024', 'two.gpx'), outing(2));
  await writeFile(join(folder, 'rides', '2024', 'broken.gpx'), 'no recording');
  await writeFile(join(folder, 'rides', 'notes.txt'), 'not sent');
  await writeFile(join(folder, 'letters', 'letter.txt'), 'nothing in here');
  day = await watch(browser, DESKTOP);
  await day.page.goto(server.link);
});

after(async () => {
  await browser?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

test('a list without activities says how to get some', async () => {
  const { page } = day;
  await page.getByRole('heading', { name: WORDS.emptyTitle }).waitFor();
  await page.getByRole('button', { name: WORDS.menu }).click();
  await page.getByRole('button', { name: ACTIVITIES.title, exact: true }).click();
  await page.getByText(ACTIVITIES.empty).waitFor();
  await page.keyboard.press('Escape');
});

test('a folder without recordings is said to have none', async () => {
  const { page } = day;
  await page.getByLabel(WORDS.chooseFolder).last().setInputFiles(join(folder, 'letters'));
  const card = page.getByRole('region', { name: WORDS.nothingAdded });
  await card.getByText(WORDS.noFiles).waitFor();
  await assertAccessible(page);
  await card.getByRole('button', { name: WORDS.dismiss }).click();
});

test('a folder is chosen: what is in it is added, and what cannot be read is named where it lies, with the reason', async () => {
  const { page } = day;
  await page.getByLabel(WORDS.chooseFolder).last().setInputFiles(join(folder, 'rides'));
  await page.getByText(WORDS.importedSome).waitFor();
  await page.getByText(WORDS.progress('3', '3', WORDS.files(3))).waitFor();
  await page.getByText(WORDS.added('2', WORDS.activities(2))).waitFor();
  await page.getByText(WORDS.failures('1', WORDS.files(1)), { exact: true }).click();
  const failure = page.getByRole('listitem').filter({ hasText: 'rides/2024/broken.gpx' });
  await failure.waitFor();
  assert.ok((await failure.locator('span').textContent())!.length > 10);
  await assertAccessible(page);
  // it lies beside those that were added
  assert.equal(await page.getByRole('listitem').filter({ hasText: 'one.gpx' }).count(), 0);
  const card = page.getByRole('article', { name: WORDS.importing });
  await card.getByRole('button', { name: FILES.all, exact: true }).click();
  await page.getByRole('listitem').filter({ hasText: 'rides/one.gpx' }).waitFor();
  assert.equal(await page.getByRole('listitem').filter({ hasText: '.gpx' }).count(), 3);
  await page.getByRole('button', { name: WORDS.dismiss }).click();
});

test('where nothing could be read, that is said', async () => {
  const { page } = day;
  await drop(page, [{ name: 'broken.gpx', text: 'no recording' }]);
  await page.getByRole('heading', { name: WORDS.nothingAdded }).waitFor();
  await page.getByText(WORDS.failures('1', WORDS.files(1)), { exact: true }).waitFor();
  await page.getByRole('button', { name: WORDS.dismiss }).click();
});

test('what is here already is passed over, and that is said', async () => {
  const { page } = day;
  await drop(page, [
    { name: 'again.gpx', text: outing(1) },
    { name: 'and again.gpx', text: outing(2) },
  ]);
  await openFiles(page, WORDS.imported, WORDS.allKnown);
  await page.getByRole('button', { name: WORDS.dismiss }).click();
  await drop(page, [
    { name: 'again.gpx', text: outing(1) },
    { name: 'new.gpx', text: outing(3) },
  ]);
  await openFiles(page, WORDS.imported, WORDS.added('1', WORDS.activities(1)));
  const card = page.getByRole('article', { name: WORDS.importing });
  const known = card.getByRole('listitem').filter({ hasText: 'again.gpx' });
  await known.getByText(FILES.known).waitFor();
  await card.getByRole('button', { name: FILES.outcomes.added }).click();
  await known.waitFor({ state: 'detached' });
  // a click shows where it was
  const before = new URL(page.url()).searchParams.get('map');
  const fresh = card.getByRole('listitem').filter({ hasText: 'new.gpx' });
  await fresh.getByRole('button').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.searchParams.get('map') !== before);
  await assertAccessible(page);
  day.assertSound(server.origin);
});

test('on a phone a folder can be chosen from the panel', async () => {
  const { page } = await watch(browser, PHONE);
  await page.goto(await server.app.signInLink());
  await page.getByRole('button', { name: WORDS.openPanel }).tap();
  const button = page.getByRole('button', { name: WORDS.addFolder });
  await button.scrollIntoViewIfNeeded();
  const chooser = page.waitForEvent('filechooser');
  await button.tap();
  assert.equal((await chooser).isMultiple(), true);
  await assertAccessible(page);
});
