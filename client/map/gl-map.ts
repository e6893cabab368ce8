/** The map as MapLibre GL draws it: where it looks, the heat on it, and what it tells. */
import { addProtocol, Map as GlMap, ScaleControl, setWorkerUrl } from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import type { Units } from '../hooks/use-preferences.ts';
import { MAX_MAP_ZOOM, type Place } from '../state.ts';
import { WORDS } from '../words.ts';
import { bareStyle, styleOf } from './basemap.ts';
import type { Below, Ground, Heat, MapOptions, Position, Room, WorldMap } from './contract.ts';
import { type Bounds, coverOf, marginsOf } from './cover.ts';
import { Credits } from './credits.ts';
import { Film, type LoadTile } from './film.ts';
import { groundOf } from './ground.ts';
import { HEAT_SCHEME, HeatStage, roof } from './heat-stage.ts';
import { HeatTiles, plainPath } from './heat-tiles.ts';
import { highlightOn } from './highlight.ts';
import { landStyle } from './land.ts';
import { PlainTiles } from './plain-tiles.ts';
import { tilesInView } from './tiles-in-view.ts';
import { CLOSEST, crisp, worldZoom } from './zoom.ts';

setWorkerUrl(workerUrl);

/** Throws where the browser has no WebGL. */
export class MapLibreMap implements WorldMap {
  readonly #map: GlMap;
  readonly #options: MapOptions;
  readonly #scale = new ScaleControl({ maxWidth: 90 });
  readonly #credits: Credits;
  readonly #plain: PlainTiles;
  readonly #stage: HeatStage;
  readonly #film = new Film();
  #heat: Heat | null = null;
  #prepared: Heat | null = null;
  #preparing = new AbortController();
  #ahead = new AbortController();
  #lines: readonly (readonly Position[])[] | null = null;
  #ground: Ground;
  #isReady = false;
  #removed = false;
  /** Counts what was put on below the heat: a style that comes too late is not worn. */
  #dresses = 0;
  #last: Place;
  /** What the movement under way is after: begun anew, it gets there in the room that there is then. */
  #aim: (() => void) | null = null;
  #padding = { top: 0, right: 0, bottom: 0, left: 0 };

