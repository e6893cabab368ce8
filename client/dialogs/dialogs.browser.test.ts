import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import { outingAlong, type SharingServer, sharingServer } from '../../server/testing/sharing.ts';
import {
  assertAccessible,
  DESKTOP,
  focused,
  launch,
  PHONE,
  tooSmall,
  type Watched,
  watch,
} from '../testing/browser.ts';
import { ACTIVITIES } from '../words/activities.ts';
import { COMMON } from '../words/common.ts';
import { PROGRAMS } from '../words/programs.ts';
import { SHARE } from '../words/share.ts';
import { WORDS } from '../words.ts';
import { DIALOG_NAMES, DIALOGS, type DialogName } from './table.ts';

/** Every window there is, found from their table, with names as long and as unbroken as people may choose them. */

const HOME = { lng: 11.25, lat: 47.98 };
const WORD = 'Donaudampfschifffahrtsgesellschaftskapitän';
const SIZES = { desktop: DESKTOP, phone: PHONE } as const;

let server: SharingServer;
let browser: Browser;
const pages = {} as Record<keyof typeof SIZES, Watched>;

before(async () => {
  // the window about Strava is there where Strava is
  const strava = { STRAVA_CLIENT_ID: '1', STRAVA_CLIENT_SECRET: 'secret' };
  [server, browser] = await Promise.all([sharingServer(strava), launch()]);
  const names = [WORD.repeat(5).slice(0, 200), 'a b '.repeat(50), '<b>Über</b> & “Paß”'];
  await server.add(
    names.map((name, at) => ({
      ...outingAlong(
        HOME,
        [
          [0, 0],
          [4000, 1000 * at],
        ],
        { startedAt: 1.6e9 + at * 86_400 },
      ),
      name,
    })),
  );
  for (const name of [WORD.repeat(3).slice(0, 100), 'Short']) {
    await server.share({ name, filter: { sport: 'Ride,Run,Hike', to: '2024-12-31' } });
    assert.equal((await server.ask('POST', '/api/keys', { name })).status, 201);
    assert.equal((await server.ask('POST', '/api/zones', { name, ...HOME, radius: 300 })).status, 201);
  }
  for (const size of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
    pages[size] = await watch(browser, SIZES[size]);
    const { page } = pages[size];
    await page.goto(await server.app.signInLink());
    await page.goto(`${server.origin}/?base=none`);
  }
});

after(async () => {
  await browser?.close();
  await server?.close();
});

/** What reaches over a box's sides, but for what scrolls or is cut off within it. */
function leaning(box: Locator): Promise<string[]> {
  return box.evaluate((outer) => {
    const { left, right } = outer.getBoundingClientRect();
    const isHeld = (one: Element): boolean =>
      one !== outer && (getComputedStyle(one).overflowX !== 'visible' || isHeld(one.parentElement!));
    const isOver = (one: Element) => {
      const box = one.getBoundingClientRect();
      return box.width > 0 && (box.left < left - 1 || box.right > right + 1) && !isHeld(one.parentElement!);
    };
    const found = [...outer.querySelectorAll('*')]
      .filter(isOver)
      .map(({ outerHTML }) => outerHTML.slice(0, 200));
    return outer.scrollWidth > outer.clientWidth ? ['it scrolls sideways', ...found] : found;
  });
}

for (const name of DIALOG_NAMES) {
  for (const size of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
    test(`${name}: all can use it, and nothing leans out of it, dark and light, ${size}`, async () => {
      const { page } = pages[size];
      const { label } = DIALOGS[name];
      const menu = page.getByRole('button', { name: WORDS.menu });
      await menu.click();
      await page.getByRole('button', { name: label, exact: true }).click();
      const title = page.getByRole('heading', { name: label, level: 2, exact: true });
      const box = page.locator('.card').filter({ has: title });
      await box.waitFor();
      await box.locator('.pending').first().waitFor({ state: 'detached' });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.locator(`html[data-theme=${colorScheme}]`).waitFor();
        await assertAccessible(page, box);
      }
      assert.deepEqual(await leaning(box), []);
      if (size === 'phone') assert.deepEqual(await tooSmall(box), []);
      const width = SIZES[size].viewport!.width;
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
      await page.keyboard.press('Escape');
      await box.waitFor({ state: 'detached' });
      await focused(menu);
    });
  }
}

