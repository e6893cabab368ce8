import type { Bounds, TileSize } from '../geo/tile.ts';
import { MAX_ZOOM } from '../geo/tile.ts';
import type { Placed } from './placed.ts';
import { placed } from './placed.ts';

/** TileJSON 3.0.0, with what a viewer of ours needs beside it. `bounds` and `center` only where something is drawn. */
export interface TileJson extends Partial<Placed> {
  tilejson: '3.0.0';
  name: string;
  description: string;
  /** HTML, shown as it is: nothing that anybody entered. */
  attribution: string;
  tiles: string[];
  minzoom: number;
  maxzoom: number;
  scheme: 'xyz';
  format: 'png';
  /** Pixels: what MapLibre's source calls so. */
  tileSize: TileSize;
  /** Visits drawn hottest, by zoom: what `hot` pins. */
  exposure: number[];
  /** Whether something of it came through Strava's API, which wants to be named. */
  fromStrava: boolean;
  /** Longitude and latitude where most activities are; only where something is drawn. */
  home?: [number, number];
}

export interface TileJsonParts {
  name: string;
  /** Absolute, with {z}, {x}, {y}. */
  template: string;
  size: TileSize;
  extent: Bounds | null;
  exposure: number[];
  home: { lng: number; lat: number } | null;
  fromStrava: boolean;
}

export function tileJson(parts: TileJsonParts): TileJson {
  const { name, template, size, extent, exposure, home, fromStrava } = parts;
  return {
    tilejson: '3.0.0',
    name,
    description: 'How many activities passed where',
    attribution: fromStrava ? 'Heat by Pathglow, powered by Strava' : 'Heat by Pathglow',
    tiles: [template],
    minzoom: 0,
    maxzoom: MAX_ZOOM,
    ...(extent && placed(extent, home)),
    scheme: 'xyz',
    format: 'png',
    tileSize: size,
    exposure,
    fromStrava,
    ...(home && { home: [home.lng, home.lat] }),
  };
}
