import { EARTH_RADIUS } from '../../server/geo/ground.ts';
import type { Circle } from '../api/privacy.ts';
import type { Position } from '../map/contract.ts';
import { type Bounds, boundsOf } from '../map/cover.ts';
import { wrapped } from '../map/unwrap.ts';

const CORNERS = 72;

/** A circle on the ground as a closed line. */
export function circleLine({ lng, lat, radius }: Circle): Position[] {
  const degrees = (180 / Math.PI) * (radius / EARTH_RADIUS);
  return Array.from({ length: CORNERS + 1 }, (_, corner) => {
    const angle = (corner / CORNERS) * 2 * Math.PI;
    const east = (degrees * Math.cos(angle)) / Math.cos((lat * Math.PI) / 180);
    return [lng + east, lat + degrees * Math.sin(angle)];
  });
}

/** The bounds of a circle and of as much about it as tells where it is. */
export function boundsAbout(circle: Circle): Bounds {
  return boundsOf([circleLine({ ...circle, radius: 3 * circle.radius })])!;
}

/** A fifth of the radius: few steps lead out of it, and none over a street. */
const STEPS = 5;
/** Maps in Mercator's projection end here. */
const LAST_LAT = 85;

/** A circle some steps to the east and to the north. */
export function moved<Some extends Circle>(circle: Some, east: number, north: number): Some {
  const { lng, lat, radius } = circle;
  const step = ((180 / Math.PI) * (radius / STEPS)) / EARTH_RADIUS;
  return {
    ...circle,
    lng: wrapped(lng + (east * step) / Math.cos((lat * Math.PI) / 180)),
    lat: Math.max(-LAST_LAT, Math.min(LAST_LAT, lat + north * step)),
  };
}

/** Latitude, longitude, to a metre, as map programs write them. */
export function formatMiddle({ lng, lat }: Pick<Circle, 'lng' | 'lat'>): string {
  return `${lat.toFixed(5)}, ${lng.toFixed(5)}`;
}

/** Reads what map programs write; null where it is no place on the map. */
export function parseMiddle(text: string): Pick<Circle, 'lng' | 'lat'> | null {
  const [, ...parts] = /^\s*(-?\d+(?:\.\d+)?)°?\s*[,; ]\s*(-?\d+(?:\.\d+)?)°?\s*$/.exec(text) ?? [];
  const [lat, lng] = parts.map(Number);
  return parts.length === 2 && Math.abs(lat) <= LAST_LAT && Math.abs(lng) <= 180 ? { lng, lat } : null;
}
