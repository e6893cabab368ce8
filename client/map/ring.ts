import { EARTH_RADIUS } from '../../server/geo/ground.ts';
import { circleLine } from '../privacy/circle.ts';
import type { Position } from './contract.ts';

/** Pixels: outside the line that is below it. */
const RADIUS = 9;

/** A ring around a place, as large on the screen at any zoom of the map. */
export function ringAround({ lng, lat }: { lng: number; lat: number }, zoom: number): Position[] {
  const metres = (2 * Math.PI * EARTH_RADIUS * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** zoom);
  return circleLine({ lng, lat, radius: RADIUS * metres });
}
