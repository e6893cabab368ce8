import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { gpxFile } from '../server/demo/gpx-writer.ts';
import { writeDemoExport } from '../server/demo/write-export.ts';
import { type TestServer, testServer } from '../server/testing/app.ts';
import { recordedOuting } from '../server/testing/track-files.ts';
import { until } from '../server/testing/until.ts';
import { type DEFAULT_STATE, filterQuery, parseState } from './state.ts';
import {
  assertAccessible,
  hold,
  isSeen,
  launch,
  PHONE,
  type Point,
  swipe,
  tooSmall,
  type Watched,
  watch,
} from './testing/browser.ts';
import { ACTIVITIES } from './words/activities.ts';
import { COMMON } from './words/common.ts';
import { FILES } from './words/imports.ts';
import { PRIVACY } from './words/privacy.ts';
import { SHARE } from './words/share.ts';
import { WORDS } from './words.ts';

/** All there is to choose and to do, by a finger on a phone. The tests go on from each other. */

let server: TestServer;
let browser: Browser;
let phone: Watched;
let page: Page;

before(async () => {
  [server, browser] = await Promise.all([testServer(), launch()]);
  const file = await writeDemoExport(server.dataDir, { activities: 40 });
  const id = await server.app.importPaths([file]);
  await until(async () => (await server.app.reportOf(id))?.finishedAt);
  phone = await watch(browser, { ...PHONE, permissions: ['clipboard-read', 'clipboard-write'] });
  page = phone.page;
  await page.goto(server.link);
  await button(WORDS.openPanel).tap();
  await page.getByRole('slider', { name: WORDS.timelineFrom }).waitFor();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

const button = (name: string, within: Page | Locator = page) =>
  within.getByRole('button', { name, exact: true });

/** A place within a box, each way from 0 to 1. */
async function inside(one: Locator, across: number, down = 0.5): Promise<Point> {
  await one.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await one.boundingBox())!;
  return [x + width * across, y + height * down];
}

async function swipeOver(one: Locator, from: number, to: number): Promise<void> {
  await swipe(page, await inside(one, from), await inside(one, to));
}

/** Resolves when the page counts as many activities as the server lists for what the address bar says. */
async function counted(): Promise<number> {
  let count = 0;
  // the address bar follows a hand a moment later
  await until(async () => {
    const query = filterQuery(parseState(new URL(page.url()).search));
    const answer = await page.request.get(`${server.origin}/api/activities?${query}`);
    count = (await answer.json()).activities.length;
    const said = await page.locator('.panel-title span').textContent();
    return said?.startsWith(`${count} ${WORDS.activities(count)} ·`);
  });
  return count;
}

/** Resolves when the address bar says this of the view. */
const says = (holds: (state: typeof DEFAULT_STATE) => boolean) =>
  page.waitForURL(({ search }) => holds(parseState(search)));

async function openWindow(label: string): Promise<void> {
  await button(WORDS.menu).tap();
  await button(label).tap();
}

test('sports and dates are chosen; the count follows, the back gesture takes back, and Clear takes all', async () => {
  const everything = await counted();
  await page.locator('.chips .chip').nth(1).tap();
  await says(({ sports }) => sports.length > 0);
  const some = await counted();
  assert.ok(some > 0 && some < everything, `${some} of ${everything}`);
  await button(WORDS.presets.lastYear).tap();
  await says(({ from, to }) => from !== null && to !== null);
  assert.equal(await button(WORDS.presets.lastYear).getAttribute('aria-pressed'), 'true');
  await counted();
  await assertAccessible(page);
  await page.goBack();
  await says(({ sports, from }) => sports.length > 0 && from === null);
  assert.equal(await counted(), some);
  await page.getByText(WORDS.commute.none, { exact: true }).tap();
  await says(({ commute }) => commute === false);
  await counted();
  await button(WORDS.clear).tap();
  await says((state) => filterQuery(state) === '');
  assert.equal(await counted(), everything);
});

test('a finger draws a span over the timeline, moves its end, and scrolls past it', async () => {
  const bars = page.locator('.timeline-bars');
  const ends = [WORDS.timelineFrom, WORDS.timelineTo].map((name) => page.getByRole('slider', { name }));
  const months = () => Promise.all(ends.map(async (end) => Number(await end.getAttribute('aria-valuenow'))));
  const all = await months();
  const monthAt = (share: number) => Math.floor(all[0] + share * (all[1] - all[0] + 1));
  await swipeOver(bars, 0.3, 0.6);
  await says(({ from, to }) => from !== null && to !== null);
  assert.deepEqual(await months(), [monthAt(0.3), monthAt(0.6)]);
  await counted();
  await assertAccessible(page);
  await swipe(page, await inside(ends[1], 0.5), await inside(bars, 0.8));
  await until(async () => (await months())[1] === monthAt(0.8));
  assert.equal((await months())[0], monthAt(0.3));
  await counted();

  const body = page.locator('.panel-body');
  const before = page.url();
  const top = await body.evaluate(({ scrollTop }) => scrollTop);
  const [x, y] = await inside(bars, 0.1);
  // what rolls on swallows the next tap
  await body.evaluate((box) => {
    box.addEventListener('scrollend', () => box.setAttribute('data-still', ''), { once: true });
  });
  await swipe(page, [x, y], [x, y - 200]);
  await page.locator('[data-still]').waitFor();
  assert.ok((await body.evaluate(({ scrollTop }) => scrollTop)) > top + 50);
  assert.equal(page.url(), before);
  await button(WORDS.clear).tap();
  await says((state) => filterQuery(state) === '');
});

test('the years are played, and held', async () => {
  const range = page.locator('.dock-words strong');
  const whole = await range.textContent();
  // it waits before a month that does not come, however late it is stopped
  const december = await hold(page, /\/tiles\/me\/\d.*to=\d{4}-12-/);
  await button(WORDS.play).tap();
  await page.waitForFunction(
    (text) => ![text, ''].includes(document.querySelector('.dock-words strong')?.textContent ?? ''),
    whole,
  );
  await button(WORDS.pause).tap();
  december.letGo();
  await says(({ from, to }) => from !== null && to !== null);
  await counted();
  await button(WORDS.clear).tap();
  await says((state) => filterQuery(state) === '');
});

test('whatever there is to choose is large enough for a finger', async () => {
  await page.getByText(WORDS.ownGradient, { exact: true }).tap();
  await page.locator('.gradient').waitFor();
  const panel = page.getByRole('region', { name: WORDS.panel });
  const small = await tooSmall(panel);
  // years of which there are but some months are as narrow as those
  assert.deepEqual(
    small.filter((one) => !one.includes('<button type="button" aria-pressed')),
    [],
  );
  await button(WORDS.menu).tap();
  assert.deepEqual(await tooSmall(page.locator('.menu-body')), []);
  await page.keyboard.press('Escape');
});

test('palettes and colours of one’s own are chosen, and a stop is dragged', async () => {
  await page.getByText(WORDS.palettes.glacier, { exact: true }).tap();
  await says(({ color }) => color === 'glacier');
  await page.getByText(WORDS.ownGradient, { exact: true }).tap();
  await says(({ gradient }) => gradient !== null);
  const text = page.getByRole('textbox', { name: WORDS.gradient });
  const before = await text.inputValue();
  const [bar, stops] = [page.locator('.gradient-bar'), page.locator('.gradient-stop')];
  await swipe(page, await inside(stops.nth(1), 0.5), await inside(bar, 0.6));
  await says(({ gradient }) => gradient !== null && gradient !== before);
  await button(WORDS.removeStop).tap();
  await page.waitForFunction(() => document.querySelectorAll('.gradient-stop').length === 4);
  await page.getByLabel(WORDS.stopColour, { exact: true }).fill('#00ff00');
  await says(({ gradient }) => gradient?.includes(':00ff00') ?? false);
  await assertAccessible(page);
});

test('brightness and opacity are dragged', async () => {
  await swipeOver(page.getByRole('slider', { name: WORDS.opacity }), 0.97, 0.5);
  await says(({ opacity }) => opacity > 0.4 && opacity < 0.7);
  const brightness = page.getByRole('slider', { name: WORDS.brightness });
  assert.ok(await brightness.isDisabled(), 'colours with counts of their own know how bright they are');
  await page.getByText(WORDS.palettes.glacier, { exact: true }).tap();
  await swipeOver(brightness, 0.5, 0.75);
  await says(({ light }) => light > 0);
  await assertAccessible(page);
});

test('sports take colours of their own, on no map at all', async () => {
  await page.getByText(WORDS.colourBy.sport, { exact: true }).tap();
  await says(({ bySport }) => bySport);
  await page.getByText(WORDS.bases.none, { exact: true }).tap();
  await says(({ base }) => base === 'none');
  await page.getByRole('figure', { name: /^Colours by sport/ }).waitFor();
  await assertAccessible(page);
  await page.getByText(WORDS.colourBy.visits, { exact: true }).tap();
});

test('files are picked; what became of each is listed, and shown on the map', async () => {
  const chooser = page.waitForEvent('filechooser');
  await button(WORDS.addFiles).tap();
  const outing = recordedOuting({ seed: 5, lng: 2.35, lat: 48.85 });
  await (await chooser).setFiles([
    { name: 'new.gpx', mimeType: 'application/gpx+xml', buffer: gpxFile(outing) },
    { name: 'holiday.gpx', mimeType: 'application/gpx+xml', buffer: Buffer.from('GIF89a') },
  ]);
  const card = page.getByRole('article', { name: WORDS.importing });
  await card.getByText(WORDS.importedSome).waitFor();
  await card.getByText(WORDS.failures('1', WORDS.files(1)), { exact: true }).tap();
  await card.getByText('holiday.gpx').waitFor();
  await assertAccessible(page);
  assert.deepEqual(await tooSmall(card), []);
  await button(FILES.all, card).tap();
  await card.getByRole('listitem').filter({ hasText: 'new.gpx' }).getByRole('button').tap();
  await says(({ place }) => place !== null && Math.hypot(place.lng - 2.35, place.lat - 48.85) < 0.2);
  // the panel has made way: between it and the card there is room for all of the track
  const [{ lng, lat }] = outing.lines;
  const track = lng.map((east, at) => [east, lat[at]] as const);
  const boxes = [card, page.getByRole('figure')];
  await until(async () => (await Promise.all(boxes.map((box) => isSeen(page, track, box)))).every(Boolean));
  await assertAccessible(page);
  await button(WORDS.dismiss, card).tap();
  await button(WORDS.openPanel).waitFor();
});

test('an activity is found, deleted, brought back, and seen on the map; the back gesture closes the list', async () => {
  await openWindow(ACTIVITIES.title);
  const list = page.getByRole('dialog', { name: ACTIVITIES.title });
  await list.getByRole('searchbox').fill('round the lake');
  const row = list.locator('.activity', { hasText: 'Round the lake' });
  await row.getByRole('checkbox').tap();
  await assertAccessible(page);
  assert.deepEqual(await tooSmall(list), []);
  const [all, one] = await Promise.all([
    list.locator('.activities-head [type=checkbox]').boundingBox(),
    row.getByRole('checkbox').boundingBox(),
  ]);
  assert.deepEqual([one?.x, one?.width], [all?.x, all?.width], 'box over box');
  await button(ACTIVITIES.delete, list).tap();
  await list.locator('.activity.is-leaving').waitFor();
  await button(ACTIVITIES.undo, list).tap();
  await list.locator('.activity.is-leaving').waitFor({ state: 'detached' });
  await row.locator('[data-show]').tap();
  await page.waitForFunction(() => !document.querySelector('.busy.is-on'));
  await assertAccessible(page);
  await page.goBack();
  await list.waitFor({ state: 'detached' });
  await counted();
});

test('a tap on the map makes a zone', async () => {
  await openWindow(PRIVACY.title);
  const card = page.getByRole('region', { name: PRIVACY.title });
  await card.getByText(PRIVACY.none(true)).waitFor();
  await page.touchscreen.tap(195, 200);
  await card.getByRole('heading', { name: PRIVACY.fresh }).waitFor();
  await card.getByRole('textbox', { name: COMMON.name }).fill('Home');
  await swipeOver(card.getByRole('slider', { name: PRIVACY.radius }), 0.06, 0.3);
  assert.deepEqual(await tooSmall(card), []);
  await assertAccessible(page);
  await button(COMMON.save, card).tap();
  await button(`${COMMON.change}: Home`, card).waitFor();
  await assertAccessible(page);
  const { zones } = await (await page.request.get(`${server.origin}/api/zones`)).json();
  assert.equal(zones.length, 1);
  assert.ok(zones[0].radius > 300);
  await page.goBack();
  await card.waitFor({ state: 'detached' });
});

test('light or dark, kilometres or miles, by a browser too that can keep neither', async () => {
  await page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await button(WORDS.menu).tap();
  await page.getByText(WORDS.themes.light, { exact: true }).tap();
  await page.getByText(WORDS.unitNames.imperial, { exact: true }).tap();
  await page.getByText(/activities · [\d.,]+ mi/).waitFor();
  await assertAccessible(page);
  const before = phone.asked.length;
  await page.touchscreen.tap(195, 60);
  await button(ACTIVITIES.title).waitFor({ state: 'detached' });
  await button(WORDS.openPanel).tap();
  await assertAccessible(page);
  await button(WORDS.closePanel).tap();
  const questions = phone.asked.slice(before).filter((url) => url.includes('/near'));
  assert.deepEqual(questions, [], 'a tap beside the menu only closes it');
});

test('a link is made of what is chosen, and opens on another phone', async () => {
  await openWindow(SHARE.title);
  const window = page.getByRole('dialog', { name: SHARE.title });
  await window.getByRole('textbox', { name: COMMON.name }).fill('My outings');
  await window.getByText(SHARE.terms.week, { exact: true }).tap();
  await window.getByText(SHARE.viewerFilters, { exact: true }).tap();
  await assertAccessible(page);
  await button(SHARE.make, window).tap();
  await window.getByText(SHARE.once).waitFor();
  await assertAccessible(page);
  const link = await window.locator('.fresh code').first().textContent();
  await button(WORDS.dismiss, window).tap();
  await window.waitFor({ state: 'detached' });
  const other = await watch(browser, PHONE);
  await other.page.goto(link!);
  await other.page.getByRole('heading', { name: 'My outings' }).waitFor();
  await other.page.getByRole('figure').waitFor();
  await assertAccessible(other.page);
  other.assertSound(server.origin);
  phone.assertSound(server.origin);
});
