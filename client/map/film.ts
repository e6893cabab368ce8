/**
 * The heat while it is played. MapLibre's own raster layers make the map draw itself for each tile that comes; here a
 * frame is shown when all of it is there, so the map draws itself only when something changes that is seen. Most tiles
 * are in the next month what they were: those are neither decoded nor uploaded again.
 */
import type { CustomLayerInterface, Map as GlMap } from 'maplibre-gl';
import type { Heat } from './contract.ts';
import { FilmPainter, type Square } from './film-painter.ts';
import { isDrawnOn } from './paint.ts';

/** A tile on the graphics card, and the bytes it was made of. */
interface Picture {
  png: ArrayBuffer;
  texture: WebGLTexture;
}

/** One heat where the map looked when it was prepared: for each layer the tiles with heat, by 'z/x/y'. */
interface Frame {
  layers: readonly ReadonlyMap<string, Picture>[];
  opacity: number;
}

/** The coloured PNG of a tile of the n-th layer; rejects where it is not to be had. */
export type LoadTile = (tile: string, layer: number) => Promise<ArrayBuffer>;

const NOTHING: Frame = { layers: [], opacity: 0 };
/** At the smallest zooms the world is seen more than once. */
const COPIES = [-1, 0, 1];

export class Film implements CustomLayerInterface {
  readonly id = 'heat-film';
  readonly type = 'custom';
  #map: GlMap | null = null;
  #painter: FilmPainter | null = null;
  /** What was shown, what is, and what comes. */
  #before = NOTHING;
  #now = NOTHING;
  #next = NOTHING;
  #fade = { from: 0, ms: 0 };

  get isShown(): boolean {
    return this.#now !== NOTHING;
  }

  onAdd(map: GlMap, gl: WebGL2RenderingContext) {
    this.#map = map;
    this.#painter = new FilmPainter(gl);
  }

  /** The map lost its layers, to another style: what was shown is shown again with the next frame. */
  onRemove() {
    this.clear();
    this.#painter?.remove();
    this.#painter = null;
  }

  /** Gets a heat ready, unseen, unless it is given up. Resolves when all of it could be shown. */
  async prepare(
    { layers, opacity }: Heat,
    tiles: readonly string[],
    load: LoadTile,
    gone: AbortSignal,
  ): Promise<void> {
    const known = this.#now.layers;
    const next = await Promise.all(
      layers.map(async (_, at) => {
        const pictures = tiles.map(async (tile) => {
          const picture = await this.#pictureOf(await load(tile, at), known[at]?.get(tile));
          return picture && ([tile, picture] as const);
        });
        // what is not to be had is not shown
        const settled = await Promise.allSettled(pictures);
        const had = settled.map((one) => (one.status === 'fulfilled' ? one.value : null));
        return new Map(had.filter((one) => one !== null));
      }),
    );
    const frame = { layers: next, opacity };
    if (gone.aborted) this.#release([frame]);
    else this.#replace({ next: frame });
  }

  /** Shows what was prepared in place of what is shown, faded over `ms`. */
  swap(ms: number) {
    this.#fade = { from: performance.now(), ms: this.isShown ? ms : 0 };
    this.#replace({ before: this.#now, now: this.#next, next: NOTHING });
    this.#map?.triggerRepaint();
  }

  /** Nothing is shown any more. */
  clear() {
    this.#replace({ before: NOTHING, now: NOTHING, next: NOTHING });
    this.#map?.triggerRepaint();
  }

  render() {
    const [map, painter] = [this.#map, this.#painter];
    if (!map || !painter || !this.isShown) return;
    const { from, ms } = this.#fade;
    const share = ms > 0 ? Math.min(1, (performance.now() - from) / ms) : 1;
    const [before, now] = [this.#before.layers, this.#now.layers];
    painter.begin(share, this.#now.opacity);
    for (let at = 0; at < now.length; at++) {
      for (const tile of new Set([...(before[at]?.keys() ?? []), ...now[at].keys()])) {
        painter.draw(before[at]?.get(tile)?.texture, now[at].get(tile)?.texture, placesOf(tile, map));
      }
    }
    if (share < 1) map.triggerRepaint();
    else if (this.#before !== NOTHING) this.#replace({ before: NOTHING });
  }

  /** A tile without heat is none. */
  async #pictureOf(png: ArrayBuffer, known: Picture | undefined): Promise<Picture | null> {
    if (known && isSame(png, known.png)) return known;
    if (!isDrawnOn(png)) return null;
    const bitmap = await createImageBitmap(new Blob([png], { type: 'image/png' }));
    const texture = this.#painter?.upload(bitmap);
    bitmap.close();
    return texture ? { png, texture } : null;
  }

  #replace({ before = this.#before, now = this.#now, next = this.#next }) {
    const old = [this.#before, this.#now, this.#next];
    [this.#before, this.#now, this.#next] = [before, now, next];
    this.#release(old);
  }

  /** Lets go of those tiles of these frames that are in none any more. */
  #release(frames: readonly Frame[]) {
    const kept = new Set([this.#before, this.#now, this.#next].flatMap(picturesOf));
    for (const picture of new Set(frames.flatMap(picturesOf))) {
      if (!kept.has(picture)) this.#painter?.free(picture.texture);
    }
  }
}

function picturesOf({ layers }: Frame): Picture[] {
  return layers.flatMap((tiles) => [...tiles.values()]);
}

function isSame(a: ArrayBuffer, b: ArrayBuffer): boolean {
  if (a.byteLength !== b.byteLength) return false;
  const [left, right] = [new Uint8Array(a), new Uint8Array(b)];
  return left.every((byte, at) => byte === right[at]);
}

/** Where a tile is seen on the canvas of a map that looks straight down, north up. */
function placesOf(tile: string, map: GlMap): Square[] {
  const [z, x, y] = tile.split('/').map(Number.parseFloat);
  const { clientWidth, clientHeight } = map.getContainer();
  const world = 512 * 2 ** map.getZoom();
  const side = world / 2 ** z;
  // reckoned from the middle of the world, so that a street is where it is at every zoom
  const middle = map.project([0, 0]);
  const places: Square[] = [];
  for (const copy of COPIES) {
    const left = middle.x + (copy - 0.5) * world + x * side;
    const top = middle.y - world / 2 + y * side;
    if (left + side < 0 || left > clientWidth) continue;
    places.push({
      left: (2 * left) / clientWidth - 1,
      top: 1 - (2 * top) / clientHeight,
      width: (2 * side) / clientWidth,
      height: (2 * side) / clientHeight,
    });
  }
  return places;
}
