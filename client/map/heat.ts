/** The heat over the map: a raster layer whose tiles `HeatTiles` fetches. */
import type { Map as GlMap, RasterTileSource } from 'maplibre-gl';
import type { Heat, HeatTiles } from './heat-tiles.ts';

const LAYER = 'heat';
const FADE_MS = 150;
const MOST_ZOOM = 20;

/** The scheme of the tiles' URLs inside MapLibre. */
export const HEAT_SCHEME = 'heat';

/** At the resolution of the screen: '@2x' is put in where its pixels are smaller than CSS pixels. */
const TEMPLATE = `${HEAT_SCHEME}://{z}/{x}/{y}{ratio}`;

/** The zoom of the tiles that fill a view: they are 256 px wide, where MapLibre reckons with 512. */
export function tileZoomOf(mapZoom: number): number {
  return Math.min(MOST_ZOOM, Math.max(0, Math.round(mapZoom + 1)));
}

/** The heat on one map. */
export class HeatLayer {
  #drawn = '';
  readonly #tiles: HeatTiles;
  readonly #fade: number;

  constructor(tiles: HeatTiles, options: { isStill: boolean }) {
    this.#tiles = tiles;
    this.#fade = options.isStill ? 0 : FADE_MS;
  }

  /** Shows another heat; tiles in view stay until those that replace them have come. null: none. */
  show(map: GlMap, heat: Heat | null) {
    if (heat === null) {
      this.#tiles.use(null);
      if (map.getLayer(LAYER)) map.removeLayer(LAYER).removeSource(LAYER);
      return;
    }
    const { opacity, ...rest } = heat;
    const drawn = JSON.stringify(rest);
    const isThere = map.getLayer(LAYER) !== undefined;
    if (!isThere || drawn !== this.#drawn) this.#tiles.use(heat);
    if (!isThere) this.#add(map);
    else if (drawn !== this.#drawn) map.getSource<RasterTileSource>(LAYER)?.setTiles([TEMPLATE]);
    this.#drawn = drawn;
    map.setPaintProperty(LAYER, 'raster-opacity', opacity);
  }

  #add(map: GlMap) {
    map.addSource(LAYER, { type: 'raster', tiles: [TEMPLATE], tileSize: 256, maxzoom: MOST_ZOOM });
    // below the names of somebody else's style, so that they stay readable
    const names = map.getStyle().layers.find((layer) => layer.type === 'symbol');
    const paint = { 'raster-fade-duration': this.#fade, 'raster-opacity-transition': { duration: 0 } };
    map.addLayer({ id: LAYER, type: 'raster', source: LAYER, paint }, names?.id);
  }
}
