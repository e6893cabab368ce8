/** A real browser before a real server, watched: what goes wrong on a page fails the test that opened it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';
import { latToWorldY, lngToWorldX, WORLD_SIZE } from '../../server/geo/mercator.ts';
import { COMMON } from '../words/common.ts';
import { FILES } from '../words/imports.ts';
import { follow, picture } from './screens.ts';

const AXE = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

export const DESKTOP: BrowserContextOptions = { viewport: { width: 1440, height: 900 } };
export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};

/** Starts Debian's Chromium, or the one that CHROMIUM names. */
export function launch(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: ['--no-sandbox'], timeout: 120_000 });
}

/** A page whose requests and faults are kept. */
export interface Watched {
  page: Page;
  /** URLs asked for so far. */
  asked: string[];
  /** Throws if the page logged an error, broke its security policy, or asked anybody but its server and `others`. */
  assertSound(origin: string, others?: readonly string[]): void;
}

export async function watch(browser: Browser, options: BrowserContextOptions): Promise<Watched> {
  const context = await browser.newContext({ locale: 'en-GB', colorScheme: 'dark', ...options });
  const page = await context.newPage();
  follow(page, options);
  page.setDefaultTimeout(120_000);
  const asked: string[] = [];
  const faults: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  return {
    page,
    asked,
    assertSound(origin, others = []) {
      assert.deepEqual(faults, []);
      const known = [origin, ...others];
      const elsewhere = asked.filter(
        (url) => !/^(data|blob):/.test(url) && !known.some((one) => url.startsWith(`${one}/`)),
      );
      assert.deepEqual(elsewhere, []);
    },
  };
}

/**
 * Throws with what axe finds wrong for people who see, hear or point differently: on all of a page, or on a part. What
 * is judged is pictured, too.
 */
export async function assertAccessible(page: Page, part: Locator = page.locator('html')): Promise<void> {
  await picture(page);
  await page.evaluate(AXE);
  const found = await part.evaluate(async (element) => {
    const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run(element);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
  assert.deepEqual(found, []);
}

/** What a finger would miss: whatever is done by touching it, and is less than 40 pixels wide or high. */
export function tooSmall(part: Locator): Promise<string[]> {
  return part.evaluate((box) => {
    const all = box.querySelectorAll('button, a[href], input, select, summary, [role=slider]');
    return [...all].flatMap((one) => {
      const isText = getComputedStyle(one).display === 'inline';
      if (isText || !one.checkVisibility({ visibilityProperty: true })) return [];
      const target = one.closest('label') ?? one;
      const { width, height } = target.getBoundingClientRect();
      // it may reach further than it looks
      const { left, top } = getComputedStyle(target, '::before');
      const beyond = (side: string) => 2 * Math.max(0, -Number.parseFloat(side) || 0);
      const isLarge = Math.min(width + beyond(left), height + beyond(top)) >= 40;
      return isLarge ? [] : [`${width} × ${height}: ${one.outerHTML.slice(0, 200)}`];
    });
  });
}

interface Axe {
  run(part: Element): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

/** Resolves when this has the focus: it comes a frame after what asked for it. */
export async function focused(one: Locator): Promise<void> {
  await one.and(one.page().locator(':focus')).waitFor();
}

/** Keeps what a page asks for from its answers until that is let go. */
export async function hold(page: Page, urls: RegExp): Promise<{ letGo(): void }> {
  const { promise, resolve: letGo } = Promise.withResolvers<void>();
  await page.route(urls, async (route) => {
    await promise;
    // some of it may have been given up meanwhile
    await route.continue().catch(() => undefined);
  });
  return { letGo };
}

/** The share of a tile's pixels that are drawn, 0 to 1. */
export function drawnShare(page: Page, url: string): Promise<number> {
  return page.evaluate(async (address) => {
    const picture = await createImageBitmap(await (await fetch(address)).blob());
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const context = canvas.getContext('2d')!;
    context.drawImage(picture, 0, 0);
    const { data } = context.getImageData(0, 0, picture.width, picture.height);
    return data.filter((value, at) => at % 4 === 3 && value > 0).length / (data.length / 4);
  }, url);
}

/**
 * Whether all of these longitudes and latitudes lie where the map is seen, and not below such a box: told by the middle of
 * that, which the address names. On a phone, where nothing lies at the side.
 */
export async function isSeen(
  page: Page,
  positions: readonly (readonly [number, number])[],
  box: Locator,
): Promise<boolean> {
  const [zoom, lat, lng] = new URL(page.url()).searchParams.get('map')!.split('/').map(Number);
  const scale = (512 * 2 ** zoom) / WORLD_SIZE;
  const { width, height } = page.viewportSize()!;
  const covered = await page.evaluate(() =>
    ['--room-bottom', '--room-over'].reduce(
      (sum, name) => sum + Number.parseFloat(document.documentElement.style.getPropertyValue(name)),
      0,
    ),
  );
  const foot = height - covered;
  const { y: top, height: tall } = (await box.boundingBox())!;
  return positions.every((position) => {
    const x = width / 2 + (lngToWorldX(position[0]) - lngToWorldX(lng)) * scale;
    const y = foot / 2 + (latToWorldY(position[1]) - latToWorldY(lat)) * scale;
    return x > 0 && x < width && y > 0 && y < foot && (y < top || y > top + tall);
  });
}

/** Clicks a button that copies, waits until it says so, which it does for a moment only, and answers what it copied. */
export async function copiedBy(button: Locator): Promise<string> {
  const page = button.page();
  // looked for in the page itself, frame by frame
  const said = page.waitForFunction((text) => document.body.textContent.includes(text), COMMON.copied);
  await Promise.all([said, button.click()]);
  return page.evaluate(() => navigator.clipboard.readText());
}

/**
 * Opens the list of an import's files as soon as its card says this. In the page itself, frame by frame: a card that is
 * not opened goes by itself after ten seconds, which on a busy machine are few.
 */
export async function openFiles(page: Page, ...texts: string[]): Promise<void> {
  await page.waitForFunction(
    ([title, ...said]) => {
      const cards = [...document.querySelectorAll('article.import')];
      const card = cards.find(({ textContent }) => said.every((text) => textContent.includes(text)));
      const summary = [...(card?.querySelectorAll('summary') ?? [])].find((one) => one.textContent === title);
      summary?.click();
      return summary !== undefined;
    },
    [FILES.title, ...texts],
  );
}

/** Drops files on the page, as from a folder window. */
export async function drop(page: Page, files: { name: string; text: string }[]): Promise<void> {
  const transfer = await page.evaluateHandle((given) => {
    const made = new DataTransfer();
    for (const { name, text } of given) made.items.add(new File([text], name));
    return made;
  }, files);
  for (const type of ['dragenter', 'dragover', 'drop']) {
    await page.dispatchEvent('body', type, { dataTransfer: transfer });
  }
}

export type Point = readonly [x: number, y: number];

/** A finger goes over the page, from one place to another: unlike a mouse, which a page may hear of in other ways. */
export async function swipe(page: Page, from: Point, to: Point, steps = 8): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: Point[]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y]) => ({ x, y })) });
  await touch('touchStart', [from]);
  for (let step = 1; step <= steps; step++) {
    const at = (axis: 0 | 1) => from[axis] + ((to[axis] - from[axis]) * step) / steps;
    await touch('touchMove', [[at(0), at(1)]]);
  }
  await touch('touchEnd', []);
  await session.detach();
}
