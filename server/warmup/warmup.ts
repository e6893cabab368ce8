import type { Knex } from 'knex';
import { UnknownAthlete } from '../athletes/keyring.ts';
import type { Footprints } from '../database/footprint.ts';
import { type LngLatBox, worldBoxes } from '../geo/box.ts';
import type { TileSize } from '../geo/tile.ts';
import type { IndexPool } from '../index/pool.ts';
import { enqueue, type Kinds } from '../jobs/jobs.ts';
import type { TileService } from '../tiles/service.ts';
import type { Popularity } from './popularity.ts';
import { Refresher } from './refresher.ts';
import { Warmer } from './warmer.ts';
import { Warmups } from './warmups.ts';

/** What somebody asks to be drawn ahead. */
export interface WarmupRequest {
  athlete: string | 'all';
  zooms: number[] | 'popular';
  sizes: TileSize[] | null;
  /** West, south, east, north; west may be east of east, across the antimeridian. null: everywhere. */
  box: LngLatBox | null;
  /** Tiles at the most. */
  limit: number;
}

export interface WarmupOptions {
  db: Knex;
  /** The athlete's data key. */
  dataKey(athleteId: string): Promise<Buffer>;
  footprints: Footprints;
  indexes: IndexPool;
  tiles: TileService;
  popularity: Popularity;
  /** Whether much more of an athlete's is about to change. */
  isArriving(athleteId: string): Promise<boolean>;
  /** How far an athlete's tiles are has changed. */
  onChange(athleteId: string): void;
  warn(message: string, details: Record<string, unknown>): void;
}

export type WarmupKinds = Pick<Kinds, 'warmup-plan' | 'warmup-batch' | 'warmup-refresh'>;

/** Drawing tiles before they are asked for: what the rest of the product has of it. */
export interface Warmup {
  warmups: Warmups;
  kinds: WarmupKinds;
  /** Something of the athlete's changed. */
  changed(athleteId: string): void;
  /** The athlete is deleted. */
  forget(athleteId: string): void;
  /** Tiles of the athlete's that are being drawn ahead; null when none are. */
  progress(athleteId: string): Promise<{ done: number; total: number } | null>;
  /** Answers the warm-up's id; null when there is no such athlete. */
  start(request: WarmupRequest): Promise<string | null>;
  close(): void;
}

export function makeWarmup(options: WarmupOptions): Warmup {
  const { db, dataKey, footprints, indexes, tiles, popularity, isArriving, onChange, warn } = options;
  const warmups = new Warmups({
    db,
    dataKey,
    enqueuePlan: (trx, warmupId, athleteId) =>
      enqueue(trx, 'warmup-plan', { warmupId, athleteId }, `warmup:${warmupId}:${athleteId}`),
    enqueueBatch: (trx, batchId, athleteId) =>
      enqueue(trx, 'warmup-batch', { batchId, athleteId }, `warmup-batch:${batchId}`),
  });
  const warmer = new Warmer({ warmups, popularity, indexes, tiles, onChange, warn });
  const refresher = new Refresher({
    warmups,
    warmer,
    indexes,
    isArriving,
    enqueue: (athleteId, delay) =>
      enqueue(db, 'warmup-refresh', { athleteId }, `warmup-refresh:${athleteId}`, { delay }),
    onChange,
    warn,
  });

  return {
    warmups,
    kinds: {
      'warmup-plan': {
        handle: ({ warmupId, athleteId }, signal) => warmer.plan(warmupId, athleteId, signal),
        concurrency: 1,
      },
      'warmup-batch': { handle: ({ batchId }, signal) => warmer.batch(batchId, signal), concurrency: 1 },
      'warmup-refresh': {
        handle: ({ athleteId }, signal) => refresher.refresh(athleteId, signal),
        concurrency: 1,
      },
    },
    changed: (athleteId) => refresher.changed(athleteId),
    forget: (athleteId) => refresher.forget(athleteId),
    progress: async (athleteId) => refresher.progress(athleteId) ?? warmups.progress(athleteId),
    async start({ athlete, zooms, sizes, box, limit }) {
      const athleteId = athlete === 'all' ? null : athlete;
      const athletes = await db('athletes')
        .join('data_keys', 'athlete_id', 'athletes.id')
        .modify((query) => {
          if (athleteId !== null) query.where({ id: athleteId });
        })
        .orderBy('id')
        .pluck<string[]>('id');
      if (athleteId !== null && athletes.length === 0) return null;
      const inBox = box && new Set((await footprints.athletesIn(db, box)).map((one) => one.athleteId));
      const creating = warmups.create({
        athleteId,
        athletes: athletes.filter((id) => inBox?.has(id) ?? true),
        origin: 'asked',
        limit,
        zooms: zooms === 'popular' ? null : [...new Set(zooms)].sort((a, b) => a - b),
        sizes,
        boxes: box && worldBoxes(box),
      });
      return creating.catch((error) => {
        if (error instanceof UnknownAthlete) return null;
        throw error;
      });
    },
    close: () => refresher.close(),
  };
}
