/**
 * The tile path, end to end and in parts: loading an athlete, finding addresses, tiles from memory, from disk and
 * rendered, one new activity, and requests a second.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { TileSize } from '../server/geo/tile.ts';
import { EVERYTHING } from '../server/index/filter.ts';
import type { IndexPool } from '../server/index/pool.ts';
import { windowOf } from '../server/index/window.ts';
import { testDatabase } from '../server/testing/database.ts';
import { seeded } from '../server/testing/sample-activities.ts';
import { TileCache } from '../server/tiles/cache.ts';
import { DiskStore } from '../server/tiles/disk-store.ts';
import { renderThreads } from '../server/tiles/render-threads.ts';
import { coldStart } from './cold-start.ts';
import { spread } from './measure.ts';
import { oneNewActivity } from './one-new-activity.ts';
import { homeTile } from './places.ts';
import { repeated } from './repeated.ts';
import { requestsPerSecond } from './requests.ts';
import type { Stored } from './stored.ts';
import { store } from './stored.ts';
import type { Table } from './table.ts';
import { newPool, type Parts, quiet, RENDER_THREADS, serviceOver } from './tile-parts.ts';
import { underLoad } from './under-load.ts';

const ZOOMS = [0, 3, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20];
const SIZES: TileSize[] = [256, 512];
const filter = EVERYTHING;

export async function tilesBench({ smoke }: { smoke: boolean }): Promise<Table[]> {
  const database = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'pathglow-bench-'));
  const threads = renderThreads(RENDER_THREADS);
  try {
    const sizes: [number, number][] = smoke
      ? [[60, 300]]
      : [
          [1000, 2500],
          [5000, 4000],
        ];
    const stored: Stored[] = [];
    for (const [activities, points] of sizes) stored.push(await store(database.db, activities, points));
    const large = stored.at(-1)!;
    const runs = smoke ? 3 : 60;
    const parts = { db: database.db, url: database.url, folder, render: threads.render };
    const tables = [await loading(parts, stored)];
    const pool = newPool(database.db, [large.athlete]);
    await pool.current(large.athlete.id, 'fine');
    tables.push(await addresses(pool, large, runs));
    tables.push(await tilesBySource(parts, pool, large, runs));
    tables.push(await repeated(parts, pool, large, smoke));
    tables.push(await oneNewActivity(parts, large, smoke ? 1 : 3));
    const tiles = serviceOver(parts, pool, new TileCache({ memoryLimit: 2 ** 29, warn: quiet }));
    const asked = {
      athleteId: large.athlete.id,
      name: large.name,
      tile: homeTile(13),
      seconds: smoke ? 1 : 5,
    };
    tables.push(await requestsPerSecond(tiles, asked));
    tables.push(await underLoad(parts, pool, large, smoke ? 1 : 10));
    tables.push(await coldStart(parts, pool, large, smoke ? 1 : 5));
    return tables;
  } finally {
    await threads.close();
    await rm(folder, { recursive: true, force: true });
    await database.drop();
  }
}

async function loading(parts: Parts, stored: Stored[]): Promise<Table> {
  const rows: Table['rows'] = [];
  for (const one of stored) {
    const { loaded, ...times } = await load(parts, one);
    const [firstTile, firstFine] = [await firstTileAt(11, parts, one), await firstTileAt(15, parts, one)];
    rows.push([
      one.name,
      firstTile,
      firstFine,
      times.coarse,
      times.all,
      times.hold,
      times.bytes,
      loaded.memory / one.points,
    ]);
  }
  return {
    title: 'An athlete who is not loaded',
    note:
      'Milliseconds until the first tile (z 11 from the coarse levels, z 15 from the fine ones), until each part is ' +
      'loaded, and the longest the event loop was held; bytes a recorded point as the process grew, and as the ' +
      'index estimates itself.',
    columns: [
      'athlete',
      'first z 11',
      'first z 15',
      'coarse',
      'all',
      'longest hold',
      'bytes a point',
      'estimated',
    ],
    rows,
  };
}

/** How long the parts take, what the index holds, and how much the process grew by it. */
async function load({ db }: Parts, { athlete, points }: Stored) {
  const before = memory();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  const pool = newPool(db, [athlete]);
  await pool.current(athlete.id, 'coarse');
  const coarse = performance.now() - start;
  const loaded = await pool.current(athlete.id, 'fine');
  const all = performance.now() - start;
  delay.disable();
  return { coarse, all, hold: delay.max / 1e6, bytes: (memory() - before) / points, loaded };
}

