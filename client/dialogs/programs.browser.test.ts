import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { outingAlong, type SharingServer, sharingServer } from '../../server/testing/sharing.ts';
import { until } from '../../server/testing/until.ts';
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
import { withGoogle } from '../testing/google/stand-in.ts';
import { COMMON } from '../words/common.ts';
import { PROGRAMS } from '../words/programs.ts';
import { WORDS } from '../words.ts';

const HOME = { lng: 11.25, lat: 47.98 };

let server: SharingServer;
let browser: Browser;
let day: Watched;
/** As a program would ask. */
let tile = '';

before(async () => {
  [server, browser] = await Promise.all([sharingServer(), launch()]);
  await server.add([
    outingAlong(HOME, [
      [0, 0],
      [4000, 1000],
    ]),
  ]);
  day = await watch(browser, {
    ...DESKTOP,
    permissions: ['clipboard-read', 'clipboard-write'],
    acceptDownloads: true,
  });
  await day.page.goto(`${await server.app.signInLink()}`);
  await day.page.getByRole('button', { name: WORDS.menu }).waitFor();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

test('a key is made, and every program is told how to use it', async () => {
  const { page } = day;
  await page.goto(`${server.origin}/?sport=Ride&color=glacier`);
  await page.getByRole('button', { name: WORDS.menu }).click();
  await page.getByRole('button', { name: PROGRAMS.title }).click();
  await page.getByText(PROGRAMS.about).waitFor();
  await assertAccessible(page);
  await page.getByRole('textbox', { name: COMMON.name }).fill('QGIS at home');
  await page.getByRole('button', { name: PROGRAMS.make }).click();
  await page.getByText(PROGRAMS.once).waitFor();
  await assertAccessible(page);

  await page.getByRole('button', { name: 'Any other', exact: true }).click();
  tile = await copiedBy(page.getByRole('button', { name: `${COMMON.copy}: Any other` }).first());
  assert.match(tile, /\/tiles\/token\/\w{43}\/\{z\}\/\{x\}\/\{y\}\.png\?sport=Ride&color=glacier$/);
  const answer = await fetch(tile.replace('{z}/{x}/{y}', '0/0/0'));
  assert.equal(answer.status, 200);

  await page.getByRole('checkbox').uncheck();
  // until then the first button goes by another name
  await page.getByText(COMMON.copied).waitFor({ state: 'detached' });
  const bare = await copiedBy(page.getByRole('button', { name: `${COMMON.copy}: Any other` }).first());
  assert.equal(bare, tile.split('?')[0]);
});

test('a file is saved under its name', async () => {
  const { page } = day;
  await page.getByRole('button', { name: 'Locus Map' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: PROGRAMS.saveFile('pathglow-locus.xml') }).click();
  assert.equal((await download).suggestedFilename(), 'pathglow-locus.xml');
  await assertAccessible(page);
});

test('the code for a page of one’s own runs there: a page of another site sees what the key opens, and only that', async (t) => {
  const { page } = day;
  await page.getByRole('button', { name: 'Google Maps', exact: true }).click();
  const code = await copiedBy(page.getByRole('button', { name: `${COMMON.copy}: Google Maps` }));

  // a server of its own: browsers let no page that they do not know to be near ask a server that is
  const site = createServer((_, reply) => {
    reply.setHeader('content-type', 'text/html');
    reply.end(`<!doctype html><title>elsewhere</title><div id="map" style="height: 600px"></div><script>
      function begin() {
        window.map = new google.maps.Map(document.getElementById('map'), {
          center: { lng: 179, lat: 80 },
          zoom: 2,
        });
        ${code}
      }</script><script src="https://maps.googleapis.com/maps/api/js?callback=begin"></script>`);
  }).listen(0, '127.0.0.1');
  t.after(() => {
    site.closeAllConnections();
    site.close();
  });
  await once(site, 'listening');
  const elsewhere = await watch(browser, DESKTOP);
  await withGoogle(elsewhere);
  await elsewhere.page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
  await elsewhere.page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLImageElement>('.google-overlay img')].some(
      ({ naturalWidth }) => naturalWidth === 256,
    ),
  );
  const keyed = tile.slice(server.origin.length).split('{z}')[0];
  const asked = await elsewhere.page.evaluate(
    () =>
      (globalThis as unknown as { standIn: { asked: { x: number; y: number; url: string | null }[] } })
        .standIn.asked,
  );
  assert.ok(asked.some(({ x }) => x > 3) && asked.some(({ y }) => y < 0));
  for (const { x, y, url } of asked) {
    assert.equal(url, y < 0 || y > 3 ? null : `${server.origin}${keyed}2/${x % 4}/${y}.png`);
  }

  const read = (path: string) =>
    elsewhere.page.evaluate(
      (url) =>
        fetch(url).then(
          ({ status }) => status,
          () => null,
        ),
      server.origin + path,
    );
  const unknown = keyed.replace(/\w{43}/, '0'.repeat(43));
  assert.deepEqual(
    [
      await read(`${keyed}2/2/1.png`),
      await read(`${keyed}tile.json`),
      await read(`${keyed}wmts`),
      await read(`${keyed}21/0/0.png`),
      await read(`${keyed}2/2/1.png?hot=warm`),
      await read(`${unknown}2/2/1.png`),
    ],
    [200, 200, 200, 404, 400, 404],
  );
  const etag = await elsewhere.page.evaluate(
    async (url) => (await fetch(url)).headers.get('etag'),
    `${server.origin}${keyed}2/2/1.png`,
  );
  assert.match(etag ?? '', /^"[\w.-]+"$/);
  for (const path of ['/tiles/me/2/2/1.png', '/tiles/me/tile.json', '/api/me']) {
    assert.equal(await read(path), null, path);
  }
});

