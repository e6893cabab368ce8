import { LEVELS, levelFor, levelTolerance, levelUnit } from '../geo/levels.ts';
import { WORLD_SIZE } from '../geo/mercator.ts';
import type { TileSize } from '../geo/tile.ts';
import { MAX_ZOOM } from '../geo/tile.ts';
import { pixelWidth } from './width.ts';

/** A circle at least this many pixels wide shows as one, and is to be kept free to the pixel. */
const WIDE = 8;
/** Pixels are not equally large all over a circle, and its width in them is rounded. */
const SLACK = 1.05;

/**
 * How far (world units) a line of that level has to stay away from a circle of that radius (world units), so that
 * nothing drawn from it has the centre of a pixel inside, in all tiles where the circle is at least 8 pixels wide: half
 * a line's width and the half pixel in which its edge fades, what simplifying may have moved it by, and rounding.
 */
export function margin(level: number, radius: number): number {
  let furthest = 0;
  for (let zoom = 0; zoom <= MAX_ZOOM; zoom++) {
    for (const size of [256, 512] satisfies TileSize[]) {
      if (levelFor(size === 512 ? zoom + 1 : zoom) !== level) continue;
      const pixel = WORLD_SIZE / 2 ** zoom / size;
      if (2 * radius * SLACK < WIDE * pixel) continue;
      furthest = Math.max(furthest, (pixelWidth(zoom, size) / 2 + 0.5) * pixel);
    }
  }
  if (furthest === 0) return 0;
  return (furthest + levelTolerance(level) + levelUnit(level)) * SLACK;
}

/** The margins of all levels. */
export function margins(radius: number): number[] {
  return LEVELS.map((_, level) => margin(level, radius));
}
