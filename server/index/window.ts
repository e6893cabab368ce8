import { levelFor } from '../geo/levels.ts';
import type { Bounds, Tile, TileSize } from '../geo/tile.ts';
import { bounds } from '../geo/tile.ts';
import { reach } from '../heat/width.ts';

/** What an index is asked about: an area, seen at one level, and how far a drawn line reaches beyond itself. */
export interface Window {
  level: number;
  area: Bounds;
  /** World units. */
  reach: number;
}

/** The window through which a tile of this size sees the tracks. */
export function windowOf(tile: Tile, size: TileSize): Window {
  return {
    level: levelFor(size === 512 ? tile.z + 1 : tile.z),
    area: bounds(tile),
    reach: reach(tile.z, size),
  };
}
