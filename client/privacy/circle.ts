import { EARTH_RADIUS } from '../../server/geo/ground.ts';
import type { Circle } from '../api/privacy.ts';
import type { Position } from '../map/contract.ts';
import type { Place } from '../state.ts';

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

/** From where all of a circle is seen: about a third of a small window wide. */
export function placeOf({ lng, lat, radius }: Circle): Place {
  const metres = 2 * Math.PI * EARTH_RADIUS * Math.cos((lat * Math.PI) / 180);
  return { lng, lat, zoom: Math.log2((metres / 512) * (100 / (2 * radius))) };
}
