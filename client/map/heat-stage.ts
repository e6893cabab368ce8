/** The heat over MapLibre's map: a raster layer for each of its own, whose tiles `HeatTiles` gives. */
import type { Map as GlMap, RasterTileSource } from 'maplibre-gl';
import { MAX_ZOOM } from '../../server/geo/tile.ts';
import type { Heat, HeatLayer } from './contract.ts';
import { fadeMs } from './fade.ts';
import { HeatTiles } from './heat-tiles.ts';
import { type PlainTiles, TileRefused } from './plain-tiles.ts';
import { tileZoomOf } from './zoom.ts';

/** The scheme of the tiles' URLs inside MapLibre. */
export const HEAT_SCHEME = 'heat';

/** Of a tile that has not come, one may be seen that is so many levels coarser: its pixels are eight times as wide. */
const MOST_COARSER = 3;

/** All layers of one heat, on one map. They last as long as the map, whatever style it wears meanwhile. */
export class HeatStage {
  readonly #plain: PlainTiles;
  readonly #tiles: HeatTiles[] = [];
  readonly #fade = fadeMs();
  #drawn: string[] = [];

  constructor(plain: PlainTiles) {
    this.#plain = plain;
  }

  /** A tile by the rest of its URL: '{layer}/{z}/{x}/{y}'. */
  async load(path: string, gone: AbortSignal): Promise<ArrayBuffer> {
    const slash = path.indexOf('/');
    const tiles = this.#tiles[Number(path.slice(0, slash))];
    if (!tiles) throw new TileRefused('there is no such layer');
    return tiles.load(path.slice(slash + 1), gone);
  }

  /** Shows a heat; tiles in view stay until those that replace them have come. null: none. */
  show(map: GlMap, heat: Heat | null, opacity = heat?.opacity ?? 0) {
    const layers = heat?.layers ?? [];
    for (const [at, layer] of layers.entries()) this.#showLayer(map, at, layer, heat!, opacity);
    for (let at = layers.length; at < this.#tiles.length; at++) this.#drop(map, at);
    this.#drawn.length = layers.length;
    this.seeFrom(map, map.getZoom());
  }

  /** What was shown with no opacity is there, and seen at once: it does not fade in where something else was seen. */
  unveil(map: GlMap, opacity: number) {
    for (const id of this.#ids(map)) map.setPaintProperty(id, 'raster-opacity', opacity);
    map.once('idle', () => {
      for (const id of this.#ids(map)) map.setPaintProperty(id, 'raster-fade-duration', this.#fade);
    });
  }

  /**
   * Says from which zoom the map is seen now. MapLibre would show tiles up to ten levels coarser for those that have not
   * come: after a flight one bright pixel would be a square that fills the screen. It takes none below the least of its
   * source.
   */
  seeFrom(map: GlMap, zoom: number) {
    const least = Math.max(0, tileZoomOf(zoom) - MOST_COARSER);
    for (const id of this.#ids(map)) map.getSource<RasterTileSource>(id)!.minzoom = least;
  }

  /** Whether every tile in view has come. */
  isLoaded(map: GlMap): boolean {
    return this.#ids(map).every((id) => map.isSourceLoaded(id));
  }

  #showLayer(map: GlMap, at: number, layer: HeatLayer, { light, tiles, revision }: Heat, opacity: number) {
    const id = this.#id(at);
    const drawn = JSON.stringify([layer, light, tiles, revision]);
    const isThere = map.getLayer(id) !== undefined;
    this.#tiles[at] ??= new HeatTiles(this.#plain);
    if (drawn !== this.#drawn[at]) this.#tiles[at].use({ ...layer, light, tiles, revision });
    // at the resolution of the screen: '@2x' is put in where its pixels are smaller than CSS pixels
    const template = `${HEAT_SCHEME}://${at}/{z}/{x}/{y}{ratio}`;
    if (!isThere) {
      map.addSource(id, { type: 'raster', tiles: [template], tileSize: 256, maxzoom: MAX_ZOOM });
      // none at first: MapLibre lets tiles fade in only where it hears below that the time for it has changed
      const paint = { 'raster-fade-duration': 0, 'raster-opacity': opacity };
      map.addLayer({ id, type: 'raster', source: id, paint }, roof(map));
    } else if (drawn !== this.#drawn[at]) map.getSource<RasterTileSource>(id)?.setTiles([template]);
    this.#drawn[at] = drawn;
    map.setPaintProperty(id, 'raster-opacity-transition', { duration: 0, delay: 0 });
    map.setPaintProperty(id, 'raster-opacity', opacity);
    // what is unseen needs no fading in, which would keep the map drawing
    map.setPaintProperty(id, 'raster-fade-duration', opacity === 0 ? 0 : this.#fade);
  }

  #drop(map: GlMap, at: number) {
    this.#tiles[at].use(null);
    if (map.getLayer(this.#id(at))) map.removeLayer(this.#id(at)).removeSource(this.#id(at));
  }

  #ids(map: GlMap): string[] {
    return this.#tiles.map((_, at) => this.#id(at)).filter((id) => map.getLayer(id));
  }

  #id(at: number): string {
    return `heat-${at}`;
  }
}

/** What lies over the heat: the names of somebody else's style, so that they stay readable, and what is highlighted. */
export function roof(map: GlMap): string | undefined {
  return map.getStyle().layers.find(({ id, type }) => type === 'symbol' || id.startsWith('highlight'))?.id;
}
