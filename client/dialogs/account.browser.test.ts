import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { type TestServer, testServer } from '../../server/testing/app.ts';
import { assertAccessible, DESKTOP, launch, PHONE, type Watched, watch } from '../testing/browser.ts';
import { ACCOUNT } from '../words/account.ts';
import { COMMON } from '../words/common.ts';
import { WORDS } from '../words.ts';

let server: TestServer;
let browser: Browser;
let day: Watched;

before(async () => {
  [server, browser] = await Promise.all([testServer(), launch()]);
  day = await watch(browser, { ...DESKTOP, acceptDownloads: true });
});
after(async () => {
  await browser?.close();
  await server?.close();
});

test('on a phone it fits, and one signed out everywhere is at the door', async () => {
  const { page } = await watch(browser, PHONE);
  await page.goto(await server.app.signInLink());
  // a finger drops nothing, on a tablet either
  await page.getByText(WORDS.emptyTextFinger).waitFor();
  await page.setViewportSize({ width: 1180, height: 820 });
  await page.waitForFunction(() => innerWidth === 1180);
  await page.getByText(WORDS.emptyTextFinger).waitFor();
  await page.setViewportSize(PHONE.viewport!);
  await page.getByRole('button', { name: WORDS.menu }).tap();
  await page.getByRole('button', { name: ACCOUNT.title }).tap();
  await page.getByText(ACCOUNT.everywhereFacts).waitFor();
  const dialog = page.locator('.dialog');
  assert.equal(await dialog.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth), true);
  await assertAccessible(page);
  await page.getByRole('button', { name: `${ACCOUNT.end}: ${ACCOUNT.everywhere}` }).tap();
  await page.getByText(ACCOUNT.everywhereQuestion).waitFor();
  await page.getByRole('button', { name: ACCOUNT.end, exact: true }).tap();
  await page.getByRole('heading', { name: WORDS.signInTitle }).waitFor();
});

test('everything is taken along, another browser is signed out, and everything is deleted', async () => {
  const { page } = day;
  const { cookie } = await server.signIn();
  const status = async (of = cookie) =>
    (await fetch(`${server.origin}/api/me`, { headers: { cookie: of } })).status;
  await page.goto(await server.app.signInLink());
  await page.getByRole('button', { name: WORDS.menu }).click();
  await page.getByRole('button', { name: ACCOUNT.title }).click();
  await page.getByText(ACCOUNT.here).waitFor();
  await assertAccessible(page);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: ACCOUNT.download }).click(),
  ]);
  assert.match(download.suggestedFilename(), /^pathglow-.*\.zip$/);

  assert.equal(await status(), 200);
  await page.getByRole('button', { name: `${ACCOUNT.end}: ${ACCOUNT.unknown}` }).click();
  await page.getByText(ACCOUNT.endQuestion(ACCOUNT.unknown)).waitFor();
  await page.getByRole('button', { name: ACCOUNT.end, exact: true }).click();
  await page.getByText(ACCOUNT.unknown, { exact: true }).waitFor({ state: 'detached' });
  assert.equal(await status(), 401);

  await page.getByRole('button', { name: ACCOUNT.remove }).click();
  const word = page.getByRole('textbox', { name: ACCOUNT.typeWord(ACCOUNT.word) });
  const now = page.getByRole('button', { name: ACCOUNT.removeNow });
  await word.fill('delet');
  assert.equal(await now.isDisabled(), true);
  await assertAccessible(page);
  await word.press('Enter');
  const other = (await server.signIn()).cookie;
  assert.equal(await status(other), 200, 'half a word deletes nothing');
  await page.getByRole('button', { name: COMMON.keep }).click();
  await page.getByRole('button', { name: ACCOUNT.remove }).click();
  await word.fill('Delete');
  await now.click();
  await page.getByRole('heading', { name: WORDS.signInTitle }).waitFor();
  assert.equal(await status(other), 401);
});
