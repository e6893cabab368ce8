import type { Position } from './contract.ts';

/** Where a box lies on the page, in pixels. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** West, south, east, north, in degrees; east of the antimeridian, east may be past 180. */
export type Bounds = [west: number, south: number, east: number, north: number];

/** Where less is left beside a box than this, in pixels, nothing could be shown there. */
const LEAST = 160;

/**
 * How much of a map a box takes, in pixels: all from its inner edge on, at the side where that leaves most. One that
 * leaves too little takes nothing: what is shown then lies below it, too.
 */
export function coverOf(map: Box, box: Box): Box {
  const cover: Box = { left: 0, top: 0, right: 0, bottom: 0 };
  const isOver = box.left < map.right && box.right > map.left && box.top < map.bottom && box.bottom > map.top;
  if (!isOver) return cover;
  const [width, height] = [map.right - map.left, map.bottom - map.top];
  const sides = [
    { side: 'left', taken: box.right - map.left, of: width },
    { side: 'right', taken: map.right - box.left, of: width },
    { side: 'top', taken: box.bottom - map.top, of: height },
    { side: 'bottom', taken: map.bottom - box.top, of: height },
  ] as const;
  const [{ side, taken, of }] = sides.toSorted((a, b) => a.taken / a.of - b.taken / b.of);
  if (of - taken >= LEAST) cover[side] = taken;
  return cover;
}

/** A map less wide than this, in pixels, is a phone's. */
export const NARROW = 640;
/** Pixels kept free around what is brought into view. */
const MARGIN = 48;
/** Of the buttons at the map's right, and of the legend below, across a narrow map, so many pixels reach beyond that. */
const BUTTONS = 16;
const LEGEND = 42;

/** What is kept free, in pixels, at each side of a map of such a width. `cover`: what a box takes of it; above a sheet lies no legend. */
export function marginsOf(width: number, cover: Box | null): Box {
  const legend = width < NARROW ? LEGEND : 0;
  return {
    left: MARGIN + (cover?.left ?? 0),
    top: MARGIN + (cover?.top ?? 0),
    right: MARGIN + (cover?.right ?? 0) + BUTTONS,
    bottom: MARGIN + (cover?.bottom || legend),
  };
}

/** The bounds of lines; none have none. What lies on both sides of the antimeridian goes on east of it, past 180. */
export function boundsOf(lines: readonly (readonly Position[])[]): Bounds | null {
  const positions = lines.flat();
  if (positions.length === 0) return null;
  const [here, beyond] = [extentOf(positions, 0), extentOf(positions, 360)];
  return beyond[2] - beyond[0] < here[2] - here[0] ? beyond : here;
}

/** `shift`: degrees by which the western half of the world is moved. */
function extentOf(positions: readonly Position[], shift: number): Bounds {
  const bounds: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lng, lat] of positions) {
    const x = lng < 0 ? lng + shift : lng;
    bounds[0] = Math.min(bounds[0], x);
    bounds[1] = Math.min(bounds[1], lat);
    bounds[2] = Math.max(bounds[2], x);
    bounds[3] = Math.max(bounds[3], lat);
  }
  return bounds;
}
