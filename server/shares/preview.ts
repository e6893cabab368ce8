import { latToWorldY, lngToWorldX } from '../geo/mercator.ts';
import type { Bounds } from '../geo/tile.ts';
import { MAX_ZOOM } from '../geo/tile.ts';
import { inOrder } from '../heat/by-sport.ts';
import { hotAt } from '../heat/light.ts';
import type { AthleteIndex } from '../index/athlete-index.ts';
import type { Filter } from '../index/filter.ts';
import type { Subject } from '../index/subject.ts';
import { drawPoster, type Poster } from '../posters/draw.ts';
import { layersOf } from '../posters/layers.ts';
import type { Layout } from '../posters/layout.ts';
import { pngStream } from '../posters/png-stream.ts';
import { zoomOf } from '../posters/squares.ts';
import { Flights } from '../tiles/flights.ts';
import type { TileMap } from '../tiles/map.ts';
import { Busy } from '../tiles/render-queue.ts';
import type { TileService } from '../tiles/service.ts';
import type { ShareLook } from './look.ts';

/** What drawing previews needs. */
export interface PreviewDeps {
  tiles: Pick<TileService, 'home' | 'exposure'>;
  /** The index of what others see, whole and up to date. */
  publicIndexOf(athleteId: string): Promise<AthleteIndex>;
  /** The sports of what a share shows, most first. */
  sportsOf(map: TileMap): Promise<readonly string[]>;
  drawTones: Poster['drawTones'];
  /** Whether something that is drawn under this filter came through Strava's API, which wants to be named. */
  fromStrava(subject: Subject, filter: Filter): Promise<boolean>;
}

/** Pixels: what pages that show links ask for. */
export const PREVIEW = { width: 1200, height: 630 };
const MAP = { x: 0, y: 0, width: PREVIEW.width, height: 480 };
const WORDS = { x: 48, y: MAP.height, width: PREVIEW.width - 96, height: PREVIEW.height - MAP.height };
const LINE_WIDTH = 2;
const THEME = 'dark';
/** Shares of the picture that the heat may fill at most. */
const FILL = 0.85;
/** Pixels a world unit: of 512-px tiles at a zoom. */
const scaleAt = (zoom: number) => 2 ** (zoom + 9 - 31);
/** All of the heat is shown if that is a region, no closer than a village; else a town where most of it is. */
const REGION = 8.5;
const TOWN = 10.5;
const VILLAGE = 14;
/** The picture has no resolution of its own. */
const DPI = 96;

/** Drawn at once by this process. */
const AT_ONCE = 2;
/** Seconds after which it may be tried again. */
const RETRY_AFTER = 5;

/** Pictures of shares for pages that show their links, whose crawlers come together. */
export class Previews {
  readonly #deps: PreviewDeps;
  readonly #flights = new Flights<Buffer>();

  constructor(deps: PreviewDeps) {
    this.#deps = deps;
  }

  /**
   * What a share's visitors see, in such a look, with its name below: whole PNG bytes. All who ask at once for the same
   * are given one drawing; rejects with Busy where others are drawn already.
   */
  async of(map: TileMap, look: ShareLook): Promise<Buffer> {
    const index = await this.#deps.publicIndexOf(map.athleteId);
    const state = JSON.stringify([map, look, index.revision]);
    if (!this.#flights.has(state) && this.#flights.size >= AT_ONCE) throw new Busy(RETRY_AFTER);
    return this.#flights.join(state, () => draw(this.#deps, map, look, index));
  }
}

async function draw(deps: PreviewDeps, map: TileMap, look: ShareLook, index: AthleteIndex): Promise<Buffer> {
  const { tiles, sportsOf, drawTones } = deps;
  const filter = map.only;
  const layout = await laidOut(deps, map, index.extent(filter), filter);
  const exposure = await tiles.exposure(map, filter, Math.min(MAX_ZOOM, zoomOf(layout)));
  const hot = hotAt(exposure, look.light ?? 0);
  const layers = await layersOf(filter, look, THEME, async () => inOrder(await sportsOf(map)));
  const credit = (await deps.fromStrava(map, filter)) ? 'Pathglow · Powered by Strava' : 'Pathglow';
  const words = { title: map.name, subtitle: '', credit };
  const bands = drawPoster({ index, layers, hot, theme: THEME, layout, words, drawTones });
  const chunks: Buffer[] = [];
  for await (const chunk of pngStream({ ...PREVIEW, dpi: DPI }, bands)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function laidOut(
  { tiles }: PreviewDeps,
  map: TileMap,
  extent: Bounds | null,
  filter: Filter,
): Promise<Layout> {
  const { minX, minY, maxX, maxY } = extent ?? { minX: 0, minY: 0, maxX: 2 ** 31, maxY: 2 ** 31 };
  let scale = FILL * Math.min(MAP.width / (maxX - minX + 1), MAP.height / (maxY - minY + 1));
  let [x, y] = [(minX + maxX) / 2, (minY + maxY) / 2];
  if (extent && scale < scaleAt(REGION)) {
    const home = await tiles.home(map, filter);
    if (home) [scale, x, y] = [scaleAt(TOWN), lngToWorldX(home.lng), latToWorldY(home.lat)];
  }
  scale = Math.min(scale, scaleAt(VILLAGE));
  return {
    ...PREVIEW,
    map: MAP,
    words: WORDS,
    minX: x - MAP.width / scale / 2,
    minY: y - MAP.height / scale / 2,
    scale,
    lineWidth: LINE_WIDTH,
  };
}
