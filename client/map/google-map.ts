/** The map as Google draws it; the heat is an ImageMapType for each of its layers. */
import { importLibrary, setOptions } from '@googlemaps/js-api-loader';
import { MAX_MAP_ZOOM, type Place } from '../state.ts';
import type { Below, Ground, Heat, HeatLayer, MapOptions, Position, WorldMap } from './contract.ts';
import { coverOf } from './cover.ts';
import { googleTileUrl } from './google-tiles.ts';
import { HIGHLIGHT, LINE_WIDTH, RIM_WIDTH } from './highlight-colours.ts';
import { tilesInView } from './tiles-in-view.ts';
import { wrapped } from './unwrap.ts';
import { crisp, MARGIN, worldZoom } from './zoom.ts';

/** Google's world is 256 px wide at zoom 0, ours 512. */
const ZOOM_OFFSET = 1;
/** Google says nothing of tiles that failed, or that there were none: then nothing is waited for any longer. */
const PATIENCE_MS = 5000;

let isConfigured = false;

/** Loads Google's script with the first map. Rejects when it cannot be had. */
export async function makeGoogleMap(key: string, options: MapOptions): Promise<WorldMap> {
  if (!isConfigured) setOptions({ key, v: 'weekly', authReferrerPolicy: 'origin' });
  isConfigured = true;
  const [core, maps] = await Promise.all([importLibrary('core'), importLibrary('maps')]);
  return new GoogleMap(core, maps, options);
}

class GoogleMap implements WorldMap {
  readonly #core: google.maps.CoreLibrary;
  readonly #maps: google.maps.MapsLibrary;
  readonly #map: google.maps.Map;
  readonly #options: MapOptions;
  /** Beside what Google names at the map's edge. */
  readonly #credit = document.createElement('div');
  /** What is seen, and what gets ready above it. */
  #front: google.maps.ImageMapType[] = [];
  #back: google.maps.ImageMapType[] = [];
  #prepared: Heat | null = null;
  /** Asked for ahead, by URL: what ends it. */
  readonly #ahead = new Map<string, AbortController>();
  #drawn = '';
  #lines: google.maps.Polyline[] = [];
  #ground: Ground;
  /** Where it was last told to look, so that a movement of somebody's is told from its own. */
  #byItself = true;
  #last: Place;

