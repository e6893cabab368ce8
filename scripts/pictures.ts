/**
 * npm run pictures [-- NAME…]
 *
 * Starts the demo in a fresh folder, opens it in Chromium, and takes pictures of every screen there is: on a desk,
 * on a light page and on a phone, into artifacts/, to be looked at; and those of the README, into docs/pictures/.
 * Names choose some.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { DIALOG_NAMES, DIALOGS, type DialogName } from '../client/dialogs/table.ts';
import { COMMON } from '../client/words/common.ts';
import { POSTER } from '../client/words/poster.ts';
import { PRIVACY } from '../client/words/privacy.ts';
import { SHARE } from '../client/words/share.ts';
import { WORDS } from '../client/words.ts';
import { CAMP, HOME, MOUNTAINS } from '../server/demo/regions.ts';

type Screen = 'desk' | 'light' | 'phone' | 'readme';

interface Picture {
  name: string;
  path: string;
  /** On a desk, a light page and a phone, if it is not said. */
  on?: readonly Screen[];
  /** What is done before it is taken. */
  act?(page: Page): Promise<unknown>;
  /** Whoever looks is not signed in. */
  isStranger?: boolean;
}

const ROOT = new URL('..', import.meta.url).pathname;
const DESK = { colorScheme: 'dark', locale: 'en-GB', viewport: { width: 1440, height: 900 } } as const;
const SCREENS: Record<Screen, BrowserContextOptions> = {
  desk: DESK,
  light: { ...DESK, colorScheme: 'light' },
  phone: {
    ...DESK,
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
  },
  readme: { ...DESK, viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1.5 },
};
const MOST: readonly Screen[] = ['desk', 'light', 'phone'];
const PATIENCE = 180_000;

/** What there is to see, around a place (degrees) that was passed often, and at a share's address. */
const pictures = (passed: { lng: number; lat: number }, share: string): Picture[] => [
  { name: 'demo', path: '/', on: [...MOST, 'readme'] },
  { name: 'near', path: at(14, passed), act: near, on: [...MOST, 'readme'] },
  { name: 'world', path: at(3, HOME), on: ['desk'] },
  ...Object.entries({ home: HOME, camp: CAMP, mountains: MOUNTAINS }).flatMap(([name, place]) =>
    [9, 11, 13, 15].map(
      (zoom): Picture => ({ name: `${name}-z${zoom}`, path: at(zoom, place), on: ['desk'] }),
    ),
  ),
  { name: 'closest', path: at(19, passed), on: ['desk'] },
  { name: 'by-sport', path: '/?by=sport' },
  { name: 'nothing-below', path: '/?base=none' },
  { name: 'one-year', path: '/?from=2025-01-01&to=2025-12-31' },
  { name: 'playing', path: at(10.5, HOME), act: play },
  { name: 'panel', path: '/', act: openPanel, on: ['phone'] },
  { name: 'own-colours', path: '/?gradient=1:2b1055;5:7597de;20:ffffff', act: showGradient },
  { name: 'menu', path: '/', act: (page) => page.getByRole('button', { name: WORDS.menu }).click() },
  ...DIALOG_NAMES.filter((name) => name !== 'strava').map(
    (name): Picture => ({ name, path: '/', act: (page) => open(page, name) }),
  ),
  { name: 'new-zone', path: at(13.5, passed), act: drawZone },
  { name: 'new-link', path: '/', act: makeLink },
  { name: 'shared', path: share, isStranger: true },
  { name: 'sign-in', path: '/', isStranger: true },
];

/** The zoom is that of tiles; the map counts one less. */
function at(zoom: number, { lng, lat }: { lng: number; lat: number }): string {
  return `/?map=${zoom - 1}/${lat}/${lng}`;
}

async function near(page: Page): Promise<void> {
  await page.locator('.map canvas').focus();
  await page.keyboard.press('Enter');
  const rows = page.locator('.near li button');
  await rows.nth(1).hover();
  await page.locator('.near .is-pointed').waitFor();
}

async function openPanel(page: Page): Promise<void> {
  const closed = page.locator('.panel-toggle[aria-expanded=false]');
  if (await closed.isVisible()) await closed.click();
}

async function showGradient(page: Page): Promise<void> {
  await openPanel(page);
  await page.getByRole('textbox', { name: WORDS.gradient }).scrollIntoViewIfNeeded();
}

async function play(page: Page): Promise<void> {
  await openPanel(page);
  await page.getByRole('button', { name: WORDS.play }).click();
  // a month may pass unseen
  await page.getByText(/– \w+ 202[1-5]$/).waitFor();
}

