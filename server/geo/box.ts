import { latToWorldY, lngToWorldX, WORLD_SIZE } from './mercator.ts';
import type { Bounds } from './tile.ts';

/** West, south, east, north in degrees; west may be east of east, across the antimeridian. */
export type LngLatBox = [west: number, south: number, east: number, north: number];

/** Four numbers as a box; null when they are none on Earth. */
export function boxOf(numbers: readonly number[]): LngLatBox | null {
  const [west, south, east, north] = numbers;
  const onEarth = [west, east].every((lng) => Math.abs(lng) <= 180) && south >= -90 && north <= 90;
  if (numbers.length !== 4 || !onEarth || !(south < north) || west === east) return null;
  return [west, south, east, north];
}

/** A box in world units: two where it lies across the antimeridian. */
export function worldBoxes([west, south, east, north]: LngLatBox): Bounds[] {
  const rows = { minY: latToWorldY(north), maxY: latToWorldY(south) };
  const [minX, maxX] = [lngToWorldX(west), lngToWorldX(east)];
  if (west <= east) return [{ minX, maxX, ...rows }];
  return [
    { minX, maxX: WORLD_SIZE, ...rows },
    { minX: 0, maxX, ...rows },
  ];
}
