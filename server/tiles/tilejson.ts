import { worldXToLng, worldYToLat } from '../geo/mercator.ts';
import type { Bounds } from '../geo/tile.ts';
import { MAX_ZOOM } from '../geo/tile.ts';

/** TileJSON 3.0.0, with what a viewer of ours needs beside it. */
export interface TileJson {
  tilejson: '3.0.0';
  name: string;
  tiles: string[];
  minzoom: number;
  maxzoom: number;
  /** West, south, east, north; left out when nothing is drawn. */
  bounds?: [number, number, number, number];
  /** Longitude, latitude, zoom at which all of it is in view. */
  center?: [number, number, number];
  scheme: 'xyz';
  format: 'png';
  /** Visits drawn hottest, by zoom: what `hot` pins. */
  exposure: number[];
}

export interface TileJsonParts {
  name: string;
  /** Absolute, with {z}, {x}, {y}. */
  tiles: string[];
  extent: Bounds | null;
  exposure: number[];
}

export function tileJson({ name, tiles, extent, exposure }: TileJsonParts): TileJson {
  return {
    tilejson: '3.0.0',
    name,
    tiles,
    minzoom: 0,
    maxzoom: MAX_ZOOM,
    ...(extent && placed(extent)),
    scheme: 'xyz',
    format: 'png',
    exposure,
  };
}

function placed({ minX, minY, maxX, maxY }: Bounds): Pick<TileJson, 'bounds' | 'center'> {
  const span = Math.max(maxX - minX, maxY - minY, 1);
  const zoom = Math.floor(Math.log2(2 ** 31 / span));
  return {
    bounds: [worldXToLng(minX), worldYToLat(maxY), worldXToLng(maxX), worldYToLat(minY)],
    center: [
      worldXToLng((minX + maxX) / 2),
      worldYToLat((minY + maxY) / 2),
      Math.min(Math.max(zoom, 0), MAX_ZOOM),
    ],
  };
}