/** Milliseconds until a server that has nothing loaded answers its first tile. */
async function firstTileAt(zoom: number, parts: Parts, { athlete }: Stored): Promise<number> {
  const pool = newPool(parts.db, [athlete]);
  const service = serviceOver(parts, pool);
  const start = performance.now();
  await service.get({
    athleteId: athlete.id,
    geometry: 'own' as const,
    tile: homeTile(zoom),
    size: 256,
    filter,
  });
  const time = performance.now() - start;
  // what goes on loading would slow down what is measured next
  await pool.current(athlete.id, 'fine');
  return time;
}

async function addresses(pool: IndexPool, { name, athlete }: Stored, runs: number): Promise<Table> {
  const index = await pool.current(athlete.id, 'fine');
  const random = seeded(4);
  const rows: Table['rows'] = [];
  for (const z of ZOOMS) {
    const samples: number[] = [];
    let activities = 0;
    for (let run = 0; run < runs * 5; run++) {
      const window = windowOf(homeTile(z, random), run % 2 === 0 ? 256 : 512);
      const start = performance.now();
      const sum = index.touching(window, filter);
      samples.push(performance.now() - start);
      activities += sum.count;
    }
    const { median, p99, max } = spread(samples);
    rows.push([String(z), activities / samples.length, median, p99, max]);
  }
  return {
    title: `Finding an address, ${name}`,
    note: 'Milliseconds on the main thread, by searching: the table of known addresses is left out. Tiles around home.',
    columns: ['zoom', 'activities', 'p50', 'p99', 'max'],
    rows,
  };
}

async function tilesBySource(
  parts: Parts,
  pool: IndexPool,
  { name, athlete }: Stored,
  runs: number,
): Promise<Table> {
  const disk = new DiskStore({ path: join(parts.folder, 'tiles.sqlite'), limit: 2 ** 30, warn: quiet });
  const remembering = serviceOver(
    parts,
    pool,
    new TileCache({ memoryLimit: 2 ** 29, store: disk, warn: quiet }),
  );
  // memory too small for one tile: every answer comes from disk
  const forgetting = serviceOver(parts, pool, new TileCache({ memoryLimit: 1, store: disk, warn: quiet }));
  const rendering = serviceOver(parts, pool, new TileCache({ memoryLimit: 1, warn: quiet }));
  const rows: Table['rows'] = [];
  const random = seeded(5);
  for (const size of SIZES) {
    for (const z of ZOOMS) {
      const requests = Array.from({ length: runs }, () => {
        return { athleteId: athlete.id, geometry: 'own' as const, tile: homeTile(z, random), size, filter };
      });
      const times: Record<string, number[]> = { render: [], memory: [], disk: [] };
      let bytes = 0;
      for (const request of requests) {
        const first = await remembering.get(request);
        if (first.from === 'empty') continue;
        bytes = Math.max(bytes, first.png.length);
        for (const [from, service] of Object.entries({
          render: rendering,
          memory: remembering,
          disk: forgetting,
        })) {
          const start = performance.now();
          const found = await service.get(request);
          if (found.from === from) times[from].push(performance.now() - start);
        }
      }
      if (times.render.length === 0) continue;
      const figures = [times.memory, times.disk, times.render].flatMap((samples) => {
        const { median, p99 } =
          samples.length > 0 ? spread(samples) : { median: Number.NaN, p99: Number.NaN };
        return [median, p99];
      });
      rows.push([String(size), String(z), String(bytes), ...figures]);
    }
  }
  await disk.disconnect();
  return {
    title: `A tile by where it comes from, ${name}`,
    note:
      'Milliseconds from asking the tile service to having the picture, one tile at a time, tiles around home; ' +
      'rendered includes finding what to draw, the way to the render thread and back.',
    columns: ['px', 'zoom', 'largest, bytes', 'memory p50', 'p99', 'disk p50', 'p99', 'rendered p50', 'p99'],
    rows,
  };
}

function memory(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
