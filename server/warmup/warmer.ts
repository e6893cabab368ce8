import { LRUCache } from 'lru-cache';
import { UnknownAthlete } from '../athletes/keyring.ts';
import type { Bounds, TileSize } from '../geo/tile.ts';
import type { AthleteIndex } from '../index/athlete-index.ts';
import type { Change } from '../index/change.ts';
import { EVERYTHING } from '../index/filter.ts';
import type { IndexPool } from '../index/pool.ts';
import type { TileService } from '../tiles/service.ts';
import type { Batch, BatchProgress } from './batch.ts';
import { heatTiles } from './heat-tiles.ts';
import { type Layer, layersOf, usualLayers } from './layer.ts';
import { Pace, restAfter } from './pace.ts';
import type { Popularity } from './popularity.ts';
import type { Asked, Warmups } from './warmups.ts';

export interface WarmerOptions {
  warmups: Warmups;
  popularity: Pick<Popularity, 'popular'>;
  indexes: Pick<IndexPool, 'current'>;
  tiles: Pick<TileService, 'warm' | 'settled' | 'exposure' | 'backgroundConcurrency' | 'isLookedAt'>;
  /** How far an athlete's tiles are has changed. */
  onChange(athleteId: string): void;
  warn(message: string, details: Record<string, unknown>): void;
}

/** Tiles of a batch: some seconds of work, so that processes share a warm-up evenly. */
const BATCH = 250;
/** Milliseconds between two looks at whether to go on. */
const ADVANCE_EVERY = 250;
/** What is drawn where nobody says: what the viewer asks for, on plain screens and on fine ones. */
const USUAL_SIZES: TileSize[] = [256, 512];

/** Lists kept, so that a warm-up's batches do not each walk down the pyramid. */
const LISTS = 8;
/** Each list found anew is so many times as long as the batch needs. */
const AHEAD = 4;

/** A layer's first tiles, as many as were asked for or there are. */
interface List {
  index: AthleteIndex;
  generation: number;
  asked: number;
  tiles: Uint32Array;
}

/** Plans warm-ups and draws what was planned. */
export class Warmer {
  readonly #options: WarmerOptions;
  readonly #lists = new LRUCache<string, List>({ max: LISTS });

  constructor(options: WarmerOptions) {
    this.#options = options;
  }

  /** What an athlete looks at, or, as long as that is not known, what most do. */
  async popular(athleteId: string, sizes: TileSize[] | null): Promise<Layer[]> {
    const popular = await this.#options.popularity.popular(athleteId);
    if (popular.length === 0) return usualLayers(sizes ?? USUAL_SIZES);
    return sizes ? popular.filter(({ size }) => sizes.includes(size)) : popular;
  }

  /** One athlete's part of a warm-up: finds its tiles and queues them in batches. */
  async plan(warmupId: string, athleteId: string, signal: AbortSignal): Promise<void> {
    const { warmups } = this.#options;
    const begun = await warmups.beginPlan(warmupId, athleteId);
    if (!begun) return;
    const { asked } = begun;
    const layers = await this.#layersOf(athleteId, asked);
    const batches: Batch[] = [];
    let { left } = begun;
    for (const layer of layers) {
      signal.throwIfAborted();
      const { tiles } = await this.#list(athleteId, layer, asked.boxes, left);
      const count = tiles.length / 2;
      left -= count;
      const { zoom, size } = layer;
      for (let first = 0; first < count; first += BATCH) {
        batches.push({ zoom, size, first, tiles: Math.min(BATCH, count - first) });
      }
    }
    await warmups.endPlan(warmupId, athleteId, { selection: { layers, boxes: asked.boxes }, batches });
  }

