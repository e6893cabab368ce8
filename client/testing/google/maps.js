/**
 * Stands in for the script of Google Maps, which tests cannot reach. It keeps what the reference of the Maps JavaScript
 * API 3 promises, as far as the viewer leans on it:
 *
 * - libraries come by `importLibrary`, and lie in `google.maps`; a script loaded with `callback` calls it once all is there;
 * - an ImageMapType over the map is asked for tiles by `getTileUrl(point, zoom)`: also in rows above and below the world,
 *   in columns of its copies left and right of it (not wrapped), and beyond its own `maxZoom`, which overlays ignore;
 * - `null` leaves a tile out; other answers are loaded as pictures of `tileSize`;
 * - tiles in view are asked for once: again only from another overlay, or where the map moves to; of one that failed
 *   nothing is told, and nothing is shown;
 * - overlays lie in the order of `overlayMapTypes`;
 * - elements put into `controls` lie over the map, at the side that they are put to;
 * - the map can be dragged, takes the focus, keeps its middle when it gets another size, and tells of clicks;
 * - `tilesloaded` is told of the map and of each overlay once what was asked for has come or failed, `idle` after each
 *   movement, both never at once.
 *
 * What it was asked and what it shows is left in `standIn`.
 */
const standIn = { asked: [], overlays: [], lines: [], map: null, options: null, parameters: null };
globalThis.standIn = standIn;
const { MVCObject, MVCArray, Point, Size, LatLng, latLngAt, worldOf, event } = globalThis.basics;

/** Where controls are put, and how they lie there. */
const [BOTTOM_LEFT, BOTTOM_RIGHT] = [10, 12];
const SIDES = { [BOTTOM_LEFT]: { left: 0, bottom: 0 }, [BOTTOM_RIGHT]: { right: 0, bottom: '14px' } };

class ImageMapType extends MVCObject {
  layer = Object.assign(document.createElement('div'), { className: 'google-overlay' });
  shown = new Map();
  /** Every opacity that it ever had. */
  opacities = [];
  constructor(options) {
    super();
    this.options = options;
    this.setOpacity(options.opacity ?? 1);
  }
  getOpacity = () => this.opacity;
  setOpacity(opacity) {
    this.opacity = opacity;
    this.opacities.push(opacity);
    this.layer.style.opacity = opacity;
  }
}

class GoogleMap extends MVCObject {
  overlayMapTypes = new MVCArray();
  controls = Object.fromEntries(Object.keys(SIDES).map((side) => [side, new MVCArray()]));
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
      standIn.overlays.push(this.overlayMapTypes.getAt(at));
      this.#region.before(...this.overlayMapTypes.getArray().map(({ layer }) => layer));
      this.#draw();
    });
    this.overlayMapTypes.addListener('remove_at', (_, gone) => gone.layer.remove());
    for (const [side, style] of Object.entries(SIDES)) {
      this.controls[side].addListener('insert_at', (at) => {
        const element = this.controls[side].getAt(at);
        Object.assign(element.style, { position: 'absolute', ...style, zIndex: 1 });
        div.append(element);
      });
    }
    div.append(this.#region);
    this.#follow();
    new ResizeObserver(() => this.#moved()).observe(div);
  }
  /** Takes the focus, and whatever a pointer does. */
  #region = Object.assign(document.createElement('div'), { className: 'google-region', tabIndex: 0 });
  #follow() {
    const region = this.#region;
    region.setAttribute('role', 'region');
    region.setAttribute('aria-label', 'Map');
    let from = null;
    let hasMoved = false;
    region.addEventListener('pointerdown', ({ clientX, clientY, pointerId }) => {
      region.setPointerCapture(pointerId);
      from = { x: clientX, y: clientY, corner: this.#corner() };
      hasMoved = false;
    });
    region.addEventListener('pointermove', ({ clientX, clientY }) => {
      if (!from || (!hasMoved && Math.hypot(clientX - from.x, clientY - from.y) < 5)) return;
      hasMoved = true;
      const { clientWidth, clientHeight } = this.#div;
      const [x, y] = [from.corner.x - clientX + from.x, from.corner.y - clientY + from.y];
      const world = 256 * 2 ** this.getZoom();
      const middle = latLngAt((x + clientWidth / 2) / world, (y + clientHeight / 2) / world);
      this.moveCamera({ center: middle.toJSON() });
    });
    for (const end of ['pointerup', 'pointercancel']) region.addEventListener(end, () => (from = null));
    region.addEventListener('click', ({ offsetX, offsetY }) => {
      if (hasMoved) return;
      const world = 256 * 2 ** this.getZoom();
      const { x, y } = this.#corner();
      this.tell('click', { latLng: latLngAt((x + offsetX) / world, (y + offsetY) / world) });
    });
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
  fitBounds({ west, east, north, south }, { left, right, top, bottom }) {
    const [nw, se] = [worldOf({ lng: west, lat: north }), worldOf({ lng: east, lat: south })];
    const wide = (this.#div.clientWidth - left - right) / (se.x - nw.x);
    const high = (this.#div.clientHeight - top - bottom) / (se.y - nw.y);
    const zoom = Math.floor(Math.log2(Math.min(wide, high) / 256));
    const world = 256 * 2 ** zoom;
    const x = (nw.x + se.x) / 2 + (right - left) / 2 / world;
    const y = (nw.y + se.y) / 2 + (bottom - top) / 2 / world;
    this.moveCamera({ center: latLngAt(x, y).toJSON(), zoom });
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
    const { x, y } = worldOf(center);
    const world = 256 * 2 ** zoom;
    const { clientWidth, clientHeight } = this.#div;
    return { x: x * world - clientWidth / 2, y: y * world - clientHeight / 2 };
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
          waits.push(known?.isDone);
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
        picture.isDone = picture.decode().catch(() => undefined);
        waits.push(picture.isDone);
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
    standIn.lines = standIn.lines.filter((one) => one !== this);
    if (map) standIn.lines.push(this);
  }
}

const libraries = {
  core: {
    event,
    LatLng,
    MVCArray,
    Point,
    Size,
    ColorScheme: { DARK: 'DARK', LIGHT: 'LIGHT' },
    ControlPosition: { BOTTOM_LEFT, BOTTOM_RIGHT },
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
style.textContent = `.google-overlay { position: absolute; inset: 0; pointer-events: none; }
.google-region { position: absolute; inset: 0; touch-action: none; }`;
document.head.append(style);
searchParams
  .get('callback')
  .split('.')
  .reduce((from, name) => from[name], globalThis)();
