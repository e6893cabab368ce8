/** Drawing ahead: how fast it is, and what it costs those who look at the map meanwhile. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as turn } from 'node:timers/promises';
import { EVERYTHING } from '../server/index/filter.ts';
import { IndexPool } from '../server/index/pool.ts';
import { testDatabase } from '../server/testing/database.ts';
import { TileCache } from '../server/tiles/cache.ts';
import { DiskStore } from '../server/tiles/disk-store.ts';
import { RenderQueue } from '../server/tiles/render-queue.ts';
import { renderThreads } from '../server/tiles/render-threads.ts';
import type { TileRequest } from '../server/tiles/service.ts';
import { TileService } from '../server/tiles/service.ts';
import { heatTiles } from '../server/warmup/heat-tiles.ts';
import { type Layer, usualLayers } from '../server/warmup/layer.ts';
import { Warmer } from '../server/warmup/warmer.ts';
import { spread } from './measure.ts';
import { homeTile } from './places.ts';
import { askSteadily } from './steady-client.ts';
import { type Stored, store } from './stored.ts';
import type { Table } from './table.ts';
import { pathOf, tileServer } from './tile-server.ts';

const quiet = () => {};
const everywhere = { boxes: null, limit: Number.POSITIVE_INFINITY };

export async function warmupBench({ smoke }: { smoke: boolean }): Promise<Table[]> {
  const database = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'pathglow-bench-'));
  const threads = renderThreads(2);
  try {
    const stored = await store(database.db, smoke ? 60 : 2000, smoke ? 300 : 3000);
    const dataKey = async () => stored.athlete.key;
    const indexes = new IndexPool({ db: database.db, dataKey, memoryLimit: 2 ** 31, warn: quiet });
    await indexes.current(stored.athlete.id, 'fine');
    const bench: Bench = { stored, indexes, threads, dataKey };
    return [
      await speed(bench, join(folder, 'tiles.sqlite'), smoke ? 8 : 14),
      await meanwhile(
        bench,
        smoke ? { rounds: 1, seconds: 0.3, cold: 5 } : { rounds: 4, seconds: 6, cold: 80 },
      ),
    ];
  } finally {
    await threads.close();
    await rm(folder, { recursive: true, force: true });
    await database.drop();
  }
}

interface Bench {
  stored: Stored;
  indexes: IndexPool;
  threads: ReturnType<typeof renderThreads>;
  dataKey(): Promise<Buffer>;
}

/** A service and what draws ahead for it, over a cache of their own. */
function warming({ indexes, threads, dataKey }: Bench, cache: TileCache, concurrency: number) {
  const queue = new RenderQueue({ render: threads.render, concurrency, limit: 1000 });
  const tiles = new TileService({ indexes, cache, queue, dataKey });
  // it is given its tiles here, and so asks neither of these
  const unasked = { warmups: null as never, popularity: null as never };
  return { tiles, warmer: new Warmer({ ...unasked, indexes, tiles, onChange: quiet, warn: quiet }) };
}

async function speed(bench: Bench, path: string, to: number): Promise<Table> {
  const { stored, indexes } = bench;
  const { id } = stored.athlete;
  const disk = new DiskStore({ path, limit: 2 ** 31, warn: quiet });
  const cache = new TileCache({ memoryLimit: 2 ** 20, store: disk, warn: quiet });
  const { warmer } = warming(bench, cache, 2);
  const index = await indexes.current(id, 'fine');
  const rows: Table['rows'] = [];
  for (const layer of usualLayers([512]).filter(({ zoom }) => zoom <= to && zoom >= to - 3)) {
    const began = performance.now();
    const tiles = await heatTiles(index, layer, everywhere);
    const planned = performance.now();
    const count = tiles.length / 2;
    const passes: number[] = [];
    for (let pass = 0; pass < 2; pass++) {
      const from = performance.now();
      await warmer.draw(id, layer, tiles, { done: 0, skipped: 0, failed: 0 }, new AbortController().signal);
      passes.push((1000 * count) / (performance.now() - from));
    }
    rows.push([layer.zoom, count, planned - began, ...passes]);
  }
  await cache.close();
  return {
    title: `Warming, ${stored.name}`,
    note:
      'Tiles of 512 px with heat, milliseconds to find them all, and tiles a second: drawn with two render threads, ' +
      'of which one is left to live requests, and passed over because they are on the disk.',
    columns: ['zoom', 'tiles', 'planned, ms', 'drawn a second', 'passed over a second'],
    rows,
  };
}

