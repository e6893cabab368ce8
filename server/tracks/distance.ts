import { EARTH_RADIUS } from '../geo/ground.ts';

const RADIANS = Math.PI / 180;
/** Degrees within which the ground is as good as flat: the error stays below a thousandth. */
const FLAT = 0.2;

/** Metres along the ground between two positions in degrees, the short way round. */
export function haversine(lngA: number, latA: number, lngB: number, latB: number): number {
  let dLng = Math.abs(lngB - lngA);
  if (dLng > 180) dLng = 360 - dLng;
  const dLat = latB - latA;
  const middle = (latA + latB) / 2;
  if (dLng < FLAT && Math.abs(dLat) < FLAT && Math.abs(middle) < 80) {
    const x = dLng * Math.cos(middle * RADIANS);
    return EARTH_RADIUS * RADIANS * Math.sqrt(x * x + dLat * dLat);
  }
  const h =
    Math.sin((dLat * RADIANS) / 2) ** 2 +
    Math.cos(latA * RADIANS) * Math.cos(latB * RADIANS) * Math.sin((dLng * RADIANS) / 2) ** 2;
  return 2 * EARTH_RADIUS * Math.asin(Math.min(1, Math.sqrt(h)));
}
