/** The map as Google draws it: where it looks, what lies over it, and what it tells. */
import { importLibrary, setOptions } from '@googlemaps/js-api-loader';
import { MAX_ZOOM } from '../../server/geo/tile.ts';
import type { Units } from '../hooks/use-preferences.ts';
import type { Place } from '../state.ts';
import {
  type Below,
  type Ground,
  type Heat,
  KeyRefused,
  type MapOptions,
  type Position,
  type WorldMap,
} from './contract.ts';
import { coverOf, marginsOf } from './cover.ts';
import type { TileAt } from './google-layer.ts';
import { GoogleScale } from './google-scale.ts';
import { GoogleStage } from './google-stage.ts';
import { googleTileUrl } from './google-tiles.ts';
import { HIGHLIGHT, LINE_WIDTH, RIM_WIDTH } from './highlight-colours.ts';
import { tilesInView } from './tiles-in-view.ts';
import { wrapped } from './unwrap.ts';
import { CLOSEST, crisp, metresPerPixel, worldZoom } from './zoom.ts';

/** Google's world is 256 px wide at zoom 0, ours 512. */
const ZOOM_OFFSET = 1;
const LEAST_ZOOM = 1;
/** Beyond there are no tiles, and Google draws none larger than they are. */
const CLOSEST_ZOOM = MAX_ZOOM - ZOOM_OFFSET;

let isConfigured = false;
let isRefused = false;

/** Loads Google's script with the first map. Rejects when it cannot be had; with KeyRefused where it was refused before. */
export async function makeGoogleMap(key: string, options: MapOptions): Promise<WorldMap> {
  // Google need not say so again of another map
  if (isRefused) throw new KeyRefused();
  if (!isConfigured) setOptions({ key, v: 'weekly', authReferrerPolicy: 'origin' });
  isConfigured = true;
  // called by Google where it does not take the key
  Object.assign(globalThis, {
    gm_authFailure: () => {
      isRefused = true;
      options.onKeyRefused();
    },
  });
  const [core, maps] = await Promise.all([importLibrary('core'), importLibrary('maps')]);
  return new GoogleMap(core, maps, options);
}

class GoogleMap implements WorldMap {
  readonly #core: google.maps.CoreLibrary;
  readonly #maps: google.maps.MapsLibrary;
  readonly #map: google.maps.Map;
  readonly #options: MapOptions;
  readonly #stage: GoogleStage;
  readonly #scale = new GoogleScale();
  /** Beside what Google names at the map's edge. */
  readonly #credit = document.createElement('div');
  /** Asked for ahead, by URL: what ends it. */
  readonly #ahead = new Map<string, AbortController>();
  #polylines: google.maps.Polyline[] = [];
  #lines: readonly (readonly Position[])[] | null = null;
  #ground: Ground;
  /** Where it was last told to look, or seen to, so that a movement of somebody's is told from its own. */
  #last: Place;
  #isMoving = true;
  #isWaiting = false;

