import { WORLD_SIZE, worldXToLng, worldYToLat } from '../geo/mercator.ts';
import type { Bounds } from '../geo/tile.ts';
import { MAX_ZOOM } from '../geo/tile.ts';

/** Where a map's heat is, as documents about maps say it. */
export interface Placed {
  /** West, south, east, north in degrees: west ≤ east, whatever the heat does at the antimeridian. */
  bounds: [number, number, number, number];
  /**
   * Longitude, latitude and zoom to begin at: all of it, or where most of it is when from so far away no way could be
   * told from another. Within the bounds.
   */
  center: [number, number, number];
}

/**
 * World units by which what is drawn may reach beyond an extent, which is that of the simplest lines: they lie up to
 * 0.38 px of zoom 5 beside those drawn from close, and a drawn line has a width. A pixel of zoom 6, some 2 km, is more.
 */
const MARGIN = 2 ** 17;

/** The smallest zoom at which all of it in view is a good beginning: a town and what is around it. */
const NEAR_ZOOM = 10;

/** `extent`: world units; `home`: where most of it is, in degrees; `near`: the zoom there, whole as TileJSON wants it. */
export function placed(extent: Bounds, home: { lng: number; lat: number } | null, near = NEAR_ZOOM): Placed {
  const bounds = drawnBounds(extent);
  const [west, south, east, north] = bounds;
  const { minX, minY, maxX, maxY } = widened(extent);
  const zoom = Math.floor(Math.log2(WORLD_SIZE / Math.max(maxX - minX, maxY - minY)));
  const center: Placed['center'] =
    home && zoom < NEAR_ZOOM
      ? [clamp(home.lng, west, east), clamp(home.lat, south, north), near]
      : [worldXToLng((minX + maxX) / 2), worldYToLat((minY + maxY) / 2), Math.min(zoom, MAX_ZOOM)];
  return { bounds, center };
}

/** In degrees, what holds all that is drawn of an extent in world units. */
export function drawnBounds(extent: Bounds): Placed['bounds'] {
  const { minX, minY, maxX, maxY } = widened(extent);
  return [worldXToLng(minX), worldYToLat(maxY), worldXToLng(maxX), worldYToLat(minY)];
}

function widened({ minX, minY, maxX, maxY }: Bounds): Bounds {
  return {
    minX: Math.max(0, minX - MARGIN),
    minY: Math.max(0, minY - MARGIN),
    maxX: Math.min(WORLD_SIZE, maxX + MARGIN),
    maxY: Math.min(WORLD_SIZE, maxY + MARGIN),
  };
}

function clamp(value: number, from: number, to: number): number {
  return Math.min(to, Math.max(from, value));
}