async function open(page: Page, name: DialogName): Promise<void> {
  await page.getByRole('button', { name: WORDS.menu }).click();
  await page.locator('.menu-entry', { hasText: DIALOGS[name].label }).click();
  await page.getByRole('heading', { name: DIALOGS[name].label, exact: true }).waitFor();
  if (name === 'poster') await page.getByRole('img', { name: POSTER.preview }).waitFor();
}

async function drawZone(page: Page): Promise<void> {
  await open(page, 'privacy');
  await page.getByRole('button', { name: PRIVACY.addInMiddle }).click();
}

async function makeLink(page: Page): Promise<void> {
  await open(page, 'share');
  await page.getByRole('textbox', { name: COMMON.name }).fill('Seven summers');
  await page.getByRole('button', { name: SHARE.make }).click();
  await page.getByText(SHARE.once).waitFor();
}

const dataDir = await mkdtemp(join(tmpdir(), 'pathglow-pictures-'));
const server = spawn(process.execPath, ['server/main.ts', 'demo'], {
  cwd: ROOT,
  env: { ...process.env, DATA_DIR: dataDir, PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
try {
  await mkdir(join(ROOT, 'artifacts'), { recursive: true });
  await mkdir(join(ROOT, 'docs/pictures'), { recursive: true });
  const link = await printedLink();
  const { page, storageState } = await signedIn(link);
  const wanted = process.argv.slice(2);
  const all = pictures(await passedOften(page), await shared(page));
  for (const picture of all.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    for (const screen of picture.on ?? MOST) {
      const context = await browser.newContext({
        ...SCREENS[screen],
        ...(!picture.isStranger && { storageState }),
      });
      await take(await context.newPage(), link, picture, screen).catch(({ message }) => {
        // the others are worth a look all the same
        console.error(`${picture.name}, ${screen}: ${message}`);
        process.exitCode = 1;
      });
      await context.close();
    }
  }
} finally {
  await browser.close();
  server.kill('SIGINT');
  await once(server, 'exit');
  await rm(dataDir, { recursive: true, force: true });
}

async function take(page: Page, link: string, picture: Picture, screen: Screen): Promise<void> {
  const { name, path, act } = picture;
  page.setDefaultTimeout(PATIENCE);
  await page.goto(new URL(path, link).href);
  await still(page);
  if (act) {
    await act(page);
    if (act !== play) await still(page);
  }
  const file = screen === 'readme' ? `docs/pictures/${name}.png` : `artifacts/${name}-${screen}.png`;
  await page.screenshot({ path: join(ROOT, file) });
}

async function printedLink(): Promise<string> {
  for await (const line of createInterface({ input: server.stdout })) {
    if (/^https?:\/\/\S+\?key=/.test(line)) return line;
  }
  throw new Error('the server printed no link');
}

/** A page of the athlete's, once everything is imported. */
async function signedIn(link: string) {
  const page = await (await browser.newContext(DESK)).newPage();
  await page.goto(link);
  for (const end = Date.now() + PATIENCE; Date.now() < end; ) {
    const status = await ask(page, '/api/status');
    const over = status.imports.every((one: { finishedAt: number | null }) => one.finishedAt !== null);
    if (over && status.revision !== '0') return { page, storageState: await page.context().storageState() };
    await page.waitForTimeout(500);
  }
  throw new Error('the import did not end');
}

/** Somewhere on the way to work. */
async function passedOften(page: Page): Promise<{ lng: number; lat: number }> {
  const { activities } = await ask(page, '/api/activities?commute=true');
  const track = await ask(page, `/api/activities/${activities[0].id}/track?zoom=16`);
  const [line] = track.geometry.coordinates;
  const [lng, lat] = line[Math.floor(line.length / 2)];
  return { lng, lat };
}

/** The path of a share of everything. */
async function shared(page: Page): Promise<string> {
  const { origin } = new URL(page.url());
  const answer = await page.request.post(`${origin}/api/shares`, {
    data: { name: 'Seven summers', viewerFilters: true },
    headers: { origin },
  });
  return new URL((await answer.json()).url).pathname;
}

async function ask(page: Page, path: string) {
  return (await page.request.get(new URL(path, page.url()).href)).json();
}

/** Waits for the tiles, where there is a map, and for them to have faded in. */
async function still(page: Page): Promise<void> {
  await page.locator('.map canvas, .sign-in').first().waitFor();
  // what has just begun is not yet said to be going on
  for (let look = 0; look < 2; look++) {
    await page.waitForTimeout(1000);
    await page.locator('.busy.is-on, .spinner').first().waitFor({ state: 'detached' });
    await page.locator('.swatch-look:not(:has(img))').first().waitFor({ state: 'detached' });
  }
}
