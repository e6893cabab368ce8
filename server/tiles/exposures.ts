import { LRUCache } from 'lru-cache';
import type { Tile } from '../geo/tile.ts';
import { exposureOf, stepExposure } from '../heat/exposure.ts';
import { readTone } from '../heat/png.ts';
import type { AthleteIndex } from '../index/athlete-index.ts';
import type { Filter } from '../index/filter.ts';
import { filterKey } from '../index/filter.ts';
import { Busiest } from './busiest.ts';
import type { Subject } from './map.ts';

/** Finds a tile of 256 px: its address and picture. */
export type FetchTile = (tile: Tile) => Promise<{ address: string; png: Buffer }>;

interface Known {
  /** null until it was worked out once. */
  exposure: number | null;
  index: AthleteIndex | null;
  generation: number;
  /** performance.now() when it was last begun to be worked out. */
  measuredAt: number;
  measuring: Promise<number> | null;
}

/** Filters, athletes and zooms remembered together. */
const REMEMBERED = 5000;

/** Milliseconds for which an exposure holds though the index has changed. */
const BELIEVED = 1000;

/**
 * The exposure of each athlete, filter and zoom: read off the tones of the busiest tiles, worked out when it is asked
 * for and again after the index has changed, at most once a second. The last one is remembered, so that it moves in steps.
 */
export class Exposures {
  readonly #known = new LRUCache<string, Known>({ max: REMEMBERED });
  readonly #histograms = new LRUCache<string, Uint32Array>({ max: 1000 });
  readonly #busiest = new WeakMap<AthleteIndex, Map<string, Busiest>>();
  readonly #serials = new WeakMap<AthleteIndex, number>();
  #lastSerial = 0;

  /** Visits drawn hottest. Rejects with what `fetch` rejects with. */
  async of(
    { athleteId, geometry }: Subject,
    index: AthleteIndex,
    filter: Filter,
    zoom: number,
    fetch: FetchTile,
  ): Promise<number> {
    // What others see must not depend on what there was to see before: each state of theirs is measured on its own.
    const state = geometry === 'own' ? 'own' : `${this.#serialOf(index)}.${index.generation}`;
    const key = `${athleteId}/${state}/${zoom}/${filterKey(filter)}`;
    let known = this.#known.get(key);
    if (!known) {
      known = { exposure: null, index: null, generation: -1, measuredAt: 0, measuring: null };
      this.#known.set(key, known);
    }
    if (known.exposure !== null) {
      if (known.index === index && known.generation === index.generation) return known.exposure;
      // while activities stream in, one measurement follows the other no faster than they can be seen
      if (performance.now() - known.measuredAt < BELIEVED) return known.exposure;
    }
    const mine = known;
    mine.measuring ??= this.#measure(mine, index, filter, zoom, fetch).finally(() => {
      mine.measuring = null;
    });
    return mine.measuring;
  }

  #serialOf(index: AthleteIndex): number {
    const serial = this.#serials.get(index) ?? ++this.#lastSerial;
    this.#serials.set(index, serial);
    return serial;
  }

  async #measure(
    known: Known,
    index: AthleteIndex,
    filter: Filter,
    zoom: number,
    fetch: FetchTile,
  ): Promise<number> {
    const { generation } = index;
    known.measuredAt = performance.now();
    const histogram = new Uint32Array(256);
    const tiles = await this.busiest(index, filter, zoom);
    for (const { address, png } of await Promise.all(tiles.map(fetch))) {
      const tones = this.#histogramOf(address, png);
      for (let tone = 0; tone < 256; tone++) histogram[tone] += tones[tone];
    }
    const exposure = stepExposure(exposureOf(histogram), known.exposure);
    Object.assign(known, { exposure, index, generation });
    return exposure;
  }

  /** The busiest tiles of a zoom, busiest first. */
  busiest(index: AthleteIndex, filter: Filter, zoom: number): Promise<Tile[]> {
    let filters = this.#busiest.get(index);
    if (!filters) {
      filters = new Map();
      this.#busiest.set(index, filters);
    }
    const key = filterKey(filter);
    let busiest = filters.get(key);
    if (!busiest?.current) {
      busiest = new Busiest(index, filter);
      if (filters.size >= 32) filters.clear();
      filters.set(key, busiest);
    }
    return busiest.at(zoom);
  }

  #histogramOf(address: string, png: Buffer): Uint32Array {
    const known = this.#histograms.get(address);
    if (known) return known;
    const histogram = new Uint32Array(256);
    for (const tone of readTone(png)) histogram[tone]++;
    this.#histograms.set(address, histogram);
    return histogram;
  }
}
