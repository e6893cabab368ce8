import { latToWorldY, lngToWorldX, WORLD_SIZE } from './mercator.ts';
import type { Bounds } from './tile.ts';

/** West, south, east, north in degrees; west may be east of east, across the antimeridian. */
export type LngLatBox = [west: number, south: number, east: number, north: number];

/** What a box is asked for as. */
export const BOX_WORDS =
  'west, south, east, north in degrees; west may be east of east, across the antimeridian';

/** A box from four numbers, or from a text of them with commas between; null when that is none on Earth. */
export function boxOf(given: string | readonly number[]): LngLatBox | null {
  const numbers = typeof given === 'string' ? given.split(',').map(numberOf) : given;
  const [west, south, east, north] = numbers;
  const onEarth = [west, east].every((lng) => Math.abs(lng) <= 180) && south >= -90 && north <= 90;
  if (numbers.length !== 4 || !onEarth || !(south < north) || west === east) return null;
  return [west, south, east, north];
}

function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
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
