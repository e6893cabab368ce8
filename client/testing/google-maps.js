/**
 * Stands in for the script of Google Maps, which tests cannot reach. It keeps what the reference of the Maps JavaScript
 * API 3 promises, as far as the viewer leans on it:
 *
 * - libraries come by `importLibrary`, and lie in `google.maps`; a script loaded with `callback` calls it once all is there;
 * - an ImageMapType over the map is asked for tiles by `getTileUrl(point, zoom)`: also in rows above and below the world,
 *   in columns of its copies left and right of it (not wrapped), and beyond its own `maxZoom`, which overlays ignore;
 * - `null` leaves a tile out; other answers are loaded as pictures of `tileSize`;
 * - tiles in view are asked for once: again only from another overlay, or where the map moves to;
 * - elements put into `controls` lie over the map, at the side that they are put to;
 * - `tilesloaded` is told of the map and of each overlay, `idle` after each movement, both never at once.
 *
 * What it was asked and what it shows is left in `standIn`.
 */
const standIn = { asked: [], map: null, options: null, parameters: null };
globalThis.standIn = standIn;

class MVCObject {
  #listeners = new Map();
  addListener(name, act) {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), act]);
    return {
      remove: () =>
        this.#listeners.set(
          name,
          this.#listeners.get(name).filter((one) => one !== act),
        ),
    };
  }
  tell(name, ...given) {
    for (const act of this.#listeners.get(name) ?? []) act(...given);
  }
  clearListeners() {
    this.#listeners.clear();
  }
}

