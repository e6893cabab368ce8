import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { hold, launch, PHONE, watch } from './browser.ts';
import { FOLDER, picture } from './screens.ts';

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** Here the picture is what is tested: a slow machine may take its time. */
const LONG_MS = 120_000;

const kept = () => readdir(FOLDER).catch(() => []);

test('a page is pictured as it is: whatever it waits for, and with its time at a stand', async () => {
  const { page } = await watch(browser, PHONE);
  await page.clock.install();
  const { letGo } = await hold(page, /picture/);
  await page.setContent(
    '<style>@font-face { font-family: f; src: url(http://localhost/picture) }</style>' +
      '<p style="font: 20px f; height: 3000px">Text</p><button>Here</button><img src="http://localhost/picture">',
    { waitUntil: 'commit' },
  );
  await page.locator('button').focus();
  const state = () =>
    page.evaluate(() => [
      scrollY,
      innerWidth,
      innerHeight,
      devicePixelRatio,
      document.activeElement?.tagName,
    ]);
  const before = await state();
  await page.clock.pauseAt(Date.now() + 3_600_000);
  await picture(page, LONG_MS);
  assert.deepEqual(await state(), before);
  assert.ok(Number(before[0]) > 0);
  await picture(page, LONG_MS);
  assert.deepEqual(
    await kept(),
    ['01-a-page-is-pictured-as-it-is-whatever-it-waits-for-and-with-its-time-at-1-phone.jpg'],
    'once, as it did not change',
  );
  letGo();
});

test('a page that is gone, or broke down, is not pictured, and nothing comes of it', async () => {
  const [closed, crashed] = [await watch(browser, PHONE), await watch(browser, PHONE)];
  await closed.page.close();
  const broke = crashed.page.waitForEvent('crash');
  crashed.page.goto('chrome://crash').catch(() => undefined);
  await broke;
  await Promise.all([closed, crashed].map(({ page }) => picture(page)));
  assert.ok((await kept()).every((name) => name.startsWith('01-')));
});
