/** A viewer that is opened: a screen full of tiles at once, drawn before or not. */
import { Agent } from 'node:http';
import { join } from 'node:path';
import type { Tile } from '../server/geo/tile.ts';
import { EVERYTHING as filter } from '../server/index/filter.ts';
import type { IndexPool } from '../server/index/pool.ts';
import { TileCache } from '../server/tiles/cache.ts';
import { DiskStore } from '../server/tiles/disk-store.ts';
import { download } from './download.ts';
import { spread } from './measure.ts';
import { homeTile } from './places.ts';
import type { Stored } from './stored.ts';
import type { Table } from './table.ts';
import { newPool, type Parts, quiet, RENDER_THREADS, serviceOver } from './tile-parts.ts';
import { pathOf, tileServer } from './tile-server.ts';

const ZOOM = 11;
const SIZE = 512;
const ACROSS = 8;
const DOWN = 5;
/** Connections a browser has to one server. */
const CONNECTIONS = 6;

const SETTINGS = [
  { what: 'nothing drawn before', restarted: false, warmed: false },
  { what: 'warmed, in memory', restarted: false, warmed: true },
  { what: 'nothing drawn before, server just started', restarted: true, warmed: false },
  { what: 'warmed, server just started: on disk', restarted: true, warmed: true },
];

/** `loaded` has the athlete in memory. */
export async function coldStart(
  parts: Parts,
  loaded: IndexPool,
  { name, athlete }: Stored,
  runs: number,
): Promise<Table> {
  const tiles = viewport();
  const samples = SETTINGS.map(() => ({ first: [] as number[], last: [] as number[] }));
  // turn by turn
  for (let run = 0; run < runs; run++) {
    for (const [at, { restarted, warmed }] of SETTINGS.entries()) {
      const path = join(parts.folder, `cold-${run}-${at}.sqlite`);
      const open = () => {
        const store = new DiskStore({ path, limit: 2 ** 28, warn: quiet });
        return new TileCache({ memoryLimit: 2 ** 28, store, warn: quiet });
      };
      let pool = loaded;
      let cache = open();
      let service = serviceOver(parts, pool, cache);
      if (warmed) {
        for (const tile of tiles) {
          await service.warm({ athleteId: athlete.id, geometry: 'own', tile, size: SIZE, filter });
        }
      }
      if (restarted) {
        await cache.close();
        pool = newPool(parts.db, [athlete]);
        cache = open();
        service = serviceOver(parts, pool, cache);
      }
      const server = await tileServer(service, athlete.id);
      const times = await openViewer(await server.listen(), tiles);
      samples[at].first.push(times.first);
      samples[at].last.push(times.last);
      await server.app.close();
      // what goes on loading would slow down what is measured next
      await pool.current(athlete.id, 'fine');
      await cache.close();
    }
  }
  return {
    title: `Opening the viewer, ${name}`,
    note:
      `Milliseconds until the first and the last of ${tiles.length} tiles of ${SIZE} px around home at z ${ZOOM} have arrived ` +
      `over HTTP on ${CONNECTIONS} connections; ${RENDER_THREADS} threads draw. Warmed by the service itself, as a warm-up does.`,
    columns: ['tiles', 'first p50', 'last p50', 'last, longest'],
    rows: SETTINGS.map(({ what }, at) => {
      const last = spread(samples[at].last);
      return [what, spread(samples[at].first).median, last.median, last.max];
    }),
  };
}

function viewport(): Tile[] {
  const { z, x, y } = homeTile(ZOOM);
  return Array.from({ length: ACROSS * DOWN }, (_, at) => ({
    z,
    x: x - ACROSS / 2 + (at % ACROSS),
    y: y - Math.floor(DOWN / 2) + Math.floor(at / ACROSS),
  }));
}

/** Milliseconds from asking for all until the first and the last has arrived. */
async function openViewer(origin: string, tiles: Tile[]): Promise<{ first: number; last: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const start = performance.now();
  const times = await Promise.all(
    tiles.map(async (tile) => {
      await download(origin + pathOf(tile, SIZE), agent);
      return performance.now() - start;
    }),
  );
  agent.destroy();
  return { first: Math.min(...times), last: Math.max(...times) };
}
