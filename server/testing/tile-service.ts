/** A tile service over a test's database, with a render of the test's choice. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Knex } from 'knex';
import { UnknownAthlete } from '../athletes/keyring.ts';
import { IndexPool } from '../index/pool.ts';
import { TileCache } from '../tiles/cache.ts';
import { DiskStore } from '../tiles/disk-store.ts';
import { RedisStore } from '../tiles/redis-store.ts';
import { renderTile } from '../tiles/render.ts';
import type { Render } from '../tiles/render-queue.ts';
import { RenderQueue } from '../tiles/render-queue.ts';
import { TileService } from '../tiles/service.ts';
import type { Athlete } from './store-activities.ts';

export interface TestTilesOptions {
  db: Knex;
  athletes: Athlete[];
  /** Draws on this thread when left out. */
  render?: Render;
  /** A cache folder to share with an earlier service. */
  folder?: string;
  /** Shares this cache instead of having a folder. */
  redisUrl?: string;
  memoryLimit?: number;
  concurrency?: number;
  queueLimit?: number;
}

export interface TestTiles {
  tiles: TileService;
  indexes: IndexPool;
  cache: TileCache;
  folder: string;
  warnings: string[];
  close(): Promise<void>;
}

/** Closed, and its cache folder removed, at the end of the test. */
export async function testTiles(
  t: Pick<TestContext, 'after'>,
  options: TestTilesOptions,
): Promise<TestTiles> {
  const {
    db,
    athletes,
    render = drawHere,
    memoryLimit = 2 ** 26,
    concurrency = 2,
    queueLimit = 100,
  } = options;
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'pathglow-tiles-')));
  const warnings: string[] = [];
  const warn = (message: string) => warnings.push(message);
  const dataKey = async (athleteId: string) => {
    const athlete = athletes.find(({ id }) => id === athleteId);
    if (!athlete) throw new UnknownAthlete(athleteId);
    return athlete.key;
  };
  const indexes = new IndexPool({ db, dataKey, memoryLimit: 2 ** 30, warn });
  const store = options.redisUrl
    ? new RedisStore({ url: options.redisUrl, warn, patience: 5000, rest: 100 })
    : new DiskStore({ path: join(folder, 'tiles.sqlite'), limit: 2 ** 27, warn });
  const cache = new TileCache({ memoryLimit, store, warn });
  const queue = new RenderQueue({ render, concurrency, limit: queueLimit });
  const close = () => cache.close();
  t.after(async () => {
    await close();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    tiles: new TileService({ indexes, cache, queue, dataKey }),
    indexes,
    cache,
    folder,
    warnings,
    close,
  };
}

const drawHere: Render = async (job) => renderTile(job);
