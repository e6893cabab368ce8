/** The viewer in a real browser: what it loads, how soon there is heat, and how it moves. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { writeDemoExport } from '../server/demo/write-export.ts';
import { testServer } from '../server/testing/app.ts';
import { until } from '../server/testing/until.ts';
import { spread } from './measure.ts';
import type { Table } from './table.ts';

const CHROMIUM = process.env.CHROMIUM || '/usr/bin/chromium';
const SCREENS = {
  'desktop 1440 × 900': { viewport: { width: 1440, height: 900 } },
  'phone 390 × 844 @2x': { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 },
};

/** How far the map is dragged, and how long it plays. */
const LONG = { steps: 30, months: 24 };
const SHORT = { steps: 3, months: 2 };

/** Without Chromium there is nothing to measure, and no table. */
export async function viewerBench({ smoke }: { smoke: boolean }): Promise<Table[]> {
  if (!existsSync(CHROMIUM)) {
    console.error(`The viewer is not measured: there is no ${CHROMIUM}.`);
    return [];
  }
  const folder = await mkdtemp(join(tmpdir(), 'pathglow-bench-'));
  const server = await testServer();
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    const importId = await server.app.importPaths([
      await writeDemoExport(folder, { activities: smoke ? 10 : undefined }),
    ]);
    await until(async () => (await server.app.reportOf(importId))?.finishedAt);
    const { cookie } = await server.signIn();
    const rows: Table['rows'] = [];
    for (const [name, screen] of Object.entries(SCREENS).slice(smoke ? 1 : 0)) {
      rows.push([name, ...(await visit(browser, screen, server.origin, cookie, smoke ? SHORT : LONG))]);
    }
    return [
      {
        title: 'The viewer in Chromium, the demo’s athlete',
        note:
          'First visits with an empty browser cache, from the browser’s own performance entries: milliseconds from ' +
          'the start of navigation; kilobytes as they were transferred; frames while the map is dragged over three ' +
          'screens; milliseconds from a click on another palette until the map is still; milliseconds from one month ' +
          'to the next while the years are played, which are 450 where nothing is too slow. Chromium draws WebGL in ' +
          'software here, so frames say little of a machine with a graphics card.',
        columns: [
          'screen',
          'page ms',
          'first heat ms',
          'page kB',
          'heat kB',
          'frames/s',
          'worst frame ms',
          'recolour ms',
          'month ms',
          'worst month ms',
        ],
        rows,
      },
    ];
  } finally {
    await browser.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function visit(
  browser: Browser,
  screen: Parameters<Browser['newContext']>[0],
  origin: string,
  cookie: string,
  { steps, months }: { steps: number; months: number },
): Promise<number[]> {
  const context = await browser.newContext(screen);
  const [name, value] = cookie.split('=');
  await context.addCookies([{ name, value, url: origin }]);
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto(origin);
  await page.getByRole('figure').waitFor();
  await settled(page);
  const loaded = await page.evaluate(() => {
    const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
    const [{ domContentLoadedEventEnd }] = performance.getEntriesByType(
      'navigation',
    ) as PerformanceNavigationTiming[];
    const tiles = entries.filter((entry) => /\/tiles\/me\/\d/.test(entry.name));
    const page = entries.filter((entry) => /\/(assets|api|auth)\/|favicon/.test(entry.name));
    const size = (some: PerformanceResourceTiming[]) =>
      some.reduce((sum, one) => sum + one.transferSize, 0) / 1000;
    const first = Math.min(...tiles.map(({ responseEnd }) => responseEnd));
    return [domContentLoadedEventEnd, first, size(page), size(tiles)];
  });
  const frames = spread(await dragging(page, steps));
  const recolour = await recoloured(page);
  const played = spread(await playing(page, months));
  await context.close();
  return [...loaded, 1000 / frames.median, frames.max, recolour, played.median, played.max];
}

/** How long each frame took while the map was dragged. */
async function dragging(page: Page, steps: number): Promise<number[]> {
  await page.evaluate(() => {
    const watched = globalThis as unknown as { frames: number[] };
    watched.frames = [];
    let before = performance.now();
    const tick = (now: number) => {
      watched.frames.push(now - before);
      before = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  const { width, height } = page.viewportSize()!;
  for (let turn = 0; turn < 3; turn++) {
    await page.mouse.move(width - 80, height / 2);
    await page.mouse.down();
    await page.mouse.move(width - 80 - width / 3, height / 3, { steps });
    await page.mouse.up();
  }
  return page.evaluate(() => (globalThis as unknown as { frames: number[] }).frames.slice(1));
}

async function recoloured(page: Page): Promise<number> {
  const toggle = page.locator('.panel-toggle[aria-expanded=false]');
  if ((await toggle.count()) > 0) await toggle.click();
  await still(page);
  const start = performance.now();
  await page.locator('.swatch').nth(1).click();
  await pause(20);
  await still(page);
  return performance.now() - start;
}

/** How long each of so many months was seen while the years were played; fewer where there are no more. */
async function playing(page: Page, months: number): Promise<number[]> {
  await page.locator('.play').click();
  return page.evaluate(
    (count) =>
      new Promise<number[]>((resolve) => {
        const words = document.querySelector('.dock-words strong')!;
        const times: number[] = [];
        let text = words.textContent;
        const watch = () => {
          if (words.textContent !== text) times.push(performance.now());
          text = words.textContent;
          const isOver = times.length > 1 && words.getAttribute('aria-live') === 'polite';
          if (times.length <= count && !isOver) return requestAnimationFrame(watch);
          // the last change may be that of the end
          resolve(times.slice(1, isOver ? -1 : undefined).map((time, at) => time - times[at]));
        };
        requestAnimationFrame(watch);
      }),
    months,
  );
}

/** Waits until nothing has come for a second: before its first tile is asked for the map is still, too. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      const watched = globalThis as unknown as { count?: number; since: number };
      const count = performance.getEntriesByType('resource').length;
      const isStill = document.querySelector('.busy:not(.is-on)') !== null;
      if (count !== watched.count || !isStill) Object.assign(watched, { count, since: performance.now() });
      return performance.now() - watched.since > 1000;
    },
    undefined,
    { timeout: 120_000 },
  );
}

/** Waits until the map says that nothing more is coming. */
async function still(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('.busy:not(.is-on)'), undefined, {
    timeout: 120_000,
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
