import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { outingAlong, type SharingServer, sharingServer } from '../../server/testing/sharing.ts';
import {
  assertAccessible,
  copiedBy,
  DESKTOP,
  focused,
  launch,
  PHONE,
  type Watched,
  watch,
} from '../testing/browser.ts';
import { COMMON } from '../words/common.ts';
import { SHARE } from '../words/share.ts';
import { WORDS } from '../words.ts';

const HOME = { lng: 11.25, lat: 47.98 };

let server: SharingServer;
let browser: Browser;
let day: Watched;
let link = '';

before(async () => {
  [server, browser] = await Promise.all([sharingServer(), launch()]);
  for (const sport of ['Ride', 'Run']) {
    await server.add([
      outingAlong(
        HOME,
        [
          [0, 0],
          [4000, 1000],
        ],
        { sport, startedAt: sport === 'Run' ? 1.6e9 : 1.65e9 },
      ),
    ]);
  }
  const { body } = await server.ask('GET', '/api/activities');
  const [{ id }] = body.activities;
  await server.ask('PATCH', `/api/activities/${id}`, { hidden: true });
  day = await watch(browser, { ...DESKTOP, permissions: ['clipboard-read', 'clipboard-write'] });
  await day.page.goto(await server.app.signInLink());
  await day.page.getByRole('button', { name: WORDS.menu }).waitFor();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

test('a link is made of what is chosen on the map, and who left out is told', async () => {
  const { page } = day;
  await page.goto(`${server.origin}/?sport=Run&color=glacier&light=1`);
  await page.getByRole('button', { name: WORDS.menu }).click();
  await page.getByRole('button', { name: SHARE.title }).click();
  await page.getByText(SHARE.leftOut.hidden('1', true)).waitFor();
  await page.getByText('in Glacier, brighter', { exact: true }).waitFor();
  await page.locator('.looks').getByText('Run', { exact: true }).waitFor();
  await assertAccessible(page);
  await page.getByRole('textbox', { name: COMMON.name }).fill('Our <rides>');
  await page.getByText(SHARE.terms.week).click();
  await page.getByText(SHARE.viewerFilters).click();
  await page.getByText(SHARE.embed).click();
  await page.getByRole('button', { name: SHARE.make }).click();
  await page.getByText(SHARE.once).waitFor();
  await assertAccessible(page);
  link = await copiedBy(page.getByRole('button', { name: `${COMMON.copy}: ${SHARE.link}` }));
  assert.ok(link.startsWith(`${server.origin}/s/`));

  // selected by dragging, until beside the window, it is still there to be copied
  const shown = page.getByRole('dialog').locator('.copyable code').first();
  const box = (await shown.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(5, 5, { steps: 3 });
  await page.mouse.up();
  await page.getByText(SHARE.once).waitFor();
  await page.mouse.click(5, 5);
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  const { body } = await server.ask('GET', '/api/shares');
  const [{ name, filter, palette, viewerFilters, embed, expiresAt, createdAt }] = body.shares;
  assert.deepEqual(
    { name, filter, palette, viewerFilters, embed },
    {
      name: 'Our <rides>',
      filter: { sport: 'Run' },
      palette: { color: 'glacier', light: 1 },
      viewerFilters: true,
      embed: true,
    },
  );
  assert.equal(Math.round((expiresAt - createdAt) / 86_400), 7);
});

test('a link is changed: whatever is left alone stays as it is', async () => {
  const { page } = day;
  const mine = async () => (await server.ask('GET', '/api/shares')).body.shares[0];
  const before = await mine();
  await page.goto(`${server.origin}/?sport=Ride&color=orchid&opacity=0.5`);
  await page.getByRole('button', { name: WORDS.menu }).click();
  await page.getByRole('button', { name: SHARE.title }).click();
  const change = page.getByRole('button', { name: `${COMMON.change}: Our <rides>` });
  await change.click();
  const name = page.getByRole('textbox', { name: COMMON.name });
  await focused(name);
  assert.equal(await name.inputValue(), 'Our <rides>');
  await page.locator('.looks').getByText('Run', { exact: true }).waitFor();
  await page.getByText('in Glacier, brighter', { exact: true }).waitFor();
  await page.getByText(SHARE.endsAsNow(SHARE.until('in 7 days'))).waitFor();
  await assertAccessible(page);
  await page.getByRole('button', { name: COMMON.cancel }).click();
  await focused(change);

  await change.click();
  await page.getByRole('checkbox', { name: SHARE.embed }).uncheck();
  await page.getByRole('button', { name: COMMON.save }).click();
  await change.waitFor();
  const { lastUsedAt, views, ...kept } = before;
  assert.deepEqual({ ...(await mine()), lastUsedAt, views }, { ...kept, embed: false, lastUsedAt, views });

  await change.click();
  await name.fill('My rides');
  await page.getByText(SHARE.terms.never).click();
  const part = (label: string) => page.getByRole('group', { name: label });
  await part(SHARE.shows).getByText(SHARE.sources.chosen).click();
  await part(SHARE.drawn).getByText(SHARE.sources.chosen).click();
  await page.getByRole('checkbox', { name: SHARE.viewerFilters }).uncheck();
  await page.getByRole('button', { name: COMMON.save }).click();
  await page.getByRole('button', { name: `${COMMON.change}: My rides` }).waitFor();
  const { filter, palette, viewerFilters, expiresAt } = await mine();
  assert.deepEqual(
    { filter, palette, viewerFilters, expiresAt },
    {
      filter: { sport: 'Ride' },
      palette: { color: 'orchid', opacity: 0.5 },
      viewerFilters: false,
      expiresAt: null,
    },
  );
  const facts = await (await fetch(`${server.origin}/api/shared/${link.split('/s/')[1]}`)).json();
  assert.equal(facts.name, 'My rides');
});

test('a link is revoked after a question, and at once', async () => {
  const { page } = day;
  const key = link.split('/s/')[1];
  assert.equal((await fetch(`${server.origin}/api/shared/${key}`)).status, 200);
  await page.getByRole('button', { name: `${COMMON.revoke}: My rides` }).click();
  await page.getByText(SHARE.revokeQuestion('My rides')).waitFor();
  await assertAccessible(page);
  await page.getByRole('button', { name: COMMON.revoke, exact: true }).click();
  await page.getByRole('heading', { name: SHARE.links }).waitFor({ state: 'detached' });
  await focused(page.getByRole('heading', { name: SHARE.title }));
  assert.equal((await fetch(`${server.origin}/api/shared/${key}`)).status, 404);
  day.assertSound(server.origin);
});

test('on a phone the form fits, and a list of many links scrolls', async () => {
  for (let made = 0; made < 12; made++) {
    await server.share({ name: `Link ${made} ${'with a long name '.repeat(4)}` });
  }
  const { page } = await watch(browser, PHONE);
  await page.goto(await server.app.signInLink());
  await page.getByRole('button', { name: WORDS.menu }).tap();
  await page.getByRole('button', { name: SHARE.title }).tap();
  await page.getByText(/^Link 11/).waitFor();
  const dialog = page.locator('.dialog');
  assert.equal(await dialog.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth), true);
  await assertAccessible(page);
});

test('what is being made ready is counted until it is, though an answer fails to come', async () => {
  const { page } = await watch(browser, DESKTOP);
  await page.goto(await server.app.signInLink());
  let asked = 0;
  await page.route('**/api/sharing', async (route) => {
    asked++;
    if (asked === 2) return route.abort();
    if (asked > 2) return route.continue();
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), pending: 3 } });
  });
  await page.getByRole('button', { name: WORDS.menu }).click();
  await page.getByRole('button', { name: SHARE.title }).click();
  const ready = page.getByText(SHARE.leftOut.pending('3', false));
  await ready.waitFor();
  await ready.waitFor({ state: 'detached' });
});
