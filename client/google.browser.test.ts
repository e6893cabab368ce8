import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page, Request } from 'playwright-core';
import { gpxFile } from '../server/demo/gpx-writer.ts';
import { latToWorldY, lngToWorldX, WORLD_SIZE } from '../server/geo/mercator.ts';
import { type TestServer, testServer } from '../server/testing/app.ts';
import { recordedOuting } from '../server/testing/track-files.ts';
import { until } from '../server/testing/until.ts';
import {
  assertAccessible,
  DESKTOP,
  drop,
  focused,
  hold,
  launch,
  openFiles,
  PHONE,
  type Watched,
  watch,
} from './testing/browser.ts';
import { askedOf, KEY, moveMap, standIn, withGoogle } from './testing/google/stand-in.ts';
import { WORDS } from './words.ts';

let server: TestServer;
let browser: Browser;
let visit: Watched;

const asked = (from = 0) => askedOf(visit.page, from);
const move = (camera: Parameters<typeof moveMap>[1]) => moveMap(visit.page, camera);

/** A place that all of the rides pass. */
async function middleOfRide(page: Page): Promise<{ lng: number; lat: number }> {
  const { activities } = await (await page.request.get(`${server.origin}/api/activities`)).json();
  const track = await page.request.get(`${server.origin}/api/activities/${activities[0].id}/track?zoom=16`);
  const [line] = (await track.json()).geometry.coordinates;
  const [lng, lat] = line[Math.floor(line.length / 2)];
  return { lng, lat };
}

/** Whether no line lies over the map. */
const hasNone = () => standIn(visit.page, ({ lines }) => lines.length === 0);

function rideOf(day: string): { name: string; text: string } {
  const startedAt = Date.parse(`${day}T08:00:00Z`) / 1000;
  const outing = recordedOuting({ seed: 1, points: 2000, sport: 'Ride', startedAt });
  return { name: `${day}.gpx`, text: gpxFile(outing).toString() };
}

before(async () => {
  [server, browser] = await Promise.all([testServer({ GOOGLE_MAPS_API_KEY: KEY }), launch()]);
  visit = await withGoogle(await watch(browser, DESKTOP));
  await visit.page.goto(server.link);
  await visit.page.getByRole('heading', { name: WORDS.emptyTitle }).waitFor();
  await drop(visit.page, ['2021-02-10', '2021-04-20', '2024-09-05'].map(rideOf));
  // as the panel counts them, which hears of the last one after its import has ended
  await visit.page.getByText('3 activities ·').waitFor();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

test('Google is asked for nothing until its map is chosen; then for its script, with the key', async () => {
  const { page } = visit;
  assert.ok(visit.asked.every((url) => !url.includes('google')));
  await page.getByText(WORDS.bases.google, { exact: true }).click();
  await page.waitForURL(/base=google/);
  await page.waitForFunction(() => (globalThis as { standIn?: { asked: unknown[] } }).standIn?.asked.length);
  const parameters = await standIn(page, (it) => it.parameters);
  assert.equal(parameters.key, KEY);
  assert.equal(parameters.auth_referrer_policy, 'origin');
});

test('the heat lies over it, from this server’s tiles, at the place where the other map was', async () => {
  const { page } = visit;
  await page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLImageElement>('.google-overlay img')].some(
      (one) => one.naturalWidth === 256,
    ),
  );
  const urls = (await asked()).map(({ url }) => url);
  assert.ok(
    urls.every((url) => /^\/tiles\/me\/1\d\/\d+\/\d+\.png\?gradient=c22a4f.*&hot=\d+/.test(url ?? '')),
  );
  await page.waitForFunction(() => {
    const canvas = new OffscreenCanvas(256, 256);
    const context = canvas.getContext('2d')!;
    for (const one of document.querySelectorAll<HTMLImageElement>('.google-overlay img'))
      if (one.complete && one.naturalWidth > 0) context.drawImage(one, 0, 0);
    return context.getImageData(0, 0, 256, 256).data.some((value) => value > 0);
  });
  await assertAccessible(page);
});

test('copies of the world show the same tiles; beyond its edges and its zooms there are none', async () => {
  const from = (await asked()).length;
  await move({ center: { lng: -179, lat: 84 }, zoom: 2 });
  const far = (await asked(from)).filter(({ z }) => z === 2);
  assert.ok(far.some(({ x, url }) => x < 0 && url?.startsWith(`/tiles/me/2/${x + 4}/`)));
  assert.ok(far.some(({ y }) => y < 0));
  for (const { y, url } of far) assert.equal(url === null, y < 0 || y > 3);
  const east = (await asked()).length;
  await move({ center: { lng: 179, lat: 0 } });
  assert.ok((await asked(east)).some(({ x, url }) => x > 3 && url?.startsWith(`/tiles/me/2/${x - 4}/`)));
  const south = (await asked()).length;
  await move({ center: { lng: 0, lat: -84 } });
  const below = await asked(south);
  assert.ok(below.some(({ y }) => y > 3));
  for (const { y, url } of below) assert.equal(url === null, y > 3);
  await visit.page.waitForFunction(() => document.querySelectorAll('.google-overlay').length === 1);
  const overlays = await standIn(visit.page, (it) => it.overlays.map(({ options }) => options));
  for (const { tileSize, maxZoom } of overlays)
    assert.deepEqual([{ ...tileSize }, maxZoom], [{ width: 256, height: 256 }, 20]);
  const near = (await asked()).length;
  await move({ center: { lng: 8, lat: 48 }, zoom: 22 });
  const closest = await asked(near);
  assert.ok(
    closest.length > 0 && closest.every(({ z, url }) => z === 20 && url !== null),
    'there is heat at every zoom',
  );
});

