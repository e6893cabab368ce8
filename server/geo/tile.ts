import { WORLD_SIZE } from './mercator.ts';

/** XYZ: y counts from the north. */
export type Tile = { z: number; x: number; y: number };

/** World units. */
export type Bounds = { minX: number; minY: number; maxX: number; maxY: number };

export type TileSize = 256 | 512;

export const MAX_ZOOM = 20;

/** Whether the tile exists: integers, zoom 0 to 20, x and y inside that zoom's grid. */
export function isValid({ z, x, y }: Tile): boolean {
  if (!Number.isInteger(z) || z < 0 || z > MAX_ZOOM) return false;
  const across = 2 ** z;
  return Number.isInteger(x) && x >= 0 && x < across && Number.isInteger(y) && y >= 0 && y < across;
}

/** The tile's area; minima inclusive, maxima exclusive. */
export function bounds({ z, x, y }: Tile): Bounds {
  const side = WORLD_SIZE / 2 ** z;
  return { minX: x * side, minY: y * side, maxX: (x + 1) * side, maxY: (y + 1) * side };
}

/** Throws RangeError for the one tile of zoom 0, which has none. */
export function parent({ z, x, y }: Tile): Tile {
  if (z === 0) throw new RangeError('the tile of zoom 0 has no parent');
  return { z: z - 1, x: x >> 1, y: y >> 1 };
}

/** The four tiles of the next zoom, row by row. */
export function children({ z, x, y }: Tile): Tile[] {
  return [
    { z: z + 1, x: x * 2, y: y * 2 },
    { z: z + 1, x: x * 2 + 1, y: y * 2 },
    { z: z + 1, x: x * 2, y: y * 2 + 1 },
    { z: z + 1, x: x * 2 + 1, y: y * 2 + 1 },
  ];
}