test('a key is renamed where it stands, and opens what it did', async () => {
  const { page } = day;
  await page.getByRole('button', { name: COMMON.done }).click();
  const rename = (name: string) => page.getByRole('button', { name: `${PROGRAMS.rename}: ${name}` });
  const field = page.locator('.entry').getByRole('textbox', { name: COMMON.name });
  await rename('QGIS at home').click();
  assert.equal(await field.inputValue(), 'QGIS at home');
  await focused(field);
  await assertAccessible(page);
  await page.getByRole('button', { name: COMMON.cancel }).click();
  await rename('QGIS at home').click();
  await field.fill('QGIS at work');
  await field.press('Enter');
  await rename('QGIS at work').waitFor();
  await focused(rename('QGIS at work'));
  const { body } = await server.ask('GET', '/api/keys');
  assert.deepEqual(
    body.keys.map(({ name }: { name: string }) => name),
    ['QGIS at work'],
  );
  assert.equal((await fetch(tile.replace('{z}/{x}/{y}', '0/0/0'))).status, 200);
});

test('a key is revoked after a question, and at once', async () => {
  const { page } = day;
  const revoke = page.getByRole('button', { name: `${COMMON.revoke}: QGIS at work` });
  await revoke.click();
  await page.getByText(PROGRAMS.revokeQuestion('QGIS at work')).waitFor();
  await assertAccessible(page);
  await page.getByRole('button', { name: COMMON.keep }).click();
  await focused(revoke);
  await revoke.click();
  await page.getByRole('button', { name: COMMON.revoke, exact: true }).click();
  await page.getByText('QGIS at work', { exact: true }).waitFor({ state: 'detached' });
  assert.equal((await fetch(tile.replace('{z}/{x}/{y}', '0/0/0'))).status, 404);
  day.assertSound(server.origin);
});

test('what the server refuses is said where it happened, and nothing typed is lost', async () => {
  const { page } = day;
  // so many in a minute are refused: of which most is still to come when one more is asked for
  await until(async () => {
    const { status, headers } = await server.ask('POST', '/api/keys', { name: 'one of many' });
    return status === 429 && Number(headers.get('retry-after')) > 30;
  });
  const field = page.getByRole('textbox', { name: COMMON.name });
  await field.fill('one too many');
  await page.getByRole('button', { name: PROGRAMS.make }).click();
  await page.locator('form').getByRole('alert').waitFor();
  assert.equal(await field.inputValue(), 'one too many');
  await assertAccessible(page);
});

test('on a phone all of it fits', async () => {
  const { page } = await watch(browser, PHONE);
  await page.goto(await server.app.signInLink());
  await page.getByRole('button', { name: WORDS.menu }).tap();
  await page.getByRole('button', { name: PROGRAMS.title }).tap();
  await page.getByRole('heading', { name: PROGRAMS.title }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  assert.equal(
    await page.locator('.dialog').evaluate((dialog) => dialog.scrollWidth <= dialog.clientWidth),
    true,
  );
  await assertAccessible(page);
});