test('the years are played on it: tiles are asked for before they are shown, in the colours they are shown in', async () => {
  const { page } = visit;
  await move({ center: { lng: 11.25, lat: 47.98 }, zoom: 11 });
  const ahead: string[] = [];
  const note = (request: Request) => {
    if (request.resourceType() === 'fetch')
      ahead.push(new URL(request.url()).pathname + new URL(request.url()).search);
  };
  page.on('request', note);
  const from = (await asked()).length;
  // it waits before a month that does not come: it is stopped there, however long that takes
  const june = await hold(page, /\/tiles\/me\/\d.*to=2021-06-/);
  await page.getByRole('button', { name: WORDS.play }).click();
  await page.getByText('Feb 2021 – May 2021', { exact: true }).waitFor();
  await page.getByRole('button', { name: WORDS.pause }).click();
  await page.waitForURL(/from=2021-02-01&to=2021-05-31/);
  june.letGo();
  page.off('request', note);
  const frame = (await asked(from)).filter(({ url }) => url?.includes('from=2021-02-01&to=2021-03-31'));
  assert.ok(frame.length > 0);
  assert.deepEqual(
    frame.filter(({ url }) => url !== null && !ahead.includes(url)),
    [],
  );
  await page.getByRole('button', { name: WORDS.clear }).click();
});

test('moving it is kept in the address, as zooms of the other map', async () => {
  await move({ center: { lng: 11.5, lat: 48.1 }, zoom: 12 });
  await visit.page.waitForURL(/map=11\/48\.1\/11\.5&/);
});

test('other colours, and another filter, are other tiles; what was shown stays until they have come', async () => {
  const { page } = visit;
  await page.getByText(WORDS.palettes.glacier).click();
  await page.waitForFunction(() => {
    const all = [...document.querySelectorAll<HTMLImageElement>('.google-overlay img')];
    return (
      document.querySelectorAll('.google-overlay').length === 1 &&
      all.some(({ naturalWidth }) => naturalWidth > 0) &&
      all.every(({ src }) => src.includes('gradient=2f6bdb'))
    );
  });
});

test('by the keyboard its middle is asked about; the activity pointed at is drawn over it, and brought into view', async () => {
  const { page } = visit;
  const { lng, lat } = await middleOfRide(page);
  await move({ center: { lng, lat }, zoom: 17 });
  await page.waitForURL(/map=16\//);
  await page.locator('.google-region').focus();
  await page.keyboard.press('Enter');
  const list = page.locator('.near');
  await focused(list);
  // the ring about it, and the rim of that
  await until(() => standIn(page, ({ lines }) => lines.length === 2));
  await list.locator('li button').first().click();
  await page.waitForURL((url) => !url.search.includes('map=16/'));
  assert.ok(await standIn(page, ({ lines }) => lines.length > 2));
  await page.keyboard.press('Escape');
  await list.waitFor({ state: 'detached' });
  await until(hasNone);
});

test('what the list of an import shows is drawn over it until the list is closed', async () => {
  const { page } = visit;
  const card = page.getByRole('article', { name: WORDS.importing });
  // that of what was imported first goes by itself
  await card.waitFor({ state: 'detached' });
  await drop(page, [rideOf('2021-02-10')]);
  await openFiles(page, WORDS.imported);
  await card.getByRole('listitem').getByRole('button').click();
  await until(async () => !(await hasNone()));
  await card.getByRole('button', { name: WORDS.dismiss }).click();
  await until(hasNone);
  await move({ center: { lng: 11.5, lat: 48.1 }, zoom: 12 });
  await page.waitForURL(/map=11\/48\.1\/11\.5&/);
});

test('its scale is told in what is chosen in the menu', async () => {
  const { page } = visit;
  await page.locator('.map-scale', { hasText: /\d m$|\d km$/ }).waitFor();
  await page.getByRole('button', { name: WORDS.menu }).click();
  await page.getByText(WORDS.unitNames.imperial, { exact: true }).click();
  await page.locator('.map-scale', { hasText: /\d mi$|\d ft$/ }).waitFor();
  await page.getByText(WORDS.unitNames.metric, { exact: true }).click();
  const before = visit.asked.length;
  await page.mouse.click(900, 400);
  await page.locator('.menu-shade').waitFor({ state: 'detached' });
  // that one asks, had the one before it asked too there would be two
  const near = page.waitForRequest(/\/near/);
  await page.mouse.click(900, 500);
  await near;
  assert.equal(visit.asked.slice(before).filter((url) => url.includes('/near')).length, 1);
});

test('where Google does not take the key the server’s own map lies there; the choice is kept', async () => {
  const { page } = visit;
  await page.evaluate(() => (globalThis as unknown as { gm_authFailure(): void }).gm_authFailure());
  await page.getByText(WORDS.googleRefused).waitFor();
  await page.locator('.map canvas').waitFor();
  assert.equal(await page.locator('.google-region').count(), 0);
  assert.match(page.url(), /map=11\/48\.1\/11\.5&color=glacier&base=google$/);
  // Google says it once
  await page.getByText(WORDS.bases.satellite, { exact: true }).click();
  await page.waitForURL(/base=satellite$/);
  await page.getByText(WORDS.googleRefused).waitFor();
});

test('back on the other map the place, the filter and the colours are the same', async () => {
  const { page } = visit;
  await page.getByText(WORDS.bases.land, { exact: true }).click();
  await page.getByText(WORDS.googleRefused).waitFor({ state: 'detached' });
  await page.locator('.map canvas').waitFor();
  assert.match(page.url(), /map=11\/48\.1\/11\.5&color=glacier$/);
  visit.assertSound(server.origin, ['https://maps.googleapis.com']);
});

test('a screen of finer pixels gets finer tiles; what came through Strava’s API is named as such', async () => {
  await server.app.db('activities').update({ provenance: 'strava_api' });
  const phone = await withGoogle(await watch(browser, PHONE));
  const sharp = phone.page.waitForRequest(/tiles\/me\/.*@2x\.png/);
  await phone.page.goto(await server.app.signInLink());
  await phone.page.goto(`${server.origin}/?base=google`);
  await sharp;
  await phone.page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLImageElement>('.google-overlay img')].some(
      ({ naturalWidth, width }) => naturalWidth === 512 && width === 256,
    ),
  );
  await phone.page.locator('.map').getByText(WORDS.strava.powered).waitFor();
});

