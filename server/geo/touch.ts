/**
 * Exact tests of lines against an area: does a segment come closer than `reach` to it? The area is the whole
 * rectangle, edges included; grown by `reach` it has round corners:
 *
 *      ╭────────────╮
 *      │ ┌────────┐ │
 *      │ │  area  │ │ reach
 *      │ └────────┘ │
 *      ╰────────────╯
 *
 * Nothing here allocates: an address asks it of every chunk along a tile's edge.
 */
import { CHUNK_HEADER_BYTES } from './chunks.ts';
import { LEVELS, levelUnit } from './levels.ts';
import type { Bounds } from './tile.ts';

const HEADER_WORDS = CHUNK_HEADER_BYTES / 4;
const UNITS = LEVELS.map((_, level) => levelUnit(level));

/** Whether the segment from a to b comes within `reach` (world units) of the area. A segment may be a point. */
export function segmentTouches(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  { minX, minY, maxX, maxY }: Bounds,
  reach: number,
): boolean {
  if (Math.max(ax, bx) <= minX - reach || Math.min(ax, bx) >= maxX + reach) return false;
  if (Math.max(ay, by) <= minY - reach || Math.min(ay, by) >= maxY + reach) return false;
  const reach2 = reach * reach;
  const aOutX = ax < minX ? minX - ax : ax > maxX ? ax - maxX : 0;
  const aOutY = ay < minY ? minY - ay : ay > maxY ? ay - maxY : 0;
  if (aOutX * aOutX + aOutY * aOutY < reach2) return true;
  const bOutX = bx < minX ? minX - bx : bx > maxX ? bx - maxX : 0;
  const bOutY = by < minY ? minY - by : by > maxY ? by - maxY : 0;
  if (bOutX * bOutX + bOutY * bOutY < reach2) return true;

  // Both ends are outside. The segment then touches when it passes between the corners, or close to one of them.
  const dx = bx - ax;
  const dy = by - ay;
  const length2 = dx * dx + dy * dy;
  if (length2 === 0) return false;
  const nw = (minX - ax) * dy - (minY - ay) * dx;
  const ne = (maxX - ax) * dy - (minY - ay) * dx;
  const sw = (minX - ax) * dy - (maxY - ay) * dx;
  const se = (maxX - ax) * dy - (maxY - ay) * dx;
  const allLeft = nw > 0 && ne > 0 && sw > 0 && se > 0;
  const allRight = nw < 0 && ne < 0 && sw < 0 && se < 0;
  if (!allLeft && !allRight) {
    // The endless line meets the rectangle; the segment does unless it ends short of it.
    const meetsX = Math.max(ax, bx) >= minX && Math.min(ax, bx) <= maxX;
    const meetsY = Math.max(ay, by) >= minY && Math.min(ay, by) <= maxY;
    if (meetsX && meetsY) return true;
  }
  const limit = reach2 * length2;
  return (
    cornerNear(nw, (minX - ax) * dx + (minY - ay) * dy, length2, limit) ||
    cornerNear(ne, (maxX - ax) * dx + (minY - ay) * dy, length2, limit) ||
    cornerNear(sw, (minX - ax) * dx + (maxY - ay) * dy, length2, limit) ||
    cornerNear(se, (maxX - ax) * dx + (maxY - ay) * dy, length2, limit)
  );
}

/** Whether a corner beside the segment is near it; corners beyond its ends are the ends' affair. */
function cornerNear(across: number, along: number, length2: number, limit: number): boolean {
  return along > 0 && along < length2 && across * across < limit;
}

/** Whether a line (x, y interleaved; a single point is a dot) comes within `reach` of the area. */
export function touches(xy: ArrayLike<number>, area: Bounds, reach: number): boolean {
  if (xy.length === 2) return segmentTouches(xy[0], xy[1], xy[0], xy[1], area, reach);
  for (let at = 2; at + 1 < xy.length; at += 2) {
    if (segmentTouches(xy[at - 2], xy[at - 1], xy[at], xy[at + 1], area, reach)) return true;
  }
  return false;
}

/**
 * `touches` for an encoded chunk whose header begins at `words[at]`: geometry seen as 32-bit words of a
 * little-endian machine, so a word of a step is dx in its low and dy in its high half. The bytes are trusted
 * (`forEachChunk` has checked them).
 */
export function chunkTouches(words: Int32Array, at: number, area: Bounds, reach: number): boolean {
  const header = words[at + 2];
  const end = at + HEADER_WORDS - 1 + (header & 0xffff);
  const unit = UNITS[(header >> 16) & 0xff];
  let x = words[at];
  let y = words[at + 1];
  if (end === at + HEADER_WORDS) return segmentTouches(x, y, x, y, area, reach);
  for (let next = at + HEADER_WORDS; next < end; next++) {
    const step = words[next];
    const toX = x + ((step << 16) >> 16) * unit;
    const toY = y + (step >> 16) * unit;
    if (segmentTouches(x, y, toX, toY, area, reach)) return true;
    x = toX;
    y = toY;
  }
  return false;
}
