/** Cached tiles while every thread draws others: how much they are held up. */
import { EVERYTHING } from '../server/index/filter.ts';
import type { IndexPool } from '../server/index/pool.ts';
import { seeded } from '../server/testing/sample-activities.ts';
import { TileCache } from '../server/tiles/cache.ts';
import type { TileRequest, TileService } from '../server/tiles/service.ts';
import { spread } from './measure.ts';
import { homeTile } from './places.ts';
import { askSteadily } from './steady-client.ts';
import type { Stored } from './stored.ts';
import type { Table } from './table.ts';
import { type Parts, quiet, RENDER_THREADS, serviceOver } from './tile-parts.ts';
import { pathOf, tileServer } from './tile-server.ts';

/** Requests a second: far below what can be answered, so that a request waits for nothing but the renders. */
const RATE = 200;
/** Cold tiles asked for at a time. */
const WAITING = 50;

export async function underLoad(
  parts: Parts,
  pool: IndexPool,
  { name, athlete }: Stored,
  seconds: number,
): Promise<Table> {
  const service = serviceOver(parts, pool, new TileCache({ memoryLimit: 2 ** 29, warn: quiet }));
  const server = await tileServer(service, athlete.id);
  const origin = await server.listen();
  const url = origin + pathOf(homeTile(13), 512);
  const rows: Table['rows'] = [];
  const measured: Record<string, { times: number[]; drawn: number }> = {};
  // the first round to warm up
  for (const round of ['warm-up', 'measured']) {
    for (const what of ['no thread draws', 'all threads draw']) {
      const stop = what === 'all threads draw' ? saturate(service, athlete.id) : async () => 0;
      const times = await askSteadily(url, { rate: RATE, seconds: round === 'measured' ? seconds : 1 });
      const drawn = await stop();
      measured[what] = { times, drawn };
    }
  }
  await server.app.close();
  for (const [what, { times, drawn }] of Object.entries(measured)) {
    const { runs, median, p99, max } = spread(times);
    rows.push([what, String(drawn), String(runs), median, p99, max, p99 / median]);
  }
  return {
    title: `Cached tiles while others are drawn, ${name}`,
    note:
      `The same tile from memory, ${RATE} times a second from another process, over HTTP; milliseconds. ` +
      `Meanwhile ${RENDER_THREADS} threads draw other tiles, with ${WAITING} more waiting; so many were drawn.`,
    columns: ['meanwhile', 'drawn', 'requests', 'p50', 'p99', 'longest', 'p99 / p50'],
    rows,
  };
}

/** Keeps the queue full of distinct cold tiles until it is told to stop; then tells how many were drawn. */
function saturate(service: TileService, athleteId: string): () => Promise<number> {
  const random = seeded(++seed);
  const stopped = new AbortController();
  let drawn = 0;
  const ask = async () => {
    while (!stopped.signal.aborted) {
      const zoom = 14 + Math.floor(random() * 7);
      const tile = homeTile(zoom, random);
      const request: TileRequest = { athleteId, geometry: 'own', tile, size: 512, filter: someDays(random) };
      const found = await service.get(request, stopped.signal).catch(() => null);
      if (found?.from === 'render') drawn++;
      // tiles without heat are found at once
      else await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const asking = Array.from({ length: WAITING }, ask);
  return async () => {
    stopped.abort();
    await Promise.all(asking);
    return drawn;
  };
}

let seed = 10;

/** So that no tile is one that was drawn before. */
function someDays(random: () => number) {
  return { ...EVERYTHING, from: Math.floor(1.4e9 + random() * 1e8) };
}