  /** Draws one batch. Ends early when its warm-up is cancelled; rejects with the signal's reason. */
  async batch(batchId: string, signal: AbortSignal): Promise<void> {
    const { warmups } = this.#options;
    const batch = await warmups.beginBatch(batchId);
    if (!batch) return;
    const { athleteId, selection, zoom, size, first } = batch;
    const layer = selection.layers.find((one) => one.zoom === zoom && one.size === size);
    if (!layer) return warmups.fail(batch.warmupId);
    // further than it needs, for those after it, which would else walk down again each
    const { tiles } = await this.#list(athleteId, layer, selection.boxes, (first + batch.tiles) * AHEAD);
    const progress: BatchProgress = { done: 0, skipped: 0, failed: 0 };
    const stopped = new AbortController();
    const ticking = setInterval(async () => {
      const goOn = await warmups.advance(batchId, progress).catch(() => true);
      if (!goOn) stopped.abort();
      this.#options.onChange(athleteId);
    }, ADVANCE_EVERY);
    try {
      if (first === 0) await this.#warmExposure(athleteId, zoom, signal);
      const mine = tiles.subarray(first * 2, (first + batch.tiles) * 2);
      await this.draw(athleteId, layer, mine, progress, AbortSignal.any([signal, stopped.signal]));
    } catch (error) {
      signal.throwIfAborted();
      if (!stopped.signal.aborted) throw error;
      return;
    } finally {
      clearInterval(ticking);
    }
    // there are fewer than there were when it was planned
    progress.skipped += batch.tiles - progress.done;
    progress.done = batch.tiles;
    await warmups.endBatch(batchId, athleteId, progress);
    this.#options.onChange(athleteId);
  }

  /**
   * Draws some tiles of a layer (x and y in turn), counting; they are kept when it resolves. Rejects with the signal's
   * reason.
   */
  async draw(
    athleteId: string,
    { zoom, size }: Layer,
    tiles: Uint32Array,
    progress: BatchProgress,
    signal: AbortSignal,
  ): Promise<void> {
    const { backgroundConcurrency } = this.#options.tiles;
    const pace = new Pace();
    let next = 0;
    const drawer = async () => {
      while (next < tiles.length) {
        signal.throwIfAborted();
        const tile = { z: zoom, x: tiles[next++], y: tiles[next++] };
        const asked = { athleteId, geometry: 'own' as const, tile, size, filter: EVERYTHING };
        let came: string | null = null;
        const began = performance.now();
        try {
          came = await this.#options.tiles.warm(asked, signal);
          if (came !== 'drawn') progress.skipped++;
        } catch (error) {
          signal.throwIfAborted();
          // deleted meanwhile: there is nothing left to draw
          if (error instanceof UnknownAthlete) throw error;
          if (!progress.failed++) {
            this.#options.warn('a tile was not drawn ahead', { athleteId, zoom, error: String(error) });
          }
        }
        progress.done++;
        // what is kept takes no turn of the event loop, and would hold it all the while
        if (came !== 'drawn') await pace.pause();
        else if (this.#options.tiles.isLookedAt()) await restAfter(performance.now() - began);
      }
    };
    // one more than are drawn at once, so that no thread waits while a tile is looked for
    await Promise.all(Array.from({ length: backgroundConcurrency + 1 }, drawer));
    // once for all of them: who waits for the disk tile by tile draws slower by that
    await this.#options.tiles.settled();
  }

  /** The tiles of a layer that changes concern. */
  async changed(index: AthleteIndex, layer: Layer, changes: readonly Change[]): Promise<Uint32Array> {
    return heatTiles(index, layer, { boxes: null, changes, limit: Number.POSITIVE_INFINITY });
  }

  async #layersOf(athleteId: string, { zooms, sizes }: Asked): Promise<Layer[]> {
    return zooms ? layersOf(zooms, sizes ?? USUAL_SIZES) : this.popular(athleteId, sizes);
  }

  /** At least the first `count` tiles of a layer, if there are so many, as the index has them now. */
  async #list(athleteId: string, layer: Layer, boxes: Bounds[] | null, count: number) {
    const index = await this.#options.indexes.current(athleteId, 'fine');
    const { generation } = index;
    const key = JSON.stringify([athleteId, layer, boxes]);
    const known = this.#lists.get(key);
    const same = known?.index === index && known.generation === generation;
    if (known && same && known.asked >= count) return known;
    const tiles = await heatTiles(index, layer, { boxes, limit: count });
    const list: List = { index, generation, asked: count, tiles };
    this.#lists.set(key, list);
    return list;
  }

  /** What a zoom is coloured by is read off tiles too. */
  async #warmExposure(athleteId: string, zoom: number, signal: AbortSignal): Promise<void> {
    const own = { athleteId, geometry: 'own' as const };
    await this.#options.tiles
      .exposure(own, EVERYTHING, zoom, { signal, background: true })
      .catch(() => signal.throwIfAborted());
  }
}
