import type { LEVELS } from '../geo/levels.ts';
import { levelFor } from '../geo/levels.ts';
import { WORLD_SIZE } from '../geo/mercator.ts';
import type { Square } from '../heat/raster.ts';
import type { Window } from '../index/window.ts';
import type { Layout } from './layout.ts';

/** A part of the map: the square that is drawn, and which pixels of the map it covers. */
export interface Part {
  column: number;
  row: number;
  /** What is drawn: one square, or, where the map goes past the edge of the world, one for each turn of it. */
  views: View[];
}

export interface View {
  square: Square;
  window: Window;
}

/** Pixels along a square's edge. */
export const SQUARE = 512;

/** The finest zoom of 256-px tiles for which there is a level. */
const FINEST: (typeof LEVELS)[number] = 21;

/** The squares of one row of the map, from west to east. */
export function partsOf(layout: Layout, row: number): Part[] {
  const columns = Math.ceil(layout.map.width / SQUARE);
  return Array.from({ length: columns }, (_, column) => ({
    column,
    row,
    views: viewsOf(layout, column, row),
  }));
}

export function rowsOf({ map }: Layout): number {
  return Math.ceil(map.height / SQUARE);
}

/** The zoom of 256-px tiles, 0 to 21, that have as many pixels a world unit, or just more. */
export function zoomOf({ scale }: Layout): number {
  return Math.min(FINEST, Math.max(0, Math.ceil(Math.log2((scale * WORLD_SIZE) / 256))));
}

function viewsOf(layout: Layout, column: number, row: number): View[] {
  const { minX, minY, scale, lineWidth } = layout;
  const side = SQUARE / scale;
  const west = minX + column * side;
  const north = minY + row * side;
  const level = levelFor(zoomOf(layout));
  const views: View[] = [];
  const turns = [Math.floor(west / WORLD_SIZE), Math.floor((west + side) / WORLD_SIZE)];
  for (let turn = turns[0]; turn <= turns[1]; turn++) {
    const left = west - turn * WORLD_SIZE;
    views.push({
      square: { minX: left, minY: north, scale, size: SQUARE, lineWidth },
      window: {
        level,
        area: { minX: left, minY: north, maxX: left + side, maxY: north + side },
        reach: lineWidth / 2 / scale,
      },
    });
  }
  return views;
}
