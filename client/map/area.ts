/** What of the world is in view, or somewhat more or less around the same middle. */
import { latToWorldY, lngToWorldX, WORLD_SIZE, worldXToLng, worldYToLat } from '../../server/geo/mercator.ts';
import type { Place } from '../state.ts';
import type { Room } from './contract.ts';

/** Degrees; `west` is greater than `east` where the 180th meridian is crossed. */
export interface Area {
  west: number;
  south: number;
  east: number;
  north: number;
}

/** The world's width in pixels at zoom 0. */
const WORLD_PIXELS = 512;

/** Pixels. */
export interface Size {
  width: number;
  height: number;
}

/** What of the page is seen beside the panels. */
export function sizeSeen({ left, bottom }: Room): Size {
  return { width: innerWidth - left, height: innerHeight - bottom };
}

/** The area in view on a map of that size; each step of `wider` doubles it either way. */
export function areaOf({ lng, lat, zoom }: Place, { width, height }: Size, wider = 0): Area {
  const pixel = (WORLD_SIZE / (WORLD_PIXELS * 2 ** zoom)) * 2 ** wider;
  const across = Math.min(width * pixel, WORLD_SIZE) / 2;
  const [x, y] = [lngToWorldX(lng), latToWorldY(lat)];
  const top = Math.max(0, y - (height * pixel) / 2);
  const bottom = Math.min(WORLD_SIZE, y + (height * pixel) / 2);
  // the whole world is not the same as none of it
  const whole = across * 2 >= WORLD_SIZE;
  return {
    west: whole ? -180 : wrapped(x - across),
    east: whole ? 180 : wrapped(x + across),
    north: worldYToLat(top),
    south: worldYToLat(bottom),
  };
}

function wrapped(x: number): number {
  return worldXToLng(((x % WORLD_SIZE) + WORLD_SIZE) % WORLD_SIZE);
}
