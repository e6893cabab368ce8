/**
 * One layer of heat over Google's map: an ImageMapType. Google asks once for each tile, and never again for one that
 * failed: another overlay asks for those, and for nothing else, so that what has come stays as it is.
 */
import { MAX_ZOOM } from '../../server/geo/tile.ts';
import type { Heat, HeatLayer } from './contract.ts';
import { googleTileUrl } from './google-tiles.ts';
import type { Answer } from './picture-watch.ts';
import { isTemporary, meansSignedOut } from './tile-answers.ts';

/** Google's map, and what there is to put on it. */
export interface Over {
  map: google.maps.Map;
  core: google.maps.CoreLibrary;
  maps: google.maps.MapsLibrary;
}

/** The column may lie beyond the world's edge: in a copy of it. */
export interface TileAt {
  x: number;
  y: number;
  z: number;
}

export class GoogleLayer {
  readonly #over: Over;
  readonly #urlOf: (tile: TileAt) => string | null;
  /** The first one shows what none of the others does. */
  readonly #overlays: google.maps.ImageMapType[] = [];
  /** Which of the others shows a tile, by its URL. */
  readonly #owners = new Map<string, google.maps.ImageMapType>();
  /** Tiles by URL: on their way, failed, or on their way again since. What has come, or was refused, is not kept. */
  readonly #tiles = new Map<string, 'asked' | 'failed' | 'again'>();
  #opacity = 0;
  #hasAsked = false;
  #isLoaded = false;
  #hasSome = false;

  /** Puts it unseen over all that is there; `onLoaded`: Google says that what it asked for has come or failed. */
  constructor(over: Over, layer: HeatLayer, heat: Heat, onLoaded: () => void) {
    this.#over = over;
    this.#urlOf = (tile) => googleTileUrl(tile, layer, heat, devicePixelRatio);
    const first = this.#put(over.map.overlayMapTypes.getLength());
    over.core.event.addListener(first, 'tilesloaded', () => {
      this.#isLoaded = true;
      onLoaded();
    });
  }

  /** Whether Google said once that all in view has come or failed. */
  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** Whether any tile is known to have come. */
  get hasSome(): boolean {
    return this.#hasSome;
  }

  /** Whether Google asked for any tile: beyond the edges of the world there is none. */
  get hasAsked(): boolean {
    return this.#hasAsked;
  }

  /** Whether any of these tiles has failed and not come since. */
  isLacking(tiles: readonly TileAt[]): boolean {
    return this.#among(tiles, ['failed', 'again']).length > 0;
  }

  /** Whether any of these tiles has failed and was not asked for since. */
  isDue(tiles: readonly TileAt[]): boolean {
    return this.#among(tiles, ['failed']).length > 0;
  }

  setOpacity(opacity: number) {
    this.#opacity = opacity;
    for (const overlay of this.#overlays) overlay.setOpacity(opacity);
  }

  /** Takes note of what became of pictures. Answers whether a tile of its own was refused to somebody unknown. */
  hear(answers: readonly Answer[]): boolean {
    const own = answers.filter(({ url }) => this.#tiles.has(url));
    for (const { url, status } of own) {
      if (isTemporary(status)) this.#tiles.set(url, 'failed');
      else this.#tiles.delete(url);
      if (status >= 200 && status < 400) this.#hasSome = true;
    }
    return own.some(({ status }) => meansSignedOut(status));
  }

  /** Asks again for those of these tiles that failed; they are all that is in view. */
  retry(tiles: readonly TileAt[]) {
    const again = this.#among(tiles, ['failed']);
    if (again.length === 0) return;
    const inView = new Set(tiles.map(this.#urlOf));
    for (const url of [...this.#owners.keys()].filter((one) => !inView.has(one))) {
      // back in view the first overlay is asked for it again, or else it is still known to be missing
      this.#owners.delete(url);
      this.#tiles.set(url, 'failed');
    }
    const last = this.#overlays[this.#overlays.length - 1];
    this.#put(this.#over.map.overlayMapTypes.getArray().indexOf(last) + 1, again);
    const showing = new Set([this.#overlays[0], ...this.#owners.values()]);
    this.#take(this.#overlays.filter((overlay) => !showing.has(overlay)));
  }

  remove() {
    this.#take([...this.#overlays]);
  }

  /** One more overlay, over so many of those on the map: for these tiles, or for all that no other shows. */
  #put(at: number, only: readonly string[] = []) {
    const { map, core, maps } = this.#over;
    const overlay = new maps.ImageMapType({
      name: 'heat',
      tileSize: new core.Size(256, 256),
      maxZoom: MAX_ZOOM,
      opacity: this.#opacity,
      getTileUrl: ({ x, y }, z) => this.#give(overlay, this.#urlOf({ x, y, z })),
    });
    for (const url of only) this.#owners.set(url, overlay);
    this.#overlays.push(overlay);
    map.overlayMapTypes.insertAt(at, overlay);
    return overlay;
  }

  /** What an overlay is told of a tile that Google wants of it. */
  #give(overlay: google.maps.ImageMapType, url: string | null): string | null {
    if (url === null || (this.#owners.get(url) ?? this.#overlays[0]) !== overlay) return null;
    const before = this.#tiles.get(url);
    this.#tiles.set(url, before === 'failed' || before === 'again' ? 'again' : 'asked');
    this.#hasAsked = true;
    return url;
  }

  #take(overlays: readonly google.maps.ImageMapType[]) {
    const all = this.#over.map.overlayMapTypes;
    for (const overlay of overlays) {
      this.#over.core.event.clearInstanceListeners(overlay);
      this.#overlays.splice(this.#overlays.indexOf(overlay), 1);
      const at = all.getArray().indexOf(overlay);
      if (at >= 0) all.removeAt(at);
    }
  }

  #among(tiles: readonly TileAt[], states: readonly string[]): string[] {
    if (this.#tiles.size === 0) return [];
    const urls = new Set(tiles.map(this.#urlOf).filter((url) => url !== null));
    return [...urls].filter((url) => states.includes(this.#tiles.get(url) ?? ''));
  }
}
