import type { Position } from './contract.ts';

/** Where a box lies on the page, in pixels. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** West, south, east, north, in degrees. */
export type Bounds = [west: number, south: number, east: number, north: number];

/** Across so much of a map a box lies below what is seen, not beside it. */
const ACROSS = 0.8;

/** How much of a map a box takes at its sides, in pixels: all below its top, or all beyond its inner edge. */
export function coverOf(map: Box, box: Box): { left: number; right: number; bottom: number } {
  const cover = { left: 0, right: 0, bottom: 0 };
  if (box.right - box.left > ACROSS * (map.right - map.left)) cover.bottom = map.bottom - box.top;
  else if (box.left - map.left < map.right - box.right) cover.left = box.right - map.left;
  else cover.right = map.right - box.left;
  for (const side of ['left', 'right', 'bottom'] as const) cover[side] = Math.max(0, cover[side]);
  return cover;
}

/** The bounds of lines; none have none. */
export function boundsOf(lines: readonly (readonly Position[])[]): Bounds | null {
  const bounds: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lng, lat] of lines.flat()) {
    bounds[0] = Math.min(bounds[0], lng);
    bounds[1] = Math.min(bounds[1], lat);
    bounds[2] = Math.max(bounds[2], lng);
    bounds[3] = Math.max(bounds[3], lat);
  }
  return bounds[0] <= bounds[2] ? bounds : null;
}
