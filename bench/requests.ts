/** Requests a second, fired by autocannon from a process of its own. */
import { execFile } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Fastify from 'fastify';
import type { Tile } from '../server/geo/tile.ts';
import { tileRoutes } from '../server/tiles/routes.ts';
import type { TileService } from '../server/tiles/service.ts';
import { spread } from './measure.ts';
import type { Table } from './table.ts';

export interface Asked {
  athleteId: string;
  /** How the athlete is called in the table. */
  name: string;
  tile: Tile;
  /** Of each round; there are four, the first to warm up. */
  seconds: number;
}

export async function requestsPerSecond(
  tiles: TileService,
  { athleteId, name, tile, seconds }: Asked,
): Promise<Table> {
  const app = Fastify();
  app.decorateRequest('athleteId', '');
  await app.register(tileRoutes, {
    tiles,
    publicUrl: null,
    openKey: async () => null,
    fromStrava: async () => false,
    requireAthlete: async (request) => {
      request.athleteId = athleteId;
    },
  });
  const path = `/tiles/me/${tile.z}/${tile.x}/${tile.y}.png?hot=32`;
  let constant: Buffer = Buffer.alloc(0);
  app.get('/constant', async (_request, reply) => reply.header('content-type', 'image/png').send(constant));
  constant = (await app.inject(path)).rawPayload;
  await app.listen({ port: 0, host: '127.0.0.1' });
  const origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const rows: Table['rows'] = [];
  const rates: Record<string, number[]> = { '/constant': [], [path]: [] };
  let last: Record<string, Load> = {};
  // turn by turn, the first round to warm up
  for (let round = 0; round < 4; round++) {
    for (const url of Object.keys(rates)) {
      const load = await fire(origin + url, seconds);
      if (load.errors > 0 || load.non2xx > 0) throw new Error(`${url} failed under load`);
      last = { ...last, [url]: load };
      if (round > 0) rates[url].push(load.requests.average);
    }
  }
  await app.close();
  for (const [url, samples] of Object.entries(rates)) {
    const { median } = spread(samples);
    const { latency } = last[url];
    rows.push([
      url === '/constant' ? 'a constant buffer' : 'a tile from memory',
      constant.length,
      median,
      median / spread(rates['/constant']).median,
      latency.p50,
      latency.p99,
    ]);
  }
  return {
    title: `Requests a second, ${name}`,
    note: 'autocannon from another process, 20 connections, against a Fastify route that returns a constant buffer of the same size.',
    columns: ['route', 'bytes', 'requests a second', 'share', 'p50 ms', 'p99 ms'],
    rows,
  };
}

interface Load {
  requests: { average: number };
  latency: { p50: number; p99: number };
  errors: number;
  non2xx: number;
}

async function fire(url: string, seconds: number): Promise<Load> {
  const autocannon = fileURLToPath(new URL('../node_modules/autocannon/autocannon.js', import.meta.url));
  const args = [autocannon, '-j', '-c', '20', '-d', String(seconds), url];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 24 });
  return JSON.parse(stdout) as Load;
}
