import { circleLine } from '../privacy/circle.ts';
import type { Position } from './contract.ts';
import { metresPerPixel } from './zoom.ts';

/** Pixels: outside the line that is below it. */
const RADIUS = 9;

/** A ring around a place, as large on the screen at any zoom of the map. */
export function ringAround({ lng, lat }: { lng: number; lat: number }, zoom: number): Position[] {
  return circleLine({ lng, lat, radius: RADIUS * metresPerPixel({ lat, zoom }) });
}
