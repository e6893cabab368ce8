import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import { outingAlong, type SharingServer, sharingServer } from '../../server/testing/sharing.ts';
import { until } from '../../server/testing/until.ts';
import {
  assertAccessible,
  DESKTOP,
  focused,
  launch,
  PHONE,
  type Watched,
  watch,
} from '../testing/browser.ts';
import { COMMON } from '../words/common.ts';
import { PRIVACY } from '../words/privacy.ts';
import { WORDS } from '../words.ts';
import { parseMiddle } from './circle.ts';

const HOME = { lng: 11.25, lat: 47.98 };

let server: SharingServer;
let browser: Browser;
let day: Watched;

before(async () => {
  [server, browser] = await Promise.all([sharingServer(), launch()]);
  await server.add(
    [0, 1, 2].map((at) =>
      outingAlong(
        HOME,
        [
          [0, 0],
          [4000, 1000 - 900 * at],
        ],
        { startedAt: 1.6e9 + at * 86_400 },
      ),
    ),
  );
  day = await watch(browser, DESKTOP);
  await day.page.goto(await server.app.signInLink());
  await day.page.getByRole('button', { name: WORDS.menu }).click();
  await day.page.getByRole('button', { name: PRIVACY.title }).click();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

const zones = async () => (await server.ask('GET', '/api/zones')).body.zones;

test('home is suggested, named, and a zone', async () => {
  const { page } = day;
  await page.getByText(PRIVACY.suggestion('3'), { exact: true }).waitFor();
  await assertAccessible(page);
  await page.getByRole('button', { name: `${PRIVACY.add}: ${PRIVACY.suggestion('3')}` }).click();
  await page.getByRole('textbox', { name: COMMON.name }).fill('Home');
  await page.getByRole('slider', { name: PRIVACY.radius }).fill('500');
  await assertAccessible(page);
  await page.getByRole('button', { name: COMMON.save }).click();
  await page.getByRole('button', { name: `${COMMON.change}: Home` }).waitFor();
  const [{ name, lng, lat, radius }] = await zones();
  assert.deepEqual([name, radius], ['Home', 500]);
  assert.ok(Math.abs(lng - HOME.lng) < 0.001 && Math.abs(lat - HOME.lat) < 0.001);
  await page.getByText(PRIVACY.suggestions).waitFor({ state: 'detached' });
});

test('a click on the map makes a zone, another moves it', async () => {
  const { page } = day;
  await page.mouse.click(700, 300);
  await page.getByRole('heading', { name: PRIVACY.fresh }).waitFor();
  await focused(page.locator('.map canvas'));
  await page.getByRole('textbox', { name: COMMON.name }).fill('Work');
  await page.mouse.click(700, 600);
  await page.getByRole('button', { name: COMMON.save }).click();
  await page.getByRole('button', { name: `${COMMON.change}: Work` }).waitFor();
  const [home, work] = await zones();
  assert.ok(work.lat < home.lat, 'where it was clicked last');
});

test('a zone is made, moved, sized and removed without a pointer', async () => {
  const { page } = day;
  const press = async (one: Locator, key: string) => {
    await one.focus();
    await page.keyboard.press(key);
  };
  // on the map, too; the key that did it sends nothing
  await press(page.locator('.map canvas'), 'Enter');
  await focused(page.getByRole('textbox', { name: COMMON.name }));
  await press(page.getByRole('button', { name: COMMON.cancel }), 'Enter');
  await press(page.getByRole('button', { name: PRIVACY.addInMiddle }), 'Enter');
  await focused(page.getByRole('textbox', { name: COMMON.name }));
  await page.keyboard.type('Club');
  await page.keyboard.press('Tab');
  const middle = page.getByRole('textbox', { name: PRIVACY.middle });
  await focused(middle);
  const before = parseMiddle(await middle.inputValue())!;
  await page.keyboard.press('Tab');
  await focused(page.getByRole('button', { name: PRIVACY.west }));
  for (const key of ['ArrowUp', 'ArrowUp', 'ArrowRight']) await page.keyboard.press(key);
  await press(page.getByRole('button', { name: PRIVACY.north }), 'Space');
  const told = page.getByRole('status').filter({ hasText: /^-?\d+\.\d+, / });
  await until(async () => (await told.textContent()) === (await middle.inputValue()));
  const after = parseMiddle(await middle.inputValue())!;
  const metres = (degrees: number) => degrees * 111_195;
  assert.ok(Math.abs(metres(after.lat - before.lat) - 3 * 60) < 3, 'three fifths of 300 m to the north');
  assert.ok(after.lng > before.lng);
  await assertAccessible(page);

  await middle.fill('nowhere');
  assert.equal(await middle.getAttribute('aria-invalid'), 'true');
  await middle.fill('48.1, 11.4');
  await press(page.getByRole('slider', { name: PRIVACY.radius }), 'PageUp');
  await press(page.getByRole('button', { name: COMMON.save }), 'Enter');
  const change = page.getByRole('button', { name: `${COMMON.change}: Club` });
  await change.waitFor();
  await focused(page.getByRole('region', { name: PRIVACY.title }));
  const { lng, lat, radius } = (await zones()).find(({ name }: { name: string }) => name === 'Club');
  assert.deepEqual([lng, lat], [11.4, 48.1]);
  assert.ok(radius > 300);

  await press(change, 'Enter');
  await press(page.getByRole('button', { name: COMMON.cancel }), 'Enter');
  await focused(page.getByRole('region', { name: PRIVACY.title }));
  await press(page.getByRole('button', { name: `${PRIVACY.remove}: Club` }), 'Enter');
  await focused(page.getByRole('button', { name: COMMON.keep }));
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await change.waitFor({ state: 'detached' });
  // whoever works by keys goes on beside what went
  await focused(page.getByRole('button', { name: `${COMMON.change}: Work` }));
});

test('the map is shown as others see it, until the card is closed', async () => {
  const { page, asked } = day;
  await page.getByRole('checkbox', { name: PRIVACY.asOthers }).check();
  await until(() => asked.some((url) => url.includes('/tiles/public/1')));
  await page.getByText(/can be seen by others/).waitFor();
  await assertAccessible(page);
});

test('ends are hidden when that is saved', async () => {
  const { page } = day;
  await page.getByRole('slider', { name: PRIVACY.first }).fill('250');
  await page.getByRole('button', { name: COMMON.save }).click();
  await page.getByRole('button', { name: COMMON.save }).waitFor({ state: 'detached' });
  const { body } = await server.ask('GET', '/api/me/privacy');
  assert.deepEqual(body, { hideFirst: 250, hideLast: 200 });
});

test('a zone is removed after a question', async () => {
  const { page } = day;
  await page.getByRole('button', { name: `${PRIVACY.remove}: Work` }).click();
  await page.getByText(PRIVACY.removeQuestion('Work')).waitFor();
  await page.getByRole('button', { name: PRIVACY.remove, exact: true }).click();
  await page.getByText('Work', { exact: true }).waitFor({ state: 'detached' });
  assert.deepEqual(
    (await zones()).map(({ name }: { name: string }) => name),
    ['Home'],
  );
  await page.getByRole('button', { name: WORDS.dismiss }).click();
  await page.getByRole('heading', { name: PRIVACY.title }).waitFor({ state: 'detached' });
});

test('what is chosen beside the card stays when it is closed; going back undoes that, and opens no card', async () => {
  const { page } = day;
  const title = page.getByRole('heading', { name: PRIVACY.title });
  const open = async () => {
    await page.getByRole('button', { name: WORDS.menu }).click();
    await page.getByRole('button', { name: PRIVACY.title }).click();
    await title.waitFor();
  };
  const close = async () => {
    await page.getByRole('button', { name: WORDS.dismiss }).click();
    await title.waitFor({ state: 'detached' });
  };
  const says = (light: string | null, from: boolean) =>
    page.waitForURL(
      ({ searchParams }) => searchParams.get('light') === light && searchParams.has('from') === from,
    );
  const stepIs = (dialog: string | null) =>
    page.waitForFunction((name) => (history.state?.dialog ?? null) === name, dialog);
  await open();
  await page.getByRole('slider', { name: WORDS.brightness }).fill('1');
  await says('1', false);
  await close();
  await stepIs(null);
  await says('1', false);
  await open();
  await page.getByRole('slider', { name: WORDS.brightness }).fill('2');
  await says('2', false);
  await page.getByRole('button', { name: WORDS.presets.lastYear }).click();
  await says('2', true);
  await page.goBack();
  await says('2', false);
  assert.ok(await title.isVisible(), 'the choice is taken back, and no more');
  await page.getByRole('button', { name: WORDS.presets.lastYear }).click();
  await says('2', true);
  await close();
  await page.goBack();
  await says('2', false);
  await stepIs(null);
  assert.equal(await title.count(), 0);
  day.assertSound(server.origin);
});

test('on a phone the card leaves the map in view', async () => {
  const { page } = await watch(browser, PHONE);
  await page.goto(await server.app.signInLink());
  const name = 'The house of my grandmother by the river, second door, and some of the way there';
  const added = await page.request.post(`${server.origin}/api/zones`, {
    data: { name, lng: HOME.lng, lat: HOME.lat, radius: 200 },
    headers: { origin: server.origin },
  });
  assert.ok(added.ok());
  await page.getByRole('button', { name: WORDS.menu }).tap();
  await page.getByRole('button', { name: PRIVACY.title }).tap();
  const change = (zone: string) => page.getByRole('button', { name: `${COMMON.change}: ${zone}` });
  const [short, long] = await Promise.all([change('Home').boundingBox(), change(name).boundingBox()]);
  assert.equal(long?.x, short?.x, 'the buttons of a long name are where those of others are');
  const words = page.getByTitle(name, { exact: true });
  const lines = await words.evaluate(
    (one) => one.clientHeight / Number.parseFloat(getComputedStyle(one).lineHeight),
  );
  assert.equal(Math.round(lines), 2);
  assert.equal(await words.textContent(), name);
  const box = await page.locator('.privacy').boundingBox();
  assert.ok(box && box.y > 844 * 0.3);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  await assertAccessible(page);
});
