import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { gpxFile } from '../server/demo/gpx-writer.ts';
import { type TestServer, testServer } from '../server/testing/app.ts';
import { recordedOuting } from '../server/testing/track-files.ts';
import { until } from '../server/testing/until.ts';
import { assertAccessible, drop, hold, launch, type Watched, watch } from './testing/browser.ts';
import { WORDS } from './words.ts';

let server: TestServer;
let browser: Browser;
/** One athlete's page; the tests go on from each other. */
let visit: Watched;

const seconds = (day: string) => Date.parse(`${day}T08:00:00Z`) / 1000;
/** Two rides on one road, years apart, and a run elsewhere between them. */
const OUTINGS = [
  { seed: 1, sport: 'Ride', day: '2021-02-10' },
  { seed: 1, sport: 'Ride', day: '2023-06-20' },
  { seed: 2, sport: 'Run', day: '2022-04-05' },
];

before(async () => {
  [server, browser] = await Promise.all([testServer(), launch()]);
  // small, as software draws it: the fewer tiles the sooner
  visit = await watch(browser, { viewport: { width: 1000, height: 700 } });
  await visit.page.goto(server.link);
  await visit.page.getByRole('heading', { name: WORDS.emptyTitle }).waitFor();
  await drop(
    visit.page,
    OUTINGS.map(({ seed, sport, day }, at) => ({
      name: `${at}.gpx`,
      text: gpxFile(recordedOuting({ seed, points: 1500, sport, startedAt: seconds(day) })).toString(),
    })),
  );
  // as the panel counts them, which hears of the last one after its import has ended
  await visit.page.getByText('3 activities ·').waitFor();
  await visit.page.getByRole('slider', { name: WORDS.timelineFrom }).waitFor();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

const summary = (page: Page) => page.locator('.panel-title span');

test('a group of sports is chosen as one; the count and the distance follow', async () => {
  const { page } = visit;
  const everything = await summary(page).textContent();
  await page.getByRole('button', { name: /^Ride/ }).click();
  await page.waitForURL(/sport=Ride/);
  await page.getByText('2 activities ·').waitFor();
  assert.notEqual(await summary(page).textContent(), everything);
});

test('a year is chosen on the timeline; the browser’s back button takes back each choice', async () => {
  const { page } = visit;
  await page.getByRole('button', { name: '2023', exact: true }).click();
  await page.waitForURL(/sport=Ride&from=2023-01-01&to=2023-12-31/);
  await page.getByText('1 activity ·').waitFor();
  await page.goBack();
  await page.waitForURL((url) => url.search.includes('sport=Ride') && !url.search.includes('from'));
  await page.getByText('2 activities ·').waitFor();
  await page.goBack();
  await page.waitForURL((url) => !url.search.includes('sport'));
  await page.getByText('3 activities ·').waitFor();
});

test('a span is dragged over the bars, moved, and cleared', async () => {
  const { page } = visit;
  const bars = page.locator('.timeline-bars');
  const { x, y, width, height } = (await bars.boundingBox())!;
  const at = (share: number) => [x + width * share, y + height / 2] as const;
  // from February 2021 to June 2023 are 29 months
  await page.mouse.move(...at(10.5 / 29));
  await page.mouse.down();
  await page.mouse.move(...at(15.5 / 29), { steps: 5 });
  await page.mouse.up();
  await page.waitForURL(/from=2021-12-01&to=2022-05-31/);
  await page.getByText('1 activity ·').waitFor();
  await page.mouse.move(...at(12.5 / 29));
  await page.mouse.down();
  await page.mouse.move(...at(25.5 / 29), { steps: 5 });
  await page.mouse.up();
  await page.waitForURL(/from=2023-01-01(?!.*to=)/);
  await page.getByRole('button', { name: WORDS.clear }).click();
  await page.waitForURL((url) => !url.search.includes('from'));
});

test('its ends are moved by the keyboard', async () => {
  const { page } = visit;
  const end = page.getByRole('slider', { name: WORDS.timelineTo });
  await end.focus();
  await page.keyboard.press('PageDown');
  await page.waitForURL(/[?&]to=2022-06-30/);
  assert.equal(await end.getAttribute('aria-valuetext'), 'Jun 2022');
  await page.keyboard.press('End');
  await page.waitForURL((url) => !url.search.includes('to='));
});

test('the years are played: the map grows, holds where it is stopped, and goes on from there', async () => {
  const { page, asked } = visit;
  const before = asked.length;
  // it waits before months that do not come: it is stopped there, however long that takes
  const [june, december] = [
    await hold(page, /\/tiles\/me\/\d.*to=2021-06-/),
    await hold(page, /\/tiles\/me\/\d.*to=2021-12-/),
  ];
  await page.getByRole('button', { name: `${WORDS.speed}: ${WORDS.times(1)}` }).click();
  await page.getByRole('button', { name: WORDS.play }).click();
  await page.getByText('Feb 2021 – May 2021', { exact: true }).waitFor();
  const whilePlaying = asked.slice(before);
  await page.getByRole('button', { name: WORDS.pause }).click();
  await page.waitForURL(/from=2021-02-01&to=2021-05-31/);
  await page.getByRole('button', { name: WORDS.play }).click();
  // had it begun anew, it would wait before it again
  await page.getByText('Feb 2021 – Jun 2021', { exact: true }).waitFor();
  june.letGo();
  await page.getByText('Feb 2021 – Nov 2021', { exact: true }).waitFor();
  await page.getByRole('button', { name: WORDS.pause }).click();
  await page.waitForURL(/from=2021-02-01&to=2021-11-30/);
  december.letGo();
  assert.ok(whilePlaying.some((url) => /tiles\/me\/\d.*from=2021-02-01&to=2021-03-31/.test(url)));
  // only what is of a frame: what an earlier filter still had to ask for may come late
  const framed = whilePlaying.filter((url) => url.includes('from=2021-02-01'));
  assert.ok(
    !framed.some((url) => url.includes('tile.json')),
    'frames keep the exposure of the whole, and ask for none',
  );
  const tiles = framed.filter((url) => /tiles\/me\/\d/.test(url));
  assert.equal(new Set(tiles).size, tiles.length, 'what was fetched ahead is not asked for again');
  await page.getByRole('button', { name: WORDS.clear }).click();
  await page.waitForURL((url) => !url.search.includes('from'));
  // the space bar plays and holds wherever it has no other use
  const march = await hold(page, /\/tiles\/me\/\d.*to=2022-03-/);
  await page.locator('canvas').first().focus();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: WORDS.pause }).waitFor();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: WORDS.play }).waitFor();
  march.letGo();
  await page.getByRole('button', { name: WORDS.clear }).click();
  await page.waitForURL((url) => !url.search.includes('from'));
});