  constructor(core: google.maps.CoreLibrary, maps: google.maps.MapsLibrary, options: MapOptions) {
    this.#core = core;
    this.#maps = maps;
    this.#options = options;
    const { container, below, ground, place } = options;
    this.#ground = ground;
    this.#last = reachable(place ?? { lng: 10, lat: 25, zoom: worldZoom(container) }, container);
    this.#map = new maps.Map(container, {
      ...cameraAt(this.#last),
      mapTypeId: typeOf(below),
      colorScheme: ground === 'dark' ? core.ColorScheme.DARK : core.ColorScheme.LIGHT,
      renderingType: maps.RenderingType.RASTER,
      isFractionalZoomEnabled: false,
      minZoom: LEAST_ZOOM + ZOOM_OFFSET,
      maxZoom: CLOSEST_ZOOM + ZOOM_OFFSET,
      disableDefaultUI: true,
      clickableIcons: false,
      gestureHandling: 'greedy',
      tilt: 0,
    });
    this.#stage = new GoogleStage(
      { map: this.#map, core, maps },
      {
        inView: () => this.#inView(),
        onBusy: (isWaiting) => {
          this.#isWaiting = isWaiting;
          this.#tellBusy();
        },
        onSignedOut: options.onSignedOut,
      },
    );
    this.#credit.className = 'heat-credit';
    this.#map.controls[core.ControlPosition.BOTTOM_RIGHT].push(this.#credit);
    this.#map.controls[core.ControlPosition.BOTTOM_LEFT].push(this.#scale.element);
    this.#listen();
  }

  show(heat: Heat | null) {
    this.fetchAhead([]);
    this.#credit.textContent = heat?.credit ?? '';
    this.#stage.show(heat);
  }

  fetchAhead(heats: readonly Heat[]) {
    const wanted = new Set(heats.flatMap((heat) => this.#urlsInView(heat)));
    for (const [url, abort] of this.#ahead) {
      if (wanted.has(url)) continue;
      abort.abort();
      this.#ahead.delete(url);
    }
    for (const url of wanted) {
      if (this.#ahead.has(url)) continue;
      const abort = new AbortController();
      this.#ahead.set(url, abort);
      // Google asks for it again when it is to be shown: the server has drawn it then, and the browser has kept it
      fetch(url, { signal: abort.signal })
        .then((answer) => answer.arrayBuffer())
        .catch(() => undefined);
    }
  }

  prepare(heat: Heat): Promise<void> {
    return this.#stage.prepare(heat);
  }

  swap(ms: number) {
    const heat = this.#stage.swap(ms);
    if (heat) this.#credit.textContent = heat.credit;
  }

  dress(below: Below, ground: Ground) {
    this.#ground = ground;
    this.#map.setMapTypeId(typeOf(below));
  }

  place(): Place {
    const center = this.#map.getCenter();
    if (!center) return this.#last;
    const { lng, lat } = center.toJSON();
    return { lng: wrapped(lng), lat, zoom: (this.#map.getZoom() ?? 0) - ZOOM_OFFSET };
  }

  goTo(place: Place, fly: boolean) {
    this.#last = reachable(place, this.#options.container);
    const camera = cameraAt(this.#last);
    if (fly && camera.zoom === this.#map.getZoom()) this.#map.panTo(camera.center);
    else this.#map.moveCamera(camera);
  }

  goToBounds([west, south, east, north]: readonly [number, number, number, number], box?: Element | null) {
    const { container } = this.#options;
    const cover = box ? coverOf(container.getBoundingClientRect(), box.getBoundingClientRect()) : null;
    const padding = marginsOf(container.clientWidth, cover);
    // Google goes as close as it can: what is small is brought into view with what lies around it
    const width = container.clientWidth - padding.left - padding.right;
    const beyond = Math.max(0, ((360 * width) / (512 * 2 ** CLOSEST) - (east - west)) / 2);
    this.#map.fitBounds({ west: west - beyond, south, east: east + beyond, north }, padding);
  }

  zoomBy(levels: number) {
    this.#map.setZoom((this.#map.getZoom() ?? 0) + levels);
  }

  measureIn(units: Units) {
    this.#scale.measureIn(units);
  }

  /** Google's name and terms stand at its edges and have to be seen: its map lies beside the panels, not below. */
  makeRoom() {}

  highlight(lines: readonly (readonly Position[])[] | null) {
    this.#lines = lines;
    for (const line of this.#polylines.splice(0)) line.setMap(null);
    const { line: inside, rim } = HIGHLIGHT[this.#groundNow];
    for (const style of [
      { strokeColor: rim, strokeOpacity: 0.85, strokeWeight: RIM_WIDTH, zIndex: 1 },
      { strokeColor: inside, strokeWeight: LINE_WIDTH, zIndex: 2 },
    ]) {
      for (const line of lines ?? []) {
        const path = line.map(([lng, lat]) => ({ lng, lat }));
        this.#polylines.push(new this.#maps.Polyline({ ...style, path, map: this.#map, clickable: false }));
      }
    }
  }

  remove() {
    this.fetchAhead([]);
    this.#stage.remove();
    this.#core.event.clearInstanceListeners(this.#map);
    this.#map.overlayMapTypes.clear();
    this.#options.container.replaceChildren();
  }

  /** What its pictures are, whatever the page would have. */
  get #groundNow(): Ground {
    return this.#map.getMapTypeId() === 'satellite' ? 'dark' : this.#ground;
  }

  #listen() {
    const { onPlace, onZoom, onClick, onGround } = this.#options;
    const map = this.#map;
    const move = (isMoving: boolean) => {
      this.#isMoving = isMoving;
      this.#tellBusy();
    };
    map.addListener('idle', () => {
      if (!map.getCenter()) return;
      const now = this.place();
      const hasMoved = !isNear(now, this.#last);
      this.#last = now;
      if (hasMoved) onPlace(now);
      this.#stage.moved();
    });
    map.addListener('zoom_changed', () => onZoom(this.place().zoom));
    map.addListener('bounds_changed', () => {
      this.#measure();
      move(true);
    });
    map.addListener('tilesloaded', () => {
      this.#stage.moved();
      move(false);
    });
    map.addListener('click', ({ latLng }: google.maps.MapMouseEvent) => {
      if (!latLng) return;
      const { lng, lat } = latLng.toJSON();
      onClick({ lng: wrapped(lng), lat, zoom: this.place().zoom });
    });
    map.addListener('maptypeid_changed', () => {
      onGround(this.#groundNow);
      this.highlight(this.#lines);
    });
    onZoom(this.place().zoom);
    onGround(this.#groundNow);
    this.#measure();
  }

  #tellBusy() {
    this.#options.onBusy(this.#isMoving || this.#isWaiting);
  }

  #measure() {
    this.#scale.follow(metresPerPixel(this.place()));
  }

  #inView(): TileAt[] {
    const bounds = this.#map.getBounds()?.toJSON();
    if (!bounds) return [];
    const { west, south, north } = bounds;
    const east = bounds.east < west ? bounds.east + 360 : bounds.east;
    return tilesInView([west, south, east, north], this.place().zoom).map((tile) => {
      const [z, x, y] = tile.split('/').map(Number);
      return { z, x, y };
    });
  }

  #urlsInView(heat: Heat): string[] {
    return this.#inView().flatMap((tile) =>
      heat.layers
        .map((layer) => googleTileUrl(tile, layer, heat, devicePixelRatio))
        .filter((url) => url !== null),
    );
  }
}

/** Where the map looks when it is to look there. */
function reachable({ lng, lat, zoom }: Place, { clientWidth }: Element): Place {
  return { lng, lat, zoom: Math.min(CLOSEST_ZOOM, Math.max(LEAST_ZOOM, crisp(zoom, clientWidth))) };
}

function cameraAt({ lng, lat, zoom }: Place): { center: google.maps.LatLngLiteral; zoom: number } {
  return { center: { lng, lat }, zoom: zoom + ZOOM_OFFSET };
}

function typeOf(below: Below): string {
  return below.kind === 'google' ? below.view : 'roadmap';
}

function isNear(a: Place, b: Place): boolean {
  const near = 180 / (512 * 2 ** b.zoom);
  return Math.abs(wrapped(a.lng - b.lng)) < near && Math.abs(a.lat - b.lat) < near && a.zoom === b.zoom;
}
