/** The map on the page: where it looks, the heat on it, and what it tells. */
import { AttributionControl, addProtocol, Map as GlMap, ScaleControl, setWorkerUrl } from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import type { Basemap } from '../api.ts';
import { MAX_MAP_ZOOM, type Place } from '../state.ts';
import { WORDS } from '../words.ts';
import { styleOf } from './basemap.ts';
import { HEAT_SCHEME, HeatLayer } from './heat.ts';
import { type Heat, HeatTiles } from './heat-tiles.ts';
import { landStyle } from './land.ts';

setWorkerUrl(workerUrl);

export interface WorldMapOptions {
  container: HTMLElement;
  basemap: Basemap;
  /** null: the world. */
  place: Place | null;
  /** Somebody moved the map; not told when it was moved by `goTo`. */
  onPlace(place: Place): void;
  onZoom(zoom: number): void;
  onBusy(isBusy: boolean): void;
  /** A tile was refused, because nobody is signed in any more. */
  onSignedOut(): void;
  /** The map below is not to be had. */
  onBasemapGone(): void;
}

/** Room that the panel takes of the map: what is shown is shown beside it. */
export interface Room {
  left: number;
  bottom: number;
}

/** Throws where the browser has no WebGL. */
export class WorldMap {
  readonly #map: GlMap;
  readonly #heatLayer: HeatLayer;
  readonly #options: WorldMapOptions;
  #heat: Heat | null = null;
  #isReady = false;
  #removed = false;
  #last: Place;
  /** Where it is flying to by itself. */
  #flight: Place | null = null;
  #padding = { top: 0, right: 0, bottom: 0, left: 0 };

  constructor(options: WorldMapOptions) {
    this.#options = options;
    const { container, place } = options;
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const tiles = new HeatTiles(location.origin, options.onSignedOut);
    this.#heatLayer = new HeatLayer(tiles, { isStill });
    // there is one map on the page, so the scheme is its own
    addProtocol(HEAT_SCHEME, async ({ url }, { signal }) => ({
      data: await tiles.load(url.slice(`${HEAT_SCHEME}://`.length), signal),
    }));
    this.#map = new GlMap({
      container,
      center: place ? [place.lng, place.lat] : [10, 25],
      zoom: place?.zoom ?? worldZoom(container),
      maxZoom: MAX_MAP_ZOOM,
      maxPitch: 0,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      attributionControl: false,
      locale: { 'Map.Title': WORDS.map },
    });
    const { lng, lat } = this.#map.getCenter();
    this.#last = { lng, lat, zoom: this.#map.getZoom() };
    this.#map.touchZoomRotate.disableRotation();
    this.#map.keyboard.disableRotation();
    this.#map.addControl(new ScaleControl({ maxWidth: 90 }), 'bottom-left');
    this.#map.addControl(new AttributionControl({ compact: false }), 'bottom-right');
    this.#listen();
    void this.#dress();
  }

  /** Draws this heat, at once or as soon as there is a map. */
  show(heat: Heat | null) {
    this.#heat = heat;
    if (this.#isReady) this.#heatLayer.show(this.#map, heat);
  }

  /** Looks elsewhere; `fly` says whether the way there is shown. */
  goTo({ lng, lat, zoom }: Place, fly: boolean) {
    const target = { lng, lat, zoom: Math.min(this.#crisp(zoom), MAX_MAP_ZOOM) };
    if (fly) this.#fly(target);
    else this.#map.jumpTo({ center: target, zoom: target.zoom }, BY_ITSELF);
  }

  /** All of it in view: west, south, east, north. */
  goToBounds(bounds: [number, number, number, number]) {
    this.#map.fitBounds(bounds, { padding: 48, maxZoom: 15, duration: 900 });
  }

  zoomBy(levels: number) {
    this.#map.zoomTo(Math.round(this.#map.getZoom() + levels), { duration: 250 });
  }

  /** Keeps what is shown beside the panel. */
  makeRoom(room: Room, glide: boolean) {
    this.#padding = { top: 0, right: 0, ...room };
    const padding = this.#padding;
    // any movement ends the one before it: a flight goes on, to a place in the new middle
    if (this.#flight) this.#fly(this.#flight);
    else if (glide) this.#map.easeTo({ padding, duration: 250 }, BY_ITSELF);
    else this.#map.jumpTo({ padding }, BY_ITSELF);
  }

  remove() {
    this.#removed = true;
    this.#map.remove();
  }

  /** A whole zoom, at which a pixel of a tile is a pixel of the screen. On a phone rather the smaller one. */
  #crisp(zoom: number): number {
    return this.#map.getContainer().clientWidth < 640 ? Math.floor(zoom) : Math.round(zoom);
  }

  #fly(target: Place) {
    const { zoom } = target;
    this.#map.flyTo({ center: target, zoom, padding: this.#padding, duration: 1600 }, BY_ITSELF);
    this.#flight = target;
  }

  #listen() {
    const { onPlace, onZoom, onBusy } = this.#options;
    const map = this.#map;
    map.on('moveend', (event: object) => {
      const { lng, lat } = map.getCenter().wrap();
      const now = { lng, lat, zoom: map.getZoom() };
      const hasMoved = !isSame(now, this.#last);
      this.#last = now;
      this.#flight = null;
      // a window that changes its size ends a movement too, without any
      if (hasMoved && !('byItself' in event)) onPlace(now);
    });
    map.on('zoom', () => onZoom(map.getZoom()));
    onZoom(map.getZoom());
    map.on('dataloading', () => onBusy(true));
    map.on('idle', () => onBusy(false));
  }

  /** Puts the map below on, and the heat over it. Somebody else's that cannot be had is replaced by our own. */
  async #dress() {
    const { basemap, onBasemapGone } = this.#options;
    const map = this.#map;
    map.on('style.load', () => {
      this.#isReady = true;
      this.#heatLayer.show(map, this.#heat);
    });
    try {
      const style = await styleOf(basemap);
      if (this.#removed) return;
      if (typeof style === 'string') map.once('error', () => this.#isReady || void this.#undress());
      map.setStyle(style);
    } catch {
      if (!this.#removed) onBasemapGone();
      if (!this.#removed) map.setStyle(BARE);
    }
  }

  async #undress() {
    this.#options.onBasemapGone();
    const style = await landStyle().catch(() => BARE);
    if (!this.#removed) this.#map.setStyle(style);
  }
}

/** Marks movements that nobody made. */
const BY_ITSELF = { byItself: true };

const BARE = {
  version: 8 as const,
  sources: {},
  layers: [{ id: 'ground', type: 'background' as const, paint: { 'background-color': '#0b0e13' } }],
};

function isSame(a: Place, b: Place): boolean {
  const near = 1e-9;
  return Math.abs(a.lng - b.lng) < near && Math.abs(a.lat - b.lat) < near && Math.abs(a.zoom - b.zoom) < near;
}

/** At which the world just fills the width, or a little less of it on a phone. */
function worldZoom(container: HTMLElement): number {
  return Math.max(0.6, Math.log2(container.clientWidth / 512));
}
