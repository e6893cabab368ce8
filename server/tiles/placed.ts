import { WORLD_SIZE, worldXToLng, worldYToLat } from '../geo/mercator.ts';
import type { Bounds } from '../geo/tile.ts';
import { MAX_ZOOM } from '../geo/tile.ts';

/** Where a map's heat is, as documents about maps say it. */
export interface Placed {
  /** West, south, east, north in degrees: west ≤ east, whatever the heat does at the antimeridian. */
  bounds: [number, number, number, number];
  /** Longitude, latitude, and the zoom at which all of it is in view. */
  center: [number, number, number];
}

/**
 * World units by which what is drawn may reach beyond an extent, which is that of the simplest lines: they lie up to
 * 0.38 px of zoom 5 beside those drawn from close, and a drawn line has a width. A pixel of zoom 6, some 2 km, is more.
 */
const MARGIN = 2 ** 17;

/** `extent`: world units. */
export function placed(extent: Bounds): Placed {
  const minX = Math.max(0, extent.minX - MARGIN);
  const minY = Math.max(0, extent.minY - MARGIN);
  const maxX = Math.min(WORLD_SIZE, extent.maxX + MARGIN);
  const maxY = Math.min(WORLD_SIZE, extent.maxY + MARGIN);
  const zoom = Math.floor(Math.log2(WORLD_SIZE / Math.max(maxX - minX, maxY - minY)));
  return {
    bounds: [worldXToLng(minX), worldYToLat(maxY), worldXToLng(maxX), worldYToLat(minY)],
    center: [worldXToLng((minX + maxX) / 2), worldYToLat((minY + maxY) / 2), Math.min(zoom, MAX_ZOOM)],
  };
}
