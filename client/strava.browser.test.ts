import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type StravaServer, stravaServer } from '../server/testing/strava.ts';
import { recordedOuting } from '../server/testing/track-files.ts';
import { assertAccessible, DESKTOP, drawnShare, launch, PHONE, tooSmall, watch } from './testing/browser.ts';
import { WORDS } from './words.ts';

/** From the button to the map and away again, in a real browser, before a real server and a simulated Strava. */

const words = WORDS.strava;
let server: StravaServer;
let browser: Browser;
let page: Page;

before(async () => {
  const activities = [1, 2, 3].map((seed) => ({
    raw: recordedOuting({ seed, startedAt: 1_760_000_000 + seed * 86_400 }),
  }));
  [server, browser] = await Promise.all([
    stravaServer(
      { athletes: [{ activities }, { firstname: 'Bo' }], app: { capacity: 1 } },
      { STRAVA_ATHLETE_LIMIT: '1' },
    ),
    launch(),
  ]);
});

after(async () => {
  await browser?.close();
  await server?.close();
});

beforeEach(async () => {
  ({ page } = await watch(browser, DESKTOP));
  await page.goto(server.origin);
});

// else it would follow, and draw, what happens in the tests after it
afterEach(() => page.context().close());

const toStrava = () => page.getByRole('link', { name: words.connect, exact: true }).click();
const press = (name: string) => page.getByRole('button', { name }).click();

test('who declines is told that nothing was connected', async () => {
  await page.getByText(words.consent).waitFor();
  await page.getByText(words.forWhom(false)).waitFor();
  await page.getByText(words.howLong(null)).waitFor();
  await assertAccessible(page);
  await toStrava();
  await press('Cancel');
  await page.getByText(words.outcomes.denied).waitFor();
  await assertAccessible(page);
});

test('who unticks the activities is told what is missing', async () => {
  await toStrava();
  await page.getByRole('checkbox', { name: 'activity:read' }).uncheck();
  await press('Authorize');
  await page.getByText(words.outcomes.scope).waitFor();
});

test('who approves sees the map fill, and all that is known of the connection', async () => {
  await toStrava();
  await press('Authorize');
  await page.getByText(/^Up to date/).waitFor();
  await page.getByText(/^3 activities/).waitFor();
  await page.locator('.map').getByText(words.powered).waitFor();
  assert.equal(new URL(page.url()).origin, server.origin);
  assert.ok((await drawnShare(page, `${server.origin}/tiles/me/0/0/0.png?hot=1`)) > 0);
  await page.reload();
  await page.getByText(/^Up to date/).click();
  await page.getByText(words.connectedAs('Ada Example')).waitFor();
  assert.match(
    (await page.getByRole('link', { name: words.view }).getAttribute('href'))!,
    /\/athletes\/\d+$/,
  );
  await assertAccessible(page);
});

test('when all places are taken, it is said before anybody leaves for Strava', async () => {
  await page.getByText(words.full(1)).waitFor();
  const [, bo] = server.strava.athletes;
  server.strava.choices.signedIn = bo.id;
  await toStrava();
  await page.getByText('Limit of connected athletes exceeded').first().waitFor();
  server.strava.choices.signedIn = server.strava.athletes[0].id;
});

test('what is new, renamed or gone at Strava shows by itself once it is looked for', async () => {
  await toStrava();
  await page.getByText(/^3 activities/).waitFor();
  const [{ id: athleteId }] = server.strava.athletes;
  const [latest] = server.strava.accounts.activitiesOf(athleteId);
  server.strava.clock.advance(60_000);
  server.strava.removeActivity(latest.id);
  for (const seed of [7, 8])
    server.strava.addActivity(athleteId, { raw: recordedOuting({ seed, sport: 'Run' }) });
  await page.getByText(/^Up to date/).click();
  await press(words.syncNow);
  await page.keyboard.press('Escape');
  await page.getByText(/^4 activities/).waitFor();
});

test('who disconnects has nothing of Strava left, here and there', async () => {
  await toStrava();
  await page.getByText(/^Up to date/).click();
  await press(words.disconnect);
  await page.getByText(words.disconnectWhat).waitFor();
  await assertAccessible(page);
  await press(words.disconnectNow);
  await page.getByText(words.consent).first().waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: WORDS.emptyTitle }).waitFor();
  assert.deepEqual(server.strava.grants.connected, []);
});

test('on a phone it is connected, looked at and disconnected by touch', async () => {
  await page.context().close();
  ({ page } = await watch(browser, PHONE));
  await page.goto(server.origin);
  const connect = page.getByRole('link', { name: words.connect, exact: true });
  await connect.waitFor();
  assert.deepEqual(await tooSmall(page.locator('.centre')), []);
  await assertAccessible(page);
  await connect.tap();
  await page.getByRole('button', { name: 'Authorize' }).tap();
  await page.getByText(/^Up to date/).tap();
  const window = page.getByRole('dialog');
  await window.getByText(words.connectedAs('Ada Example')).waitFor();
  assert.deepEqual(await tooSmall(window), []);
  await assertAccessible(page);
  await window.getByRole('button', { name: words.disconnect, exact: true }).tap();
  await window.getByRole('button', { name: words.disconnectNow }).tap();
  await window.getByText(words.consent).waitFor();
  await page.goBack();
  await window.waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: WORDS.emptyTitle }).waitFor();
  assert.deepEqual(server.strava.grants.connected, []);
});