/** Everything turn by turn, with and without a warm-up that never ends. */
async function meanwhile(
  bench: Bench,
  { rounds, seconds, cold }: { rounds: number; seconds: number; cold: number },
): Promise<Table> {
  const { stored, indexes } = bench;
  const { id } = stored.athlete;
  const index = await indexes.current(id, 'fine');
  const rows: Table['rows'] = [];
  for (const concurrency of [1, 2]) {
    // one that keeps a screen, and nothing that is drawn ahead once that is full
    const cache = new TileCache({ memoryLimit: 2 ** 18, warn: quiet });
    const { tiles, warmer } = warming(bench, cache, concurrency);
    const layer: Layer = { zoom: 14, size: 512, areas: null };
    const ahead = await heatTiles(index, layer, everywhere);
    const whileWarming = async <T>(body: () => Promise<T>): Promise<T> => {
      const stopped = new AbortController();
      const progress = { done: 0, skipped: 0, failed: 0 };
      const warm = async () => {
        while (!stopped.signal.aborted) {
          await warmer.draw(id, layer, ahead, progress, stopped.signal);
          // as between two batches
          await turn();
        }
      };
      const warmed = warm().catch(quiet);
      try {
        return await body();
      } finally {
        stopped.abort();
        await warmed;
      }
    };

    const cached = { idle: [] as number[], warming: [] as number[] };
    const server = await tileServer(tiles, id);
    const url = (await server.listen()) + pathOf(homeTile(13), 256);
    for (let round = 0; round <= rounds; round++) {
      const idle = await askSteadily(url, { rate: 200, seconds });
      const busy = await whileWarming(() => askSteadily(url, { rate: 200, seconds }));
      // the first to warm up
      if (round === 0) continue;
      cached.idle.push(...idle);
      cached.warming.push(...busy);
    }
    await server.app.close();

    const list = await heatTiles(index, { zoom: 15, size: 512, areas: null }, everywhere);
    const request = (at: number): TileRequest => {
      const place = Math.floor((at * list.length) / 2 / (2 * cold)) * 2;
      const tile = { z: 15, x: list[place], y: list[place + 1] };
      return { athleteId: id, geometry: 'own', tile, size: 512, filter: EVERYTHING };
    };
    const waits = { idle: [] as number[], warming: [] as number[] };
    for (let at = 0; at < cold; at++) {
      waits.idle.push(await timeOf(() => tiles.get(request(at * 2))));
    }
    await whileWarming(async () => {
      for (let at = 0; at < cold; at++)
        waits.warming.push(await timeOf(() => tiles.get(request(at * 2 + 1))));
    });
    for (const [what, { idle, warming: busy }] of Object.entries({ cached, cold: waits })) {
      const [without, meanwhile] = [spread(idle), spread(busy)];
      rows.push([
        concurrency,
        what,
        without.median,
        without.p99,
        meanwhile.median,
        meanwhile.p99,
        meanwhile.p99 / without.p99,
      ]);
    }
  }
  return {
    title: `Looked at while warming, ${stored.name}`,
    note:
      'Milliseconds until a tile is there, without and during a warm-up of z 14, by how many render threads there are. ' +
      'Cached: 200 requests a second from another process, one tile from memory. Cold: tiles of z 15 never drawn before, ' +
      'one after the other.',
    columns: ['threads', 'tile', 'p50', 'p99', 'p50 warming', 'p99 warming', 'p99 ratio'],
    rows,
  };
}

async function timeOf(body: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await body();
  return performance.now() - began;
}