  constructor(core: google.maps.CoreLibrary, maps: google.maps.MapsLibrary, options: MapOptions) {
    this.#core = core;
    this.#maps = maps;
    this.#options = options;
    const { container, below, ground, place } = options;
    this.#ground = ground;
    this.#last = place ?? { lng: 10, lat: 25, zoom: worldZoom(container) };
    this.#map = new maps.Map(container, {
      ...cameraAt(this.#last),
      mapTypeId: typeOf(below),
      colorScheme: ground === 'dark' ? core.ColorScheme.DARK : core.ColorScheme.LIGHT,
      renderingType: maps.RenderingType.RASTER,
      isFractionalZoomEnabled: false,
      minZoom: 2,
      maxZoom: MAX_MAP_ZOOM + ZOOM_OFFSET,
      disableDefaultUI: true,
      scaleControl: true,
      clickableIcons: false,
      gestureHandling: 'greedy',
      tilt: 0,
    });
    this.#credit.className = 'heat-credit';
    this.#map.controls[core.ControlPosition.BOTTOM_RIGHT].push(this.#credit);
    this.#listen();
  }

  show(heat: Heat | null) {
    this.#prepared = null;
    this.fetchAhead([]);
    this.#remove(this.#back.splice(0));
    this.#credit.textContent = heat?.credit ?? '';
    const drawn = JSON.stringify(heat && { ...heat, opacity: 0 });
    for (const overlay of this.#front) overlay.setOpacity(heat?.opacity ?? 0);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const old = this.#front;
    this.#front = heat ? this.#put(heat, heat.opacity) : [];
    // what is in view stays until the new is there
    void this.#loaded(this.#front).then(() => this.#remove(old));
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

  async prepare(heat: Heat): Promise<void> {
    this.#remove(this.#back);
    this.#prepared = heat;
    this.#back = this.#put(heat, 0);
    await this.#loaded(this.#back);
  }

  swap(ms: number) {
    const heat = this.#prepared;
    if (!heat) return;
    const old = this.#front;
    for (const overlay of this.#back) overlay.setOpacity(heat.opacity);
    this.#credit.textContent = heat.credit;
    this.#front = this.#back;
    this.#back = [];
    this.#prepared = null;
    this.#drawn = JSON.stringify({ ...heat, opacity: 0 });
    setTimeout(() => this.#remove(old), ms);
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

  goTo({ lng, lat, zoom }: Place, fly: boolean) {
    const target = { lng, lat, zoom: crisp(zoom, this.#map.getDiv().clientWidth) };
    this.#byItself = true;
    this.#last = target;
    const camera = cameraAt(target);
    if (fly && camera.zoom === this.#map.getZoom()) this.#map.panTo(camera.center);
    else this.#map.moveCamera(camera);
  }

  goToBounds([west, south, east, north]: readonly [number, number, number, number], box?: Element | null) {
    const covered = box && coverOf(this.#map.getDiv().getBoundingClientRect(), box.getBoundingClientRect());
    const { left = 0, right = 0, bottom = 0 } = covered ?? {};
    const padding = { top: MARGIN, left: left + MARGIN, right: right + MARGIN, bottom: bottom + MARGIN };
    this.#map.fitBounds({ west, south, east, north }, padding);
  }

  zoomBy(levels: number) {
    this.#map.setZoom((this.#map.getZoom() ?? 0) + levels);
  }

  /** Google's scale is switched by a click on it, and by nobody else. */
  measureIn() {}

  /** Google's name and terms stand at its edges and have to be seen: its map lies beside the panels, not below. */
  makeRoom() {}

  highlight(lines: readonly (readonly Position[])[] | null) {
    for (const line of this.#lines.splice(0)) line.setMap(null);
    const { line: inside, rim } = HIGHLIGHT[this.#ground];
    for (const [strokeColor, strokeWeight, zIndex] of [
      [rim, RIM_WIDTH, 1],
      [inside, LINE_WIDTH, 2],
    ] as const) {
      for (const line of lines ?? []) {
        const path = line.map(([lng, lat]) => ({ lng, lat }));
        const drawn = { path, map: this.#map, strokeColor, strokeWeight, zIndex, clickable: false };
        this.#lines.push(new this.#maps.Polyline(drawn));
      }
    }
  }

  remove() {
    this.fetchAhead([]);
    this.#core.event.clearInstanceListeners(this.#map);
    this.#map.overlayMapTypes.clear();
    this.#map.getDiv().replaceChildren();
  }

  #listen() {
    const { onPlace, onZoom, onBusy, onClick, onGround } = this.#options;
    const map = this.#map;
    const zoomNow = () => (map.getZoom() ?? 0) - ZOOM_OFFSET;
    map.addListener('idle', () => {
      if (!map.getCenter()) return;
      const now = this.place();
      const byItself = this.#byItself;
      this.#byItself = false;
      const hasMoved = !isNear(now, this.#last);
      if (!byItself && !hasMoved) return;
      this.#last = now;
      if (!byItself) onPlace(now);
    });
    map.addListener('zoom_changed', () => onZoom(zoomNow()));
    map.addListener('bounds_changed', () => onBusy(true));
    map.addListener('tilesloaded', () => onBusy(false));
    map.addListener('click', ({ latLng }: google.maps.MapMouseEvent) => {
      if (!latLng) return;
      const { lng, lat } = latLng.toJSON();
      onClick({ lng: wrapped(lng), lat, zoom: zoomNow() });
    });
    const tell = () => onGround(map.getMapTypeId() === 'satellite' ? 'dark' : this.#ground);
    map.addListener('maptypeid_changed', tell);
    onZoom(zoomNow());
    tell();
  }

  #urlsInView({ layers, light, tiles, revision }: Heat): string[] {
    const bounds = this.#map.getBounds()?.toJSON();
    if (!bounds) return [];
    const { west, south, north } = bounds;
    const east = bounds.east < west ? bounds.east + 360 : bounds.east;
    const zoom = (this.#map.getZoom() ?? 0) - ZOOM_OFFSET;
    return tilesInView([west, south, east, north], zoom).flatMap((tile) => {
      const [z, x, y] = tile.split('/').map(Number);
      return layers
        .map((layer) => googleTileUrl({ x, y, z }, layer, { light, tiles, revision }, devicePixelRatio))
        .filter((url) => url !== null);
    });
  }

  #put({ layers, light, tiles, revision }: Heat, opacity: number): google.maps.ImageMapType[] {
    return layers.map((layer) => {
      const overlay = this.#overlay(layer, { light, tiles, revision }, opacity);
      this.#map.overlayMapTypes.push(overlay);
      return overlay;
    });
  }

  #overlay(layer: HeatLayer, heat: Pick<Heat, 'light' | 'tiles' | 'revision'>, opacity: number) {
    return new this.#maps.ImageMapType({
      name: 'heat',
      tileSize: new this.#core.Size(256, 256),
      maxZoom: MAX_MAP_ZOOM,
      opacity,
      getTileUrl: ({ x, y }, z) => googleTileUrl({ x, y, z }, layer, heat, devicePixelRatio),
    });
  }

  #remove(overlays: readonly google.maps.ImageMapType[]) {
    const all = this.#map.overlayMapTypes;
    for (let at = all.getLength() - 1; at >= 0; at--) {
      if (overlays.includes(all.getAt(at) as google.maps.ImageMapType)) all.removeAt(at);
    }
  }

  /** Resolves when the tiles in view of all of them have come. */
  async #loaded(overlays: readonly google.maps.ImageMapType[]): Promise<void> {
    const each = overlays.map(
      (overlay) =>
        new Promise<void>((resolve) => {
          this.#core.event.addListenerOnce(overlay, 'tilesloaded', resolve);
          setTimeout(resolve, PATIENCE_MS);
        }),
    );
    await Promise.all(each);
  }
}

function cameraAt({ lng, lat, zoom }: Place): { center: google.maps.LatLngLiteral; zoom: number } {
  return { center: { lng, lat }, zoom: Math.round(zoom) + ZOOM_OFFSET };
}

function typeOf(below: Below): string {
  return below.kind === 'google' ? below.view : 'roadmap';
}

function isNear(a: Place, b: Place): boolean {
  const near = 180 / (512 * 2 ** b.zoom);
  return Math.abs(wrapped(a.lng - b.lng)) < near && Math.abs(a.lat - b.lat) < near && a.zoom === b.zoom;
}
