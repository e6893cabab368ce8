import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { type TestServer, testServer } from '../../server/testing/app.ts';
import { assertAccessible, DESKTOP, launch, type Watched, watch } from '../testing/browser.ts';
import { ACCOUNT } from '../words/account.ts';
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

test('everything is taken along, another browser is signed out, and everything is deleted', async () => {
  const { page } = day;
  const { cookie } = await server.signIn();
  const status = async () => (await fetch(`${server.origin}/api/me`, { headers: { cookie } })).status;
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

  await page.getByRole('button', { name: `${ACCOUNT.remove}: ${ACCOUNT.everything}` }).click();
  await page.getByText(ACCOUNT.removeQuestion).waitFor();
  await assertAccessible(page);
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/account.png` });
  await page.getByRole('button', { name: ACCOUNT.remove, exact: true }).click();
  await page.getByRole('heading', { name: WORDS.signInTitle }).waitFor();
});
