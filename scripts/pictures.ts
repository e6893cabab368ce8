/**
 * npm run pictures
 *
 * Starts the demo in a fresh folder, opens it in Chromium, and takes pictures of it: one for the README, and in
 * artifacts/ some more, by zoom, by sport, on a light page and on a phone, to be looked at.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const ROOT = new URL('..', import.meta.url).pathname;
const SEEN = { colorScheme: 'dark', locale: 'en-GB' } as const;
const DESK: BrowserContextOptions = { ...SEEN, viewport: { width: 1440, height: 900 } };
const PHONE: BrowserContextOptions = {
  ...SEEN,
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};
/** Zooms of tiles; the map counts one less. */
const ZOOMS = [3, 9, 12, 15, 18];
const PATIENCE = 180_000;

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
  const desk = await (await browser.newContext(DESK)).newPage();
  await desk.goto(link);
  await imported(desk);
  await desk.goto(new URL('/', link).href);
  await still(desk);
  await desk.screenshot({ path: join(ROOT, 'docs/pictures/demo.png') });

  const { home } = await (await desk.request.get(new URL('/api/me', link).href)).json();
  const at = (zoom: number) => new URL(`/?map=${zoom - 1}/${home.lat}/${home.lng}`, link).href;
  for (const zoom of ZOOMS) {
    await desk.goto(at(zoom));
    await still(desk);
    await desk.screenshot({ path: join(ROOT, `artifacts/z${zoom}.png`) });
  }
  await desk.goto(new URL('/?by=sport', link).href);
  await still(desk);
  await desk.screenshot({ path: join(ROOT, 'artifacts/by-sport.png') });
  await desk.emulateMedia({ colorScheme: 'light' });
  await desk.goto(new URL('/', link).href);
  await still(desk);
  await desk.screenshot({ path: join(ROOT, 'artifacts/light.png') });

  const phone = await (
    await browser.newContext({ ...PHONE, storageState: await desk.context().storageState() })
  ).newPage();
  await phone.goto(at(13));
  await still(phone);
  await phone.screenshot({ path: join(ROOT, 'artifacts/phone.png') });
  await phone.locator('.panel-toggle').tap();
  await phone.waitForTimeout(1500);
  await phone.screenshot({ path: join(ROOT, 'artifacts/phone-panel.png') });
} finally {
  await browser.close();
  server.kill('SIGINT');
  await once(server, 'exit');
  await rm(dataDir, { recursive: true, force: true });
}

async function printedLink(): Promise<string> {
  for await (const line of createInterface({ input: server.stdout })) {
    if (/^https?:\/\/\S+\?key=/.test(line)) return line;
  }
  throw new Error('the server printed no link');
}

/** Waits until nothing is being imported any more. */
async function imported(page: Page): Promise<void> {
  for (const end = Date.now() + PATIENCE; Date.now() < end; ) {
    const status = await (await page.request.get(new URL('/api/status', page.url()).href)).json();
    const over = status.imports.every((one: { finishedAt: number | null }) => one.finishedAt !== null);
    if (over && status.revision !== '0') return;
    await page.waitForTimeout(500);
  }
  throw new Error('the import did not end');
}

/** Waits for the tiles, and for them to have faded in. */
async function still(page: Page): Promise<void> {
  await page.getByRole('figure').waitFor({ timeout: PATIENCE });
  await page.locator('.swatch-look:not(:has(img))').first().waitFor({ state: 'detached', timeout: PATIENCE });
  await page.locator('.busy:not(.is-on)').waitFor({ state: 'attached', timeout: PATIENCE });
  await page.waitForTimeout(1500);
}
