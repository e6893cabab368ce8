/** Pictures of the pages that tests open, to be looked at: artifacts/screens/<test file>/<nn-test>-<at>-<screen>.jpg */
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterEach, beforeEach } from 'node:test';
import type { BrowserContextOptions, CDPSession, Page } from 'playwright-core';

const PATIENCE_MS = 10_000;
const QUALITY = 80;
const LONGEST_NAME = 70;

const root = new URL('../..', import.meta.url).pathname;
const file = relative(join(root, 'client'), process.argv[1]).replace(/(\.browser)?\.test\.ts$/, '');
export const FOLDER = join(root, 'artifacts/screens', file);

interface Screen {
  /** desktop, tablet or phone. */
  kind: string;
  session: Promise<CDPSession | null>;
  /** Digests of the pictures there are of it: none is kept twice. */
  kept: Set<string>;
}

const screens = new Map<Page, Screen>();
/** The test that runs: which of its file, its name, and how many pictures there are of it. */
const now = { test: 0, name: '', pictures: 0 };

// what an earlier run left is not of this one
rmSync(FOLDER, { recursive: true, force: true });

beforeEach(({ name }) => {
  Object.assign(now, { test: now.test + 1, name, pictures: 0 });
});
afterEach(async () => {
  await Promise.all([...screens.keys()].map((page) => picture(page)));
});

/** From now on the page is pictured after each test, for as long as it is open. */
export function follow(page: Page, { isMobile, hasTouch }: BrowserContextOptions): void {
  const session = page
    .context()
    .newCDPSession(page)
    .catch(() => null);
  const kind = isMobile ? 'phone' : hasTouch ? 'tablet' : 'desktop';
  screens.set(page, { kind, session, kept: new Set() });
  const forget = () => screens.delete(page);
  page.on('close', forget).on('crash', forget);
}

/**
 * Keeps what a page looks like now. The browser is asked for what it shows: nothing is run on the page, moved or given
 * the focus, and time may stand still there. A page that cannot be pictured within `patience` ms fails no test.
 */
export async function picture(page: Page, patience = PATIENCE_MS): Promise<void> {
  const screen = screens.get(page);
  if (!screen) return;
  const taken = await Promise.race([taking(screen), nothingAfter(patience)]).catch(() => null);
  if (taken === null) return void screens.delete(page);
  const digest = createHash('sha1').update(taken).digest('hex');
  if (screen.kept.has(digest)) return;
  screen.kept.add(digest);
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, `${nameOf(++now.pictures)}-${screen.kind}.jpg`), taken);
}

async function taking({ session }: Screen): Promise<Buffer | null> {
  const options = { format: 'jpeg', quality: QUALITY, optimizeForSpeed: true } as const;
  const answer = await (await session)?.send('Page.captureScreenshot', options);
  return answer ? Buffer.from(answer.data, 'base64') : null;
}

function nothingAfter(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(resolve, ms, null).unref());
}

function nameOf(at: number): string {
  const words = now.name
    .toLowerCase()
    .replaceAll('’', '')
    .split(/[^\p{L}\d]+/u);
  const name = words
    .filter((word) => word !== '')
    .join('-')
    .slice(0, LONGEST_NAME);
  return `${String(now.test).padStart(2, '0')}-${name}-${at}`;
}
