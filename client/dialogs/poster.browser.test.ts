import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { loadImage } from '@napi-rs/canvas';
import type { Browser, Page } from 'playwright-core';
import { gpxFile } from '../../server/demo/gpx-writer.ts';
import { WORLD_SIZE } from '../../server/geo/mercator.ts';
import { SPORT_COLOURS } from '../../server/heat/by-sport.ts';
import { type Area, layOut } from '../../server/posters/layout.ts';
import { type TestServer, testServer } from '../../server/testing/app.ts';
import { recordedOuting } from '../../server/testing/track-files.ts';
import { until } from '../../server/testing/until.ts';
import { assertAccessible, DESKTOP, drop, hold, launch, PHONE, watch } from '../testing/browser.ts';
import { POSTER } from '../words/poster.ts';
import { WORDS } from '../words.ts';

/** Pixels across, at the dots an inch of the preview. */
const A3 = { landscape: 992, upright: 702 };
const A5 = { upright: 350 };

let server: TestServer;
let browser: Browser;

before(async () => {
  [server, browser] = await Promise.all([testServer(), launch()]);
});
after(async () => {
  await browser?.close();
  await server?.close();
});

function areaIn(url: string): Area {
  const { searchParams } = new URL(url);
  const [west, south, east, north] = ['west', 'south', 'east', 'north'].map((side) =>
    Number(searchParams.get(side)),
  );
  return { west, south, east, north };
}

/** Whether the preview has a colour, or one hardly different, anywhere; waits until it has. */
async function hasColour(page: Page, colour: string) {
  const bytes = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  await page.waitForFunction(
    async ([alt, wanted]) => {
      const picture = document.querySelector<HTMLImageElement>(`img[alt="${alt}"]`);
      if (!picture?.complete || !picture.naturalWidth) return false;
      const canvas = new OffscreenCanvas(picture.naturalWidth, picture.naturalHeight).getContext('2d')!;
      canvas.drawImage(picture, 0, 0);
      const { data } = canvas.getImageData(0, 0, picture.naturalWidth, picture.naturalHeight);
      for (let at = 0; at < data.length; at += 4) {
        if (wanted.every((byte, part) => Math.abs(data[at + part] - byte) < 12)) return true;
      }
      return false;
    },
    [POSTER.preview, bytes] as const,
  );
}

/** Waits until the preview is a picture of so many pixels across. */
async function previewed(page: Page, width: number) {
  await page.waitForFunction(
    ([alt, wanted]) => {
      const picture = document.querySelector<HTMLImageElement>(`img[alt="${alt}"]`);
      return picture?.complete && picture.naturalWidth === wanted;
    },
    [POSTER.preview, width] as const,
  );
}

async function open(page: Page) {
  await page.getByRole('button', { name: WORDS.menu }).click();
  await page.getByRole('button', { name: POSTER.title }).click();
  await page.getByRole('dialog', { name: POSTER.title }).waitFor();
}