  constructor(options: MapOptions) {
    this.#options = options;
    const { container, place, ground } = options;
    this.#ground = ground;
    this.#plain = new PlainTiles(location.origin, options.onSignedOut);
    this.#stage = new HeatStage(this.#plain);
    // there is one map on the page, so the scheme is its own
    addProtocol(HEAT_SCHEME, async ({ url }, { signal }) => {
      const path = url.slice(`${HEAT_SCHEME}://`.length);
      return { data: await this.#stage.load(path, signal) };
    });
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
    this.#last = this.place();
    this.#map.touchZoomRotate.disableRotation();
    this.#map.keyboard.disableRotation();
    this.#map.addControl(this.#scale, 'bottom-left');
    this.#credits = new Credits(this.#map);
    this.#listen();
    this.dress(options.below, ground);
  }

  show(heat: Heat | null) {
    this.#heat = heat;
    // what was prepared is no longer what comes next
    this.#prepared = null;
    this.#preparing.abort();
    this.#ahead.abort();
    this.#credits.nameForHeat(heat?.credit ?? null);
    if (!this.#isReady) return;
    if (!heat) this.#film.clear();
    if (!heat || !this.#film.isShown) return this.#stage.show(this.#map, heat);
    // the last frame stays until what follows it is there
    this.#stage.show(this.#map, heat, 0);
    void this.#drawnUntil(() => this.#heat !== heat || this.#stage.isLoaded(this.#map)).then(() => {
      if (this.#removed || this.#heat !== heat || !this.#isReady) return;
      this.#stage.unveil(this.#map, heat.opacity);
      this.#film.clear();
    });
  }

  fetchAhead(heats: readonly Heat[]) {
    const before = this.#ahead;
    this.#ahead = new AbortController();
    for (const heat of heats) void this.#fetchInView(heat, this.#ahead.signal);
    // only now: what both want is asked for once
    before.abort();
  }

  async prepare(heat: Heat): Promise<void> {
    this.#preparing.abort();
    this.#preparing = new AbortController();
    this.#prepared = heat;
    const { signal } = this.#preparing;
    if (!this.#isReady) await this.#drawnUntil(() => this.#isReady);
    if (signal.aborted) return;
    if (!this.#map.getLayer(this.#film.id)) this.#map.addLayer(this.#film, roof(this.#map));
    const tiles = heat.layers.map((layer) => {
      const own = new HeatTiles(this.#plain);
      own.use({ ...layer, light: heat.light, tiles: heat.tiles, revision: heat.revision });
      return own;
    });
    const load: LoadTile = (tile, at) => tiles[at].load(tile, signal);
    await this.#film.prepare(heat, this.#inView(), load, signal);
  }

  swap(ms: number) {
    const next = this.#prepared;
    if (!next || !this.#isReady) return;
    this.#film.swap(ms);
    this.#stage.show(this.#map, null);
    this.#heat = next;
    this.#credits.nameForHeat(next.credit);
    this.#prepared = null;
  }

  dress(below: Below, ground: Ground) {
    const dress = ++this.#dresses;
    this.#ground = ground;
    void this.#wear(below, ground, () => !this.#removed && dress === this.#dresses);
  }

  place(): Place {
    const { lng, lat } = this.#map.getCenter().wrap();
    return { lng, lat, zoom: this.#map.getZoom() };
  }

  goTo({ lng, lat, zoom }: Place, fly: boolean) {
    const width = this.#map.getContainer().clientWidth;
    const target = { lng, lat, zoom: Math.min(crisp(zoom, width), MAX_MAP_ZOOM) };
    if (fly) this.#begin(() => this.#fly(target));
    else this.#map.jumpTo({ center: target, zoom: target.zoom }, BY_ITSELF);
  }

  goToBounds(bounds: Bounds, box?: Element | null) {
    this.#begin(() => this.#fit(bounds, box));
  }

  zoomBy(levels: number) {
    this.#map.zoomTo(Math.round(this.#map.getZoom() + levels), { duration: 250 });
  }

  measureIn(units: Units) {
    this.#scale.setUnit(units);
  }

  makeRoom(room: Room, glide: boolean) {
    this.#padding = { top: 0, right: 0, ...room };
    const padding = this.#padding;
    // any movement ends the one before it
    if (this.#aim) this.#begin(this.#aim);
    else if (glide) this.#map.easeTo({ padding, duration: 250 }, BY_ITSELF);
    else this.#map.jumpTo({ padding }, BY_ITSELF);
  }

  highlight(lines: readonly (readonly Position[])[] | null) {
    this.#lines = lines;
    if (this.#isReady) highlightOn(this.#map, lines, this.#ground);
  }

  remove() {
    this.#removed = true;
    this.#preparing.abort();
    this.#ahead.abort();
    this.#map.remove();
  }

  /** The tiles in view, in the resolution of the screen. */
  #inView(): string[] {
    const [[west, south], [east, north]] = this.#map.getBounds().toArray();
    const ratio = devicePixelRatio > 1 ? '@2x' : '';
    return tilesInView([west, south, east, north], this.#map.getZoom()).map((tile) => `${tile}${ratio}`);
  }

  /** Resolves when the server has answered for every tile in view, or when it is given up. */
  async #fetchInView({ layers, tiles, revision }: Heat, gone: AbortSignal): Promise<void> {
    const paths = this.#inView().flatMap((tile) => layers.map(({ query }) => plainPath(tile, query, tiles)));
    await Promise.allSettled(paths.map((path) => this.#plain.load(path, revision, gone)));
  }

  /** Resolves when a check holds after a frame, or when the map is removed. Whatever arrives makes a frame. */
  async #drawnUntil(check: () => boolean): Promise<void> {
    do await new Promise((resolve) => this.#map.once('render', resolve));
    while (!this.#removed && !check());
  }

  #begin(aim: () => void) {
    aim();
    // only now: the end of the movement before was told meanwhile
    this.#aim = aim;
  }

  #fly(target: Place) {
    const { zoom } = target;
    this.#map.flyTo({ center: target, zoom, padding: this.#padding, duration: 1600 }, BY_ITSELF);
  }

  #fit(bounds: Bounds, box?: Element | null) {
    this.#takeRoom();
    const room = this.#padding;
    const { left, top, right, bottom } = this.#map.getContainer().getBoundingClientRect();
    // the map keeps clear of the room by itself
    const seen = { left: left + room.left, top, right, bottom: bottom - room.bottom };
    const cover = box ? coverOf(seen, box.getBoundingClientRect()) : null;
    const padding = marginsOf(right - left, cover);
    this.#map.fitBounds(bounds, { padding, maxZoom: CLOSEST, duration: 900 });
  }

  /** The middle is where it was to glide to, at once; what is seen stays where it is. */
  #takeRoom() {
    const { left, bottom } = this.#padding;
    const { clientWidth, clientHeight } = this.#map.getContainer();
    const center = this.#map.unproject([(clientWidth + left) / 2, (clientHeight - bottom) / 2]);
    this.#map.jumpTo({ center, padding: this.#padding }, BY_ITSELF);
  }

  #listen() {
    const { onPlace, onZoom, onBusy, onClick, onGround } = this.#options;
    const map = this.#map;
    map.on('moveend', (event: object) => {
      const now = this.place();
      const hasMoved = !isSame(now, this.#last);
      this.#last = now;
      this.#aim = null;
      // a window that changes its size ends a movement too, without any
      if (hasMoved && !('byItself' in event)) onPlace(now);
    });
    map.on('zoom', () => {
      if (this.#isReady) this.#stage.seeFrom(map, map.getZoom());
      onZoom(map.getZoom());
    });
    onZoom(map.getZoom());
    map.on('dataloading', () => onBusy(true));
    map.on('idle', () => onBusy(false));
    map.on('click', ({ lngLat }) => {
      const { lng, lat } = lngLat.wrap();
      onClick({ lng, lat, zoom: map.getZoom() });
    });
    map.on('style.load', () => {
      this.#isReady = true;
      onGround(groundOf(map) ?? this.#ground);
      this.#stage.show(map, this.#heat);
      if (this.#lines) highlightOn(map, this.#lines, this.#ground);
    });
  }

  /** Puts the map below on, and the heat over it. Somebody else's that cannot be had is replaced by our own. */
  async #wear(below: Below, ground: Ground, isWanted: () => boolean) {
    const map = this.#map;
    const put = (style: Parameters<GlMap['setStyle']>[0]) => {
      this.#isReady = false;
      map.setStyle(style, { diff: false });
    };
    const replace = async () => {
      if (!isWanted() || this.#isReady) return;
      this.#options.onBasemapGone();
      const style = await landStyle(ground).catch(() => bareStyle(ground));
      if (isWanted()) put(style);
    };
    try {
      const style = await styleOf(below, ground);
      if (!isWanted()) return;
      if (typeof style === 'string') map.once('error', () => void replace());
      put(style);
    } catch {
      if (!isWanted()) return;
      this.#options.onBasemapGone();
      put(bareStyle(ground));
    }
  }
}

/** Marks movements that nobody made. */
const BY_ITSELF = { byItself: true };

function isSame(a: Place, b: Place): boolean {
  const near = 1e-9;
  return Math.abs(a.lng - b.lng) < near && Math.abs(a.lat - b.lat) < near && Math.abs(a.zoom - b.zoom) < near;
}
