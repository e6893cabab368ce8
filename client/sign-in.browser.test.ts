import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { type TestServer, testServer } from '../server/testing/app.ts';
import { assertAccessible, DESKTOP, launch, watch } from './testing/browser.ts';
import { WORDS } from './words.ts';

const PASSWORD = 'correct horse battery';

let server: TestServer;
let browser: Browser;

before(async () => {
  [server, browser] = await Promise.all([testServer({ OWNER_PASSWORD: PASSWORD }), launch()]);
});

after(async () => {
  await browser?.close();
});

test('a server with a password asks for it; one that goes away is waited for', async () => {
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
  await server.close();
  await page.getByText(WORDS.gone).waitFor();
});