class MVCArray extends MVCObject {
  #all = [];
  getLength = () => this.#all.length;
  getAt = (at) => this.#all[at];
  getArray = () => this.#all;
  push(one) {
    this.#all.push(one);
    this.tell('insert_at', this.#all.length - 1);
    return this.#all.length;
  }
  removeAt(at) {
    const [gone] = this.#all.splice(at, 1);
    this.tell('remove_at', at, gone);
    return gone;
  }
  clear() {
    while (this.#all.length > 0) this.removeAt(0);
  }
  forEach = (act) => this.#all.forEach(act);
}

const BOTTOM_RIGHT = 12;

class Point {
  constructor(x, y) {
    Object.assign(this, { x, y });
  }
}
class Size {
  constructor(width, height) {
    Object.assign(this, { width, height });
  }
}
class LatLng {
  constructor({ lat, lng }) {
    this.toJSON = () => ({ lat, lng });
    this.lat = () => lat;
    this.lng = () => lng;
  }
}

class ImageMapType extends MVCObject {
  layer = Object.assign(document.createElement('div'), { className: 'google-overlay' });
  shown = new Map();
  constructor(options) {
    super();
    this.options = options;
    this.setOpacity(options.opacity ?? 1);
  }
  getOpacity = () => this.opacity;
  setOpacity(opacity) {
    this.opacity = opacity;
    this.layer.style.opacity = opacity;
  }
}

class GoogleMap extends MVCObject {
  overlayMapTypes = new MVCArray();
  controls = { [BOTTOM_RIGHT]: new MVCArray() };
  #div;
  #state;
  constructor(div, options) {
    super();
    this.#div = div;
    this.#state = { ...options };
    Object.assign(standIn, { map: this, options });
    div.style.position = 'relative';
    div.style.overflow = 'hidden';
    this.overlayMapTypes.addListener('insert_at', (at) => {
      div.append(this.overlayMapTypes.getAt(at).layer);
      this.#draw();
    });
    this.overlayMapTypes.addListener('remove_at', (_, gone) => gone.layer.remove());
    this.controls[BOTTOM_RIGHT].addListener('insert_at', (at) => {
      const element = this.controls[BOTTOM_RIGHT].getAt(at);
      Object.assign(element.style, { position: 'absolute', right: 0, bottom: '14px', zIndex: 1 });
      div.append(element);
    });
    div.addEventListener('click', ({ offsetX, offsetY }) => {
      const world = 256 * 2 ** this.getZoom();
      const { x, y } = this.#corner();
      this.tell('click', { latLng: latLngAt((x + offsetX) / world, (y + offsetY) / world) });
    });
    this.#moved();
  }
  getDiv = () => this.#div;
  getZoom = () => this.#state.zoom;
  getCenter = () => new LatLng(this.#state.center);
  getBounds() {
    const world = 256 * 2 ** this.getZoom();
    const { x, y } = this.#corner();
    const northWest = latLngAt(x / world, y / world);
    const southEast = latLngAt((x + this.#div.clientWidth) / world, (y + this.#div.clientHeight) / world);
    const edges = {
      west: northWest.lng(),
      north: northWest.lat(),
      east: southEast.lng(),
      south: southEast.lat(),
    };
    return { toJSON: () => edges };
  }
  getMapTypeId = () => this.#state.mapTypeId;
  setMapTypeId(mapTypeId) {
    this.#state.mapTypeId = mapTypeId;
    this.tell('maptypeid_changed');
  }
  setZoom = (zoom) => this.moveCamera({ zoom });
  setCenter = (center) => this.moveCamera({ center });
  panTo = (center) => this.moveCamera({ center });
  fitBounds({ west, east, north, south }) {
    const zoom = Math.floor(Math.log2((360 / (east - west)) * (this.#div.clientWidth / 256)));
    this.moveCamera({ center: { lng: (west + east) / 2, lat: (north + south) / 2 }, zoom });
  }
  moveCamera({ center = this.#state.center, zoom = this.#state.zoom }) {
    const { minZoom = 0, maxZoom = 22 } = this.#state;
    const before = this.#state.zoom;
    this.#state.center = center;
    this.#state.zoom = Math.min(maxZoom, Math.max(minZoom, zoom));
    if (this.#state.zoom !== before) this.tell('zoom_changed');
    this.#moved();
  }
  #moved() {
    this.tell('bounds_changed');
    this.#draw();
    setTimeout(() => this.tell('idle'), 20);
  }
  /** Of what is in view: pixels of the whole world from its north-west. */
  #corner() {
    const { center, zoom } = this.#state;
    const sine = Math.sin((center.lat * Math.PI) / 180);
    const y = 0.5 - Math.atanh(sine) / (2 * Math.PI);
    const world = 256 * 2 ** zoom;
    const { clientWidth, clientHeight } = this.#div;
    return { x: (center.lng / 360 + 0.5) * world - clientWidth / 2, y: y * world - clientHeight / 2 };
  }
  #draw() {
    const waits = [];
    this.overlayMapTypes.forEach((overlay) => {
      const loaded = this.#drawOverlay(overlay);
      loaded.then(() => overlay.tell('tilesloaded'));
      waits.push(loaded);
    });
    Promise.all(waits).then(() => setTimeout(() => this.tell('tilesloaded'), 10));
  }
  async #drawOverlay({ options, layer, shown }) {
    const { zoom } = this.#state;
    const { width, height } = options.tileSize;
    const { x: left, y: top } = this.#corner();
    const right = left + this.#div.clientWidth;
    const bottom = top + this.#div.clientHeight;
    const inView = new Set();
    const waits = [];
    for (let x = Math.floor(left / width); x * width < right; x++) {
      for (let y = Math.floor(top / height); y * height < bottom; y++) {
        const key = `${zoom}/${x}/${y}`;
        inView.add(key);
        const place = (picture) => {
          picture.style.cssText = `position:absolute;left:${x * width - left}px;top:${y * height - top}px`;
        };
        const known = shown.get(key);
        if (known !== undefined) {
          if (known) place(known);
          continue;
        }
        const url = options.getTileUrl(new Point(x, y), zoom);
        standIn.asked.push({ x, y, z: zoom, url });
        if (url === null) {
          shown.set(key, null);
          continue;
        }
        const picture = Object.assign(new Image(width, height), { src: url, alt: '' });
        place(picture);
        shown.set(key, picture);
        layer.append(picture);
        waits.push(picture.decode().catch(() => undefined));
      }
    }
    for (const [key, picture] of shown) {
      if (inView.has(key)) continue;
      picture?.remove();
      shown.delete(key);
    }
    await Promise.all(waits);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

class Polyline {
  constructor(options) {
    this.options = options;
    this.setMap(options.map);
  }
  setMap(map) {
    standIn.lines = (standIn.lines ?? []).filter((one) => one !== this);
    if (map) standIn.lines.push(this);
  }
}

function latLngAt(x, y) {
  const lat = (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
  return new LatLng({ lng: (x - 0.5) * 360, lat });
}

const event = {
  addListenerOnce(target, name, act) {
    const listener = target.addListener(name, (...given) => {
      listener.remove();
      act(...given);
    });
    return listener;
  },
  clearInstanceListeners: (target) => target.clearListeners(),
};

const libraries = {
  core: {
    event,
    LatLng,
    MVCArray,
    Point,
    Size,
    ColorScheme: { DARK: 'DARK', LIGHT: 'LIGHT' },
    ControlPosition: { BOTTOM_RIGHT },
  },
  maps: { ImageMapType, Map: GoogleMap, Polyline, RenderingType: { RASTER: 'RASTER' } },
};
globalThis.google ??= { maps: {} };
Object.assign(google.maps, ...Object.values(libraries), {
  importLibrary: async (name) => libraries[name],
});
const { searchParams } = new URL(document.currentScript.src);
standIn.parameters = Object.fromEntries(searchParams);
// it styles what it draws, with the nonce of the page's own styles
const style = document.createElement('style');
style.nonce = document.querySelector('style[nonce], link[rel=stylesheet][nonce]')?.nonce ?? '';
style.textContent = '.google-overlay { position: absolute; inset: 0; pointer-events: none; }';
document.head.append(style);
searchParams
  .get('callback')
  .split('.')
  .reduce((from, name) => from[name], globalThis)();
