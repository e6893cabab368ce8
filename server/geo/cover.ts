import type { Tile } from './tile.ts';
import { bounds, children } from './tile.ts';
import { segmentTouches } from './touch.ts';

/**
 * The tiles of zoom `z` whose area, grown by `reach` world units, a line (x, y interleaved) touches, each once.
 * Goes down the quadtree with the segments that still touch, so that empty land costs nothing.
 */
export function cover(xy: ArrayLike<number>, z: number, reach: number): Tile[] {
  const points = xy.length >> 1;
  if (points === 0) return [];
  // segment k runs from point k to point k + 1; a single point is a segment to itself
  const segments = Uint32Array.from({ length: Math.max(1, points - 1) }, (_, segment) => segment);
  const found: Tile[] = [];
  const open: [Tile, Uint32Array][] = [[{ z: 0, x: 0, y: 0 }, segments]];
  while (open.length > 0) {
    const [tile, candidates] = open.pop()!;
    const area = bounds(tile);
    const touching = candidates.filter((segment) => {
      const from = segment * 2;
      const to = points === 1 ? from : from + 2;
      return segmentTouches(xy[from], xy[from + 1], xy[to], xy[to + 1], area, reach);
    });
    if (touching.length === 0) continue;
    if (tile.z === z) found.push(tile);
    else for (const child of children(tile)) open.push([child, touching]);
  }
  return found;
}
