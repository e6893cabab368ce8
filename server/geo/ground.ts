import { WORLD_SIZE } from './mercator.ts';

/** Mean radius of the Earth, metres: all lengths on the ground are those of a sphere of this size. */
export const EARTH_RADIUS = 6_371_008.8;

/** World units a radian of longitude takes. */
export const RADIAN = WORLD_SIZE / (2 * Math.PI);

/**
 * The squared sine of half the angle between two points on the sphere, in their Mercator coordinates (radians, of any
 * turn of the world), by `sin²(d/2) = (sinh²(Δy/2) + sin²(Δx/2)) / (cosh y₁ · cosh y₂)`: the haversine formula, in
 * which cos φ is 1 / cosh y. Exact from millimetres up.
 */
function haversine(x1: number, y1: number, x2: number, y2: number): number {
  const north = Math.sinh((y2 - y1) / 2);
  const east = Math.sin((x2 - x1) / 2);
  return (north * north + east * east) / (Math.cosh(y1) * Math.cosh(y2));
}

/** True metres along the ground between two points in world units, the short way round. */
export function groundDistance(ax: number, ay: number, bx: number, by: number): number {
  const half = haversine(ax / RADIAN, northing(ay), bx / RADIAN, northing(by));
  return 2 * EARTH_RADIUS * Math.asin(Math.min(1, Math.sqrt(half)));
}

/** Mercator's y in radians, towards the north from the equator, of a y in world units. */
export function northing(y: number): number {
  return Math.PI - y / RADIAN;
}
