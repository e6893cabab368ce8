/** What the tile path is put together from, for the suites that measure it. */
import type { Knex } from 'knex';
import { IndexPool } from '../server/index/pool.ts';
import type { Athlete } from '../server/testing/store-activities.ts';
import { TileCache } from '../server/tiles/cache.ts';
import { RenderQueue } from '../server/tiles/render-queue.ts';
import type { RenderThreads } from '../server/tiles/render-threads.ts';
import { TileService } from '../server/tiles/service.ts';

export interface Parts {
  db: Knex;
  url: string;
  /** For caches on disk. */
  folder: string;
  render: RenderThreads['render'];
}

/** Threads that draw, in every bench of the tile path. */
export const RENDER_THREADS = 2;

export const quiet = () => {};

export function newPool(db: Knex, athletes: Athlete[]): IndexPool {
  return new IndexPool({ db, dataKey: keysOf(athletes), memoryLimit: 2 ** 31, warn: quiet });
}

export function serviceOver(
  { render }: Pick<Parts, 'render'>,
  indexes: IndexPool,
  cache = new TileCache({ memoryLimit: 2 ** 26, warn: quiet }),
): TileService {
  const queue = new RenderQueue({ render, concurrency: RENDER_THREADS, limit: 100_000 });
  return new TileService({ indexes, cache, queue, dataKey: keysOf([]) });
}

const known = new Map<string, Athlete>();

function keysOf(athletes: Athlete[]): (athleteId: string) => Promise<Buffer> {
  for (const athlete of athletes) known.set(athlete.id, athlete);
  return async (athleteId) => known.get(athleteId)!.key;
}