test('a poster is seen before it is drawn, follows every choice, and is a file to print', async () => {
  const { page, asked: urls, assertSound } = await watch(browser, DESKTOP);
  await page.goto(server.link);
  await page.getByRole('heading', { name: WORDS.emptyTitle }).waitFor();
  const ride = gpxFile(recordedOuting({ seed: 1, points: 2000, sport: 'Ride' })).toString();
  await drop(page, [{ name: 'ride.gpx', text: ride }]);
  await page.getByRole('figure').waitFor();
  await page.getByRole('button', { name: WORDS.zoomOut }).click();
  await page.waitForURL(/map=/);
  const asked = page.waitForRequest(/poster\.png.*west=/);
  await open(page);
  await previewed(page, A3.landscape);
  // what is seen beside the panel, from edge to edge
  const { west, east } = areaIn((await asked).url());
  const [zoom] = new URL(page.url()).searchParams.get('map')!.split('/').map(Number);
  const covered = await page.evaluate(() =>
    Number.parseFloat(document.documentElement.style.getPropertyValue('--room-left')),
  );
  const degrees = ((DESKTOP.viewport!.width - covered) * 360) / (512 * 2 ** zoom);
  assert.ok(Math.abs(east - west - degrees) < degrees / 100, `${east - west} degrees, not ${degrees}`);
  const below = page.getByLabel(POSTER.below);
  await until(async () => /^1 activity · .* km · 2024$/.test(await below.inputValue()));
  await assertAccessible(page);

  await page.getByText(POSTER.upright).click();
  await page.getByRole('combobox', { name: POSTER.paper }).selectOption('a5');
  await page.getByLabel(POSTER.heading, { exact: true }).fill('Round the lake');
  await previewed(page, A5.upright);

  // what is dragged follows the hand at once, and is drawn anew there
  const part = page.getByRole('application', { name: POSTER.part });
  const ahead = part.locator('.poster-shifted');
  const lastArea = () => areaIn(urls.findLast((url) => url.includes('poster.png'))!);
  const before = lastArea();
  const box = (await part.boundingBox())!;
  const held = await hold(page, /poster\.png/);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 4, box.y + box.height / 2, { steps: 4 });
  await until(async () => Math.abs((await ahead.boundingBox())!.x - box.x + box.width / 4) < 2);
  await page.mouse.up();
  held.letGo();
  await ahead.waitFor({ state: 'detached' });
  const { map, scale } = layOut({ paper: 'a5', landscape: false, dpi: 60, area: before, hasWords: true });
  const quarter = ((map.width / scale / WORLD_SIZE) * 360) / 4;
  const eastward = lastArea().west - before.west;
  assert.ok(Math.abs(eastward - quarter) < quarter / 50, `${eastward} degrees, not ${quarter}`);
  // the wheel zooms
  await page.mouse.wheel(0, 200);
  await until(() => lastArea().north - lastArea().south > (before.north - before.south) * 1.2);
  // all of which stays while something else is chosen
  await page.getByRole('combobox', { name: POSTER.paper }).selectOption('a4');
  await page.getByRole('combobox', { name: POSTER.paper }).selectOption('a5');
  await previewed(page, A5.upright);
  await page.getByRole('button', { name: POSTER.asSeen }).waitFor();
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: POSTER.draw }).click();
  const file = await saved;
  assert.equal(file.suggestedFilename(), 'Round the lake.png');
  const { width, height } = await loadImage(await readFile(await file.path()));
  // A5 at 300 dots an inch
  assert.deepEqual([width, height], [1748, 2480]);
  await page.getByRole('button', { name: POSTER.draw }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  // the map by sport: its only ride in the colour of rides, not of the hottest fire
  await page.getByText(WORDS.colourBy.sport, { exact: true }).click();
  await page.waitForURL(/by=sport/);
  await open(page);
  await page.getByText(WORDS.themes.dark, { exact: true }).last().click();
  await hasColour(page, SPORT_COLOURS.dark.rides[0].colour);
  await page.getByText(WORDS.themes.light, { exact: true }).last().click();
  await hasColour(page, SPORT_COLOURS.light.rides[0].colour);
  assertSound(server.origin);
});

test('on a phone the choices follow below the preview', async () => {
  const { page, asked: urls, assertSound } = await watch(browser, PHONE);
  await page.goto(await server.app.signInLink());
  await page.getByRole('figure').waitFor();
  await open(page);
  await previewed(page, A3.upright);
  const [preview, choices] = await Promise.all(
    ['.poster-preview', '.poster-choices'].map((part) => page.locator(part).boundingBox()),
  );
  assert.ok(preview && choices && preview.y + preview.height <= choices.y);
  assert.ok(choices.x >= 0 && choices.x + choices.width <= 390);
  await assertAccessible(page);

  // by keys, as without a pointer
  const lastArea = () => areaIn(urls.findLast((url) => url.includes('poster.png'))!);
  const before = lastArea();
  await page.getByRole('application', { name: POSTER.part }).press('ArrowRight');
  await until(() => lastArea().west > before.west);
  await page.getByRole('application', { name: POSTER.part }).press('+');
  const span = ({ west, east }: Area) => east - west;
  await until(() => span(lastArea()) < span(before) * 0.9);
  await assertAccessible(page);
  await page.getByRole('button', { name: POSTER.asSeen }).tap();
  await until(() => JSON.stringify(lastArea()) === JSON.stringify(before));

  // turned, with a panel over more of the map than there is left of the page
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: WORDS.openPanel }).tap();
  await page.getByRole('button', { name: WORDS.closePanel }).waitFor();
  await open(page);
  await previewed(page, A3.upright);
  const upright = lastArea();
  await page.setViewportSize({ width: 844, height: 390 });
  const turned = page.waitForResponse(/poster\.png.*title=Turned/);
  await page.getByLabel(POSTER.heading, { exact: true }).fill('Turned');
  await turned;
  assert.deepEqual(lastArea(), upright);
  assertSound(server.origin);
});