test('what others may not see is told apart, once there is any', async () => {
  const { page } = visit;
  const seen = page.getByRole('group', { name: WORDS.seenBy });
  assert.equal(await seen.count(), 0);
  const { activities } = await (await page.request.get(`${server.origin}/api/activities?sport=Run`)).json();
  const headers = { origin: server.origin };
  const one = `${server.origin}/api/activities/${activities[0].id}`;
  assert.ok((await page.request.patch(one, { data: { hidden: true }, headers })).ok());
  await seen.getByText(WORDS.seen.private).click();
  await page.waitForURL(/[?&]visibility=private/);
  await page.getByText('1 activity ·').waitFor();
  await seen.getByText(WORDS.seen.public).click();
  await page.getByText('2 activities ·').waitFor();
  await assertAccessible(page);
  assert.ok((await page.request.patch(one, { data: { hidden: false }, headers })).ok());
  await page.getByRole('button', { name: WORDS.clear }).click();
  await seen.waitFor({ state: 'detached' });
});

test('sports have colours of their own, each from its own tiles', async () => {
  const { page, asked } = visit;
  await page.getByText(WORDS.colourBy.sport, { exact: true }).click();
  await page.waitForURL(/by=sport/);
  const legend = page.getByRole('figure');
  await legend.getByText(WORDS.groups.runs).waitFor();
  // now, or earlier: what came for one sport alone is kept
  const askedFor = (sport: string) =>
    asked.some((url) => /tiles\/me\/\d/.test(url) && url.includes(`sport=${sport}&`));
  await until(() => askedFor('Ride') && askedFor('Run'));
  await assertAccessible(page);
  // of 2022 there is a run alone
  await page.getByRole('button', { name: '2022', exact: true }).click();
  await legend.getByText(WORDS.groups.rides).waitFor({ state: 'detached' });
  assert.deepEqual(await legend.getByRole('listitem').allInnerTexts(), [WORDS.groups.runs]);
  await page.getByRole('button', { name: WORDS.clear }).click();
  await legend.getByText(WORDS.groups.rides).waitFor();
  await page.getByText(WORDS.colourBy.visits, { exact: true }).click();
});

