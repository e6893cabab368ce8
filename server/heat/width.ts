import { WORLD_SIZE } from '../geo/mercator.ts';
import type { TileSize } from '../geo/tile.ts';

const THIN = 1.6;
const THIN_TO_ZOOM = 14;
const WIDE = 4;
const WIDE_FROM_ZOOM = 18;

/** The drawn width of a line, in pixels of a 256-px tile: even from far, wider where single streets are looked at. */
export function lineWidth(zoom: number): number {
  const t = Math.min(1, Math.max(0, (zoom - THIN_TO_ZOOM) / (WIDE_FROM_ZOOM - THIN_TO_ZOOM)));
  return THIN + (WIDE - THIN) * t * t * (3 - 2 * t);
}

/** The same width on screen is twice as many pixels of a 512-px tile. */
export function pixelWidth(zoom: number, size: TileSize): number {
  return (lineWidth(zoom) * size) / 256;
}

/**
 * How far from a tile's area (its whole area, to its edges) a line may lie and still colour a pixel of it, in
 * world units. That is half the width: the ramp of anti-aliasing reaches half a pixel further, but is measured
 * to pixel centres, which lie half a pixel inside the area.
 */
export function reach(zoom: number, size: TileSize): number {
  return (pixelWidth(zoom, size) / 2) * (WORLD_SIZE / 2 ** zoom / size);
}
