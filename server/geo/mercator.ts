/**
 * World coordinates: the Web Mercator square with its origin in the north-west corner, 2^31 units wide, so
 * that a rounded coordinate is an int32 (about 1.9 cm at the equator) and a pixel of any zoom is a power of two.
 */
export const WORLD_SIZE = 2 ** 31;

/** Where the square ends, in degrees: atan(sinh(π)). */
export const MAX_LATITUDE = 85.0511287798066;

const EQUATOR_METRES = 2 * Math.PI * 6378137;
const RADIANS = Math.PI / 180;

/** Unrounded; a longitude outside ±180 gives a value outside [0, 2^31). */
export function lngToWorldX(lng: number): number {
  return (lng / 360 + 0.5) * WORLD_SIZE;
}

/** Unrounded, in [0, 2^31]; latitudes beyond the map are taken to its edge. */
export function latToWorldY(lat: number): number {
  const clamped = Math.min(MAX_LATITUDE, Math.max(-MAX_LATITUDE, lat));
  const y = (0.5 - Math.atanh(Math.sin(clamped * RADIANS)) / (2 * Math.PI)) * WORLD_SIZE;
  return Math.min(WORLD_SIZE, Math.max(0, y));
}

export function worldXToLng(x: number): number {
  return (x / WORLD_SIZE - 0.5) * 360;
}

export function worldYToLat(y: number): number {
  return Math.atan(Math.sinh(northing(y))) / RADIANS;
}

/** True metres along the ground of one world unit at that northing: the cosine of the latitude is in it. */
export function metresPerWorldUnit(y: number): number {
  return EQUATOR_METRES / WORLD_SIZE / Math.cosh(northing(y));
}

/** Mercator northing on the unit sphere, π at the north edge and -π at the south edge. */
function northing(y: number): number {
  return Math.PI * (1 - (2 * y) / WORLD_SIZE);
}
