import rateLimit from '@fastify/rate-limit';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { requireToken } from '../http/bearer.ts';
import { HttpError } from '../http/errors.ts';

/** Counts by name. */
type Counts = Record<string, number>;

/** Where the figures come from. */
export interface MetricsSources {
  /** Of this process. */
  figures(): {
    tiles: Counts;
    /** By zoom. */
    requests: readonly number[];
    queue: Counts;
    cache: { memoryBytes: number; memoryTiles: number; diskBytes: number };
    index: { athletes: number; bytes: number };
  };
  /** Of all processes, by kind and state. */
  jobs(): Promise<Record<string, Counts>>;
  /** Of all processes, by state. */
  imports(): Promise<Counts>;
}

export interface Metrics {
  registry: Registry;
  /** A tile was drawn. */
  rendered(zoom: number, seconds: number): void;
}

/** Requests a minute from one address: for several who scrape often, not for trying tokens. */
const MOST_REQUESTS = 120;
const RENDER_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

/** What Prometheus is told of this process, and of the queue that all share. */
export function makeMetrics({ figures, jobs, imports }: MetricsSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const render = new Histogram({
    name: 'pathglow_render_seconds',
    help: 'Time to draw a tile, by its zoom',
    labelNames: ['zoom'],
    buckets: RENDER_SECONDS,
    registers,
  });

  /** Counted elsewhere, and read off when somebody asks. */
  const counted = (name: string, help: string, label: string, read: () => Counts) => {
    new Counter({
      name,
      help,
      labelNames: [label],
      registers,
      collect() {
        this.reset();
        for (const [value, count] of Object.entries(read())) this.inc({ [label]: value }, count);
      },
    });
  };
  counted('pathglow_tiles_total', 'Tiles answered, by where they were found', 'tier', () => {
    const { warmed: _, ...tiers } = figures().tiles;
    return tiers;
  });
  counted('pathglow_tile_requests_total', 'Requests for tiles, by zoom', 'zoom', () =>
    Object.fromEntries(figures().requests.entries()),
  );
  new Counter({
    name: 'pathglow_tiles_warmed_total',
    help: 'Tiles drawn before they were asked for',
    registers,
    collect() {
      this.reset();
      this.inc(figures().tiles.warmed);
    },
  });

  const gauge = (name: string, help: string, read: () => number) => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  gauge('pathglow_cache_memory_bytes', 'Rendered tiles in memory', () => figures().cache.memoryBytes);
  gauge('pathglow_cache_memory_tiles', 'Rendered tiles in memory', () => figures().cache.memoryTiles);
  gauge('pathglow_cache_disk_bytes', 'Rendered tiles on disk', () => figures().cache.diskBytes);
  gauge('pathglow_index_bytes', 'Loaded indexes', () => figures().index.bytes);
  gauge('pathglow_index_athletes', 'Athletes whose index is loaded', () => figures().index.athletes);

  new Gauge({
    name: 'pathglow_render_queue',
    help: 'Tiles being drawn, waiting for somebody, and waiting in the background',
    labelNames: ['state'],
    registers,
    collect() {
      for (const [state, count] of Object.entries(figures().queue)) this.set({ state }, count);
    },
  });
  // what the database tells is left out while it is away
  new Gauge({
    name: 'pathglow_jobs',
    help: 'Jobs of all processes, by kind and state',
    labelNames: ['kind', 'state'],
    registers,
    async collect() {
      this.reset();
      for (const [kind, states] of Object.entries(await jobs().catch(() => ({})))) {
        for (const [state, count] of Object.entries(states)) this.set({ kind, state }, count);
      }
    },
  });
  new Gauge({
    name: 'pathglow_imports',
    help: 'Imports of all processes, by state',
    labelNames: ['state'],
    registers,
    async collect() {
      this.reset();
      for (const [state, count] of Object.entries(await imports().catch(() => ({}))))
        this.set({ state }, count);
    },
  });

  return { registry, rendered: (zoom, seconds) => render.observe({ zoom }, seconds) };
}

/**
 * For Prometheus: with the admin token; where there is none, for programs on this machine alone, and for none that
 * comes through a proxy.
 */
export const metricsRoutes: FastifyPluginAsyncTypebox<{ registry: Registry; token: string | null }> = async (
  app,
  { registry, token },
) => {
  if (token !== null) await app.register(rateLimit, { max: MOST_REQUESTS, timeWindow: '1 minute' });
  app.addHook('preParsing', token === null ? requireThisMachine : requireToken(token));
  app.get('/metrics', { schema: { tags: ['operation'] } }, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
};

async function requireThisMachine(request: FastifyRequest): Promise<void> {
  const address = request.socket.remoteAddress ?? '';
  const isHere = /^(::1|(::ffff:)?127\.)/.test(address);
  const isForwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some(
    (name) => name in request.headers,
  );
  if (!isHere || isForwarded) throw new HttpError('not_found');
}