test('on a phone a tap lists who passed there, choices are other tiles, and a finger moves it', async () => {
  const { page } = await withGoogle(await watch(browser, PHONE));
  await page.goto(await server.app.signInLink());
  const { lng, lat } = await middleOfRide(page);
  await page.goto(`${server.origin}/?base=google&map=14/${lat}/${lng}`);
  await page.locator('.google-overlay img').first().waitFor({ state: 'attached' });
  await page.locator('.busy:not(.is-on)').waitFor({ state: 'attached' });
  /** Where the ride is on the screen by now. */
  const rideAt = async (): Promise<[x: number, y: number]> => {
    const box = (await page.locator('.google-region').boundingBox())!;
    const middle = await standIn(page, ({ map }) => map.getCenter()!.toJSON());
    const scale = (512 * 2 ** 14) / WORLD_SIZE;
    return [
      box.x + box.width / 2 + (lngToWorldX(lng) - lngToWorldX(middle.lng)) * scale,
      box.y + box.height / 2 + (latToWorldY(lat) - latToWorldY(middle.lat)) * scale,
    ];
  };
  // again where a panel that came late still moved the map when it was tapped
  await until(async () => {
    const near = page.waitForResponse(/\/api\/activities\/near/);
    await page.touchscreen.tap(...(await rideAt()));
    return (await (await near).json()).count > 0;
  });
  await page.getByText(WORDS.passedHere('3', 'activities')).waitFor();
  const list = page.locator('.near');
  // Google's name at the map's edge stays in view
  await until(async () => {
    const [beside, above] = await Promise.all([page.locator('.map').boundingBox(), list.boundingBox()]);
    return beside !== null && above !== null && Math.abs(beside.y + beside.height - above.y) <= 1;
  });
  await list.getByRole('button', { name: WORDS.dismiss }).tap();
  await list.waitFor({ state: 'detached' });

  await page.getByRole('button', { name: WORDS.openPanel }).tap();
  await page.getByRole('button', { name: '2024', exact: true }).tap();
  const drawn = (query: RegExp) =>
    page.waitForFunction((text) => {
      const all = [...document.querySelectorAll<HTMLImageElement>('.google-overlay img')];
      return all.some((one) => one.naturalWidth > 0) && all.every(({ src }) => new RegExp(text).test(src));
    }, query.source);
  await drawn(/from=2024-01-01/);
  await page.getByText(WORDS.palettes.glacier).tap();
  await drawn(/from=2024-01-01.*gradient=2f6bdb/);

  await page.getByRole('button', { name: WORDS.closePanel }).tap();
  await page.getByRole('button', { name: WORDS.openPanel }).waitFor();
  const [x, y] = await rideAt();
  const finger = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', by: number) =>
    finger.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: type === 'touchEnd' ? [] : [{ x: x + by, y }],
    });
  await touch('touchStart', 0);
  for (const by of [20, 40, 60]) await touch('touchMove', by);
  await touch('touchEnd', 60);
  await page.waitForURL((url) => Number(url.searchParams.get('map')?.split('/')[2]) < lng - 0.001);
});
