/** The same tile again and again: how even its times are. */
import { join } from 'node:path';
import { EVERYTHING } from '../server/index/filter.ts';
import type { IndexPool } from '../server/index/pool.ts';
import { TileCache } from '../server/tiles/cache.ts';
import { DiskStore } from '../server/tiles/disk-store.ts';
import type { TileRequest } from '../server/tiles/service.ts';
import { spread } from './measure.ts';
import { homeTile } from './places.ts';
import type { Stored } from './stored.ts';
import type { Table } from './table.ts';
import { type Parts, quiet, serviceOver } from './tile-parts.ts';

const ZOOM = 13;

export async function repeated(
  parts: Parts,
  pool: IndexPool,
  { name, athlete }: Stored,
  smoke: boolean,
): Promise<Table> {
  const disk = new DiskStore({ path: join(parts.folder, 'repeated.sqlite'), limit: 2 ** 28, warn: quiet });
  const cacheOf = (memoryLimit: number, store?: DiskStore) =>
    new TileCache({ memoryLimit, store, warn: quiet });
  // memory too small for one tile leaves what is below it
  const services = {
    memory: serviceOver(parts, pool, cacheOf(2 ** 28, disk)),
    disk: serviceOver(parts, pool, cacheOf(1, disk)),
    render: serviceOver(parts, pool, cacheOf(1)),
  };
  const runs = { memory: 20_000, disk: 2000, render: 100 };
  const rows: Table['rows'] = [];
  for (const size of [256, 512] as const) {
    const tile: TileRequest = {
      athleteId: athlete.id,
      geometry: 'own',
      tile: homeTile(ZOOM),
      size,
      filter: EVERYTHING,
    };
    await services.memory.get(tile);
    for (const from of ['memory', 'disk', 'render'] as const) {
      const samples: number[] = [];
      const count = smoke ? 5 : runs[from];
      // a tenth to warm up
      for (let run = -Math.ceil(count / 10); run < count; run++) {
        const start = performance.now();
        const found = await services[from].get(tile);
        const time = performance.now() - start;
        if (found.from !== from) throw new Error(`it came from ${found.from}`);
        if (run >= 0) samples.push(time);
      }
      const { median, p99, max } = spread(samples);
      rows.push([from, String(size), String(count), median, p99, max, p99 / median]);
    }
  }
  await disk.disconnect();
  return {
    title: `The same tile repeated, ${name}`,
    note: `Milliseconds from asking the tile service, one after the other: the tile at home at z ${ZOOM}.`,
    columns: ['from', 'px', 'times', 'p50', 'p99', 'longest', 'p99 / p50'],
    rows,
  };
}