test('palettes are shown on real heat: that of what is chosen, as bright as the map', async () => {
  const { page } = visit;
  /** Resolves when all of them show a place that was passed so often, in the colour that the map has there. */
  const shown = (visits: number) =>
    page.waitForFunction((often) => {
      const pictures = [...document.querySelectorAll<HTMLCanvasElement>('.swatch canvas')];
      const hottest = pictures.map((picture) => {
        const { data } = picture.getContext('2d')!.getImageData(0, 0, picture.width, picture.height);
        let most = 0;
        for (let at = 0; at < data.length; at += 4)
          if (data[at + 3] > 200) most = Math.max(most, data[at + 1]);
        return most;
      });
      // fire is red for one visit, and pale yellow where it is hottest
      const isHot = hottest[0] > 200;
      return pictures.length === 6 && hottest.every((most) => most > 0) && isHot === often > 1;
    }, visits);
  await shown(2);
  await page.getByRole('button', { name: '2022', exact: true }).click();
  await page.getByText('1 activity ·').waitFor();
  await shown(1);
  await page.getByRole('button', { name: WORDS.clear }).click();
  await shown(2);
});

test('a gradient is made by hand: a stop is moved, coloured, added and removed', async () => {
  const { page } = visit;
  await page.getByText(WORDS.ownGradient, { exact: true }).click();
  await page.waitForURL(/gradient=/);
  const stops = page.locator('.gradient-stop');
  assert.equal(await stops.count(), 5);
  await stops.nth(1).focus();
  await page.keyboard.press('Delete');
  await page.waitForFunction(() => document.querySelectorAll('.gradient-stop').length === 4);
  await page.getByRole('button', { name: WORDS.addStop }).click();
  await page.waitForFunction(() => document.querySelectorAll('.gradient-stop').length === 5);
  await page.getByLabel(WORDS.stopColour, { exact: true }).fill('#00ff00');
  await page.waitForURL(/gradient=[^&]*:00ff00/);
  const text = page.getByRole('textbox', { name: WORDS.gradient });
  assert.match(await text.inputValue(), /:00ff00/);
  await assertAccessible(page);
  await page.getByText(WORDS.palettes.fire, { exact: true }).click();
});

test('light or dark, kilometres or miles: chosen in the menu, and kept', async () => {
  const { page } = visit;
  await page.getByRole('button', { name: WORDS.menu }).click();
  await page.getByText(WORDS.themes.light, { exact: true }).click();
  await page.getByText(WORDS.unitNames.imperial, { exact: true }).click();
  await page.getByText(/activities · [\d.]+ mi/).waitFor();
  await page.locator('.maplibregl-ctrl-scale', { hasText: /(mi|ft)$/ }).waitFor();
  await assertAccessible(page);
  await page.keyboard.press('Escape');
  await page.reload();
  await page.getByText(/activities · [\d.]+ mi/).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'light');
  await page.getByRole('figure').waitFor();
  await assertAccessible(page);
});

test('help is a dialog: it holds the focus, and Escape closes it', async () => {
  const { page, assertSound } = visit;
  await page.getByRole('button', { name: WORDS.menu }).click();
  await page.getByRole('button', { name: WORDS.help }).click();
  const dialog = page.getByRole('dialog', { name: WORDS.help });
  await dialog.waitFor();
  await assertAccessible(page);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  assertSound(server.origin);
});
