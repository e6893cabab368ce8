import type { Bounds, Tile, TileSize } from '../geo/tile.ts';
import { MAX_ZOOM } from '../geo/tile.ts';

/** Tiles of one zoom and size. */
export interface Layer {
  zoom: number;
  size: TileSize;
  /** Only what lies in these tiles, of this zoom or of lower ones; null: everywhere. */
  areas: Tile[] | null;
}

/** What of an athlete's map to draw: these layers, as far as they lie in one of the boxes (null: everywhere). */
export interface Selection {
  layers: Layer[];
  /** World units. */
  boxes: Bounds[] | null;
}

/** Zooms drawn ahead of whoever has never looked. */
const USUAL_ZOOMS = { from: 3, to: 14 };

/** These zooms everywhere, in each of the sizes. */
export function layersOf(zooms: readonly number[], sizes: readonly TileSize[]): Layer[] {
  return zooms
    .filter((zoom) => zoom >= 0 && zoom <= MAX_ZOOM)
    .flatMap((zoom) => sizes.map((size) => ({ zoom, size, areas: null })));
}

/** What to draw ahead of an athlete of whom it is not known yet what they look at. */
export function usualLayers(sizes: readonly TileSize[]): Layer[] {
  const { from, to } = USUAL_ZOOMS;
  return layersOf(
    Array.from({ length: to - from + 1 }, (_, at) => from + at),
    sizes,
  );
}
