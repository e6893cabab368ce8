import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { type TestServer, testServer } from '../server/testing/app.ts';
import { assertAccessible, DESKTOP, launch, watch } from './testing/browser.ts';
import { WORDS } from './words.ts';

const PASSWORD = 'correct horse battery';

let server: TestServer;
let browser: Browser;
let isClosed = false;

before(async () => {
  [server, browser] = await Promise.all([testServer({ OWNER_PASSWORD: PASSWORD }), launch()]);
});

after(async () => {
  await browser?.close();
  if (!isClosed) await server?.close();
});

test('a server with a password asks for it, says when it did not sign out, and is waited for when it goes away', async () => {
  const { page } = await watch(browser, DESKTOP);
  await page.goto(server.origin);
  const field = page.getByLabel(WORDS.password);
  await field.fill('wrong');
  await page.keyboard.press('Enter');
  await page.getByText('That is not the password.').waitFor();
  await assertAccessible(page);
  await field.fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: WORDS.emptyTitle }).waitFor();
  assert.equal(page.url(), `${server.origin}/`);
  const signOut = async () => {
    await page.getByRole('button', { name: WORDS.menu }).click();
    await page.getByRole('button', { name: WORDS.signOut }).click();
  };
  await page.route('**/auth/logout', (route) => route.abort('connectionreset'));
  await signOut();
  await page.getByText(WORDS.signOutFailed).waitFor();
  await page.unroute('**/auth/logout');
  await signOut();
  await field.waitFor();
  await page.getByText(WORDS.signOutFailed).waitFor({ state: 'detached' });
  await field.fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: WORDS.emptyTitle }).waitFor();
  isClosed = true;
  await server.close();
  await page.getByText(WORDS.gone).waitFor();
});