test('a window begins in its first field, or at its title; on a phone, whose keyboard would cover it, at its title', async () => {
  const begins = async (name: DialogName, size: keyof typeof SIZES, role: 'heading' | 'textbox') => {
    const { page } = pages[size];
    await page.getByRole('button', { name: WORDS.menu }).click();
    await page.getByRole('button', { name: DIALOGS[name].label, exact: true }).click();
    await focused(page.getByRole('dialog').getByRole(role).first());
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  };
  await begins('share', 'desktop', 'textbox');
  await begins('poster', 'desktop', 'textbox');
  await begins('help', 'desktop', 'heading');
  await begins('share', 'phone', 'heading');
});

test('the back button closes a window, and leaves filter and map as they were', async () => {
  const { page } = pages.desktop;
  await page.getByRole('button', { name: WORDS.presets.lastYear }).click();
  await page.waitForURL(/from=/);
  await page.getByRole('button', { name: WORDS.menu }).click();
  await page.getByRole('button', { name: DIALOGS.activities.label, exact: true }).click();
  await page.getByRole('dialog').getByText(ACTIVITIES.everything, { exact: true }).click();
  await page.locator('[data-show]').first().click();
  await page.waitForURL(/map=/);
  await page.goBack();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await focused(page.getByRole('button', { name: WORDS.menu }));
  // the step before it knew of no place
  await page.waitForURL(({ searchParams }) => searchParams.has('map') && searchParams.has('from'));
  await page.goForward();
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.goBack();
  await page.waitForURL(({ searchParams }) => !searchParams.has('from'));
});

test('a window that is opened while the step of the one before is still going stays', async () => {
  const { page } = pages.desktop;
  const menu = page.getByRole('button', { name: WORDS.menu });
  await menu.click();
  await page.getByRole('button', { name: DIALOGS.help.label, exact: true }).click();
  await page.getByRole('dialog', { name: DIALOGS.help.label }).waitFor();
  // faster than any hand: the browser goes back a moment after it was asked to
  const wasThere = await page.evaluate(
    async ({ menu, label }) => {
      const heard = (one: EventTarget, what: string) =>
        new Promise((resolve) => one.addEventListener(what, resolve, { once: true }));
      const buttons = () => [...document.querySelectorAll('button')];
      const dialog = document.querySelector('dialog')!;
      const hasGone = heard(window, 'popstate');
      const isClosed = heard(dialog, 'close');
      dialog.close();
      await isClosed;
      buttons()
        .find((one) => one.ariaLabel === menu)!
        .click();
      // the menu is drawn
      await Promise.resolve();
      await Promise.resolve();
      buttons()
        .find((one) => one.textContent === label)!
        .click();
      const wasThere = 'dialog' in (history.state ?? {});
      await hasGone;
      return wasThere;
    },
    { menu: WORDS.menu, label: DIALOGS.account.label },
  );
  assert.ok(wasThere, 'the step of the first was still there when the second was opened');
  const second = page.getByRole('dialog', { name: DIALOGS.account.label });
  await second.waitFor();
  await page.goBack();
  await second.waitFor({ state: 'detached' });
  await focused(menu);
});

for (const [name, make] of [
  ['share', SHARE.make],
  ['programs', PROGRAMS.make],
] as const) {
  test(`${name}: what was just made of a long name leans out of nothing on a phone`, async () => {
    const { page } = pages.phone;
    const { label } = DIALOGS[name];
    await page.getByRole('button', { name: WORDS.menu }).click();
    await page.getByRole('button', { name: label, exact: true }).click();
    await page.getByRole('textbox', { name: COMMON.name }).fill(WORD.repeat(3).slice(0, 100));
    await page.getByRole('button', { name: make, exact: true }).click();
    const made = page.locator('.fresh');
    await made.waitFor();
    assert.deepEqual(await leaning(made), []);
    await focused(made.getByRole('heading'));
    await page.keyboard.press('Escape');
    await made.waitFor({ state: 'detached' });
  });
}

test('what leans out would be found', async () => {
  const { page } = pages.phone;
  await page.getByRole('button', { name: WORDS.menu }).click();
  await page.getByRole('button', { name: DIALOGS.help.label, exact: true }).click();
  const box = page.getByRole('dialog');
  await box
    .locator('.note')
    .first()
    .evaluate(({ style }) => {
      style.width = '500px';
    });
  assert.ok((await leaning(box)).length > 1);
});

test('none of them broke a rule or asked anybody else', () => {
  for (const { assertSound } of Object.values(pages)) assertSound(server.origin);
});
