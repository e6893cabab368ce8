/** Requests a second for a cached tile, against a route that answers as many bytes and does nothing else. */
import type { Tile } from '../server/geo/tile.ts';
import type { TileService } from '../server/tiles/service.ts';
import { fire, type Load } from './fire.ts';
import { spread } from './measure.ts';
import type { Table } from './table.ts';
import { pathOf, tileServer } from './tile-server.ts';

const CONNECTIONS = 20;

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
  const server = await tileServer(tiles, athleteId);
  const { app } = server;
  const path = pathOf(tile, 256);
  let constant: Buffer = Buffer.alloc(0);
  app.get('/constant', async (_request, reply) => reply.header('content-type', 'image/png').send(constant));
  constant = (await app.inject(path)).rawPayload;
  const origin = await server.listen();
  const rows: Table['rows'] = [];
  const rates: Record<string, number[]> = { '/constant': [], [path]: [] };
  let last: Record<string, Load> = {};
  // turn by turn, the first round to warm up
  for (let round = 0; round < 4; round++) {
    for (const url of Object.keys(rates)) {
      const load = await fire(origin + url, { seconds, connections: CONNECTIONS });
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
    note: `autocannon from another process, ${CONNECTIONS} connections, against a Fastify route that returns a constant buffer of the same size.`,
    columns: ['route', 'bytes', 'requests a second', 'share', 'p50 ms', 'p99 ms'],
    rows,
  };
}
