/** The tiles of one layer of the heat that is shown now, whatever was shown when a tile was first asked for. */

import { hotAt } from '../../server/heat/light.ts';
import { OWN_TILES } from '../api.ts';
import type { Heat, HeatLayer } from './contract.ts';
import { type Paint, painted, paintOf } from './paint.ts';
import { type PlainTiles, TileRefused } from './plain-tiles.ts';

/** A layer, and what it shares with the others. */
export interface ShownLayer extends HeatLayer, Pick<Heat, 'light' | 'tiles' | 'revision'> {}

/**
 * `tile` is 'z/x/y', or 'z/x/y@2x'. The colours are put in here, so all are asked for in the same ones: then an answer
 * is as good as the one before for as long as the same activities pass through the tile.
 */
export function plainPath(tile: string, query: string, tiles = OWN_TILES): string {
  return `${tiles}/${tile}.png?${query && `${query}&`}hot=2`;
}

/**
 * MapLibre starts a second load of a tile without ending the first, and whichever answers last stays. So every load
 * still under way when other activities are to be shown begins again: the picture never mixes two, in whatever order
 * the answers come. Other colours need no other load.
 */
export class HeatTiles {
  #layer: ShownLayer | null = null;
  #replaced = new AbortController();
  #paints = new Map<number, Paint>();
  readonly #plain: PlainTiles;

  constructor(plain: PlainTiles) {
    this.#plain = plain;
  }

  /** From now on tiles are of this layer; null: of none. */
  use(layer: ShownLayer | null) {
    const isSame =
      layer?.query === this.#layer?.query &&
      layer?.tiles === this.#layer?.tiles &&
      layer?.revision === this.#layer?.revision;
    this.#layer = layer;
    this.#paints.clear();
    if (isSame) return;
    this.#replaced.abort();
    this.#replaced = new AbortController();
  }

  /** The PNG of a tile in its colours. Rejects with TileRefused, or when `gone` is aborted. */
  async load(tile: string, gone: AbortSignal): Promise<ArrayBuffer> {
    for (;;) {
      gone.throwIfAborted();
      if (this.#layer === null) throw new TileRefused('no heat is shown');
      const { query, tiles, revision } = this.#layer;
      const until = AbortSignal.any([gone, this.#replaced.signal]);
      try {
        const png = await this.#plain.load(plainPath(tile, query, tiles), revision, until);
        if (!until.aborted) return painted(png, this.#paintAt(Number.parseInt(tile, 10)));
      } catch (error) {
        if (!until.aborted) throw error;
      }
    }
  }

  /** One exposure for all tiles of a zoom: a view never mixes two. */
  #paintAt(zoom: number): Paint {
    const known = this.#paints.get(zoom);
    if (known) return known;
    const { stops, exposure, light } = this.#layer!;
    const paint = paintOf(stops, hotAt(exposure[zoom], light));
    this.#paints.set(zoom, paint);
    return paint;
  }
}
