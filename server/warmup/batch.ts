import type { TileSize } from '../geo/tile.ts';

/** A run of an athlete's tiles, by their ordinals among those of the zoom and size that have heat. */
export interface Batch {
  zoom: number;
  size: TileSize;
  first: number;
  tiles: number;
}

/** How far a batch is. */
export interface BatchProgress {
  done: number;
  skipped: number;
  failed: number;
}

/** The first of them that have no more than so many tiles together; the last may be cut short for it. */
export function firstTiles(batches: readonly Batch[], most: number): Batch[] {
  let left = most;
  return batches.flatMap((batch) => {
    const tiles = Math.min(batch.tiles, left);
    left -= tiles;
    return tiles > 0 ? [{ ...batch, tiles }] : [];
  });
}
