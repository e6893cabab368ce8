/** The heat over the map: tiles of one filter and look, with the exposure of their zoom pinned in each URL. */
import type { Map as GlMap, RasterTileSource, RequestParameters } from 'maplibre-gl';
import { hotAt } from '../legend.ts';

/** What the heat layer shows. */
export interface Heat {
  /** The query of a tile, without its exposure. */
  query: string;
  /** Visits drawn hottest, by the zoom of the tile. */
  exposure: readonly number[];
  /** Stops of light more than automatic. */
  light: number;
  opacity: number;
  /** Changes with the activities: tiles are asked for again. */
  revision: string;
}

const LAYER = 'heat';
const MOST_ZOOM = 20;
const FADE_MS = 150;
const TILE = /\/tiles\/me\/(\d+)\/\d+\/\d+(@2x)?\.png\?/;

/** The zoom of the tiles that fill a view: they are 256 px wide, where MapLibre reckons with 512. */
export function tileZoomOf(mapZoom: number): number {
  return Math.min(MOST_ZOOM, Math.max(0, Math.round(mapZoom + 1)));
}

/** The URL of a tile with the exposure of its zoom; any other URL as it is. */
export function withExposure(url: string, { exposure, light }: Pick<Heat, 'exposure' | 'light'>): string {
  const zoom = TILE.exec(url)?.[1];
  if (zoom === undefined) return url;
  return `${url}&hot=${hotAt(exposure[Number(zoom)] ?? 2, light)}`;
}

/** Heat on one map. Its `request` is to be the map's `transformRequest`. */
export class HeatLayer {
  #heat: Heat | null = null;
  #drawn = '';
  readonly #fade: number;

  constructor(options: { isStill: boolean }) {
    this.#fade = options.isStill ? 0 : FADE_MS;
  }

  readonly request = (url: string): RequestParameters => ({
    url: this.#heat === null ? url : withExposure(url, this.#heat),
  });

  /** Shows another heat; tiles in view stay until those that replace them have come. null: none. */
  show(map: GlMap, heat: Heat | null) {
    this.#heat = heat;
    if (heat === null) {
      if (map.getLayer(LAYER)) map.removeLayer(LAYER).removeSource(LAYER);
      return;
    }
    const drawn = JSON.stringify({ ...heat, opacity: 0 });
    if (!map.getLayer(LAYER)) this.#add(map, heat);
    else if (drawn !== this.#drawn) this.reload(map);
    this.#drawn = drawn;
    map.setPaintProperty(LAYER, 'raster-opacity', heat.opacity);
  }

  /** Asks for all tiles in view again; those that have not changed are answered in a few bytes (304). */
  reload(map: GlMap) {
    if (this.#heat) map.getSource<RasterTileSource>(LAYER)?.setTiles([template(this.#heat)]);
  }

  #add(map: GlMap, heat: Heat) {
    map.addSource(LAYER, { type: 'raster', tiles: [template(heat)], tileSize: 256, maxzoom: MOST_ZOOM });
    // below the names of somebody else's style, so that they stay readable
    const names = map.getStyle().layers.find((layer) => layer.type === 'symbol');
    const paint = {
      'raster-fade-duration': this.#fade,
      'raster-opacity': heat.opacity,
      'raster-opacity-transition': { duration: 0 },
    };
    map.addLayer({ id: LAYER, type: 'raster', source: LAYER, paint }, names?.id);
  }
}

/** At the resolution of the screen: MapLibre puts '@2x' in for the ratio where a pixel is less than a CSS pixel. */
function template({ query }: Heat): string {
  return `${location.origin}/tiles/me/{z}/{x}/{y}{ratio}.png?${query}`;
}
