import type { AthleteIndex } from '../index/athlete-index.ts';
import type { Filter } from '../index/filter.ts';
import type { SquareJob } from '../tiles/render.ts';
import { heatIndex, inkIndex } from './inks.ts';
import type { Layout, Rectangle } from './layout.ts';
import { letter, type Words } from './lettering.ts';
import { type Part, partsOf, rowsOf, SQUARE } from './squares.ts';

export interface Poster {
  index: AthleteIndex;
  filter: Filter;
  layout: Layout;
  words: Words;
  /** Draws one square's tones in a thread. */
  drawTones(job: SquareJob): Promise<Uint8Array>;
}

/**
 * A poster from top to bottom, as bands of whole rows of indices (see inks.ts), each some hundred rows. One square is
 * drawn at a time, so that the map on somebody's screen never waits for more than that. An activity that arrives
 * meanwhile is on what is drawn after it.
 */
export async function* drawPoster(poster: Poster): AsyncGenerator<Uint8Array> {
  const { layout, words } = poster;
  const { map, width, height } = layout;
  yield new Uint8Array(width * map.y);
  const rows = rowsOf(layout);
  for (let row = 0; row < rows; row++) {
    const band = new Uint8Array(width * Math.min(SQUARE, map.height - row * SQUARE));
    for (const part of partsOf(layout, row)) {
      const tones = await drawPart(poster, part);
      if (tones) place(band, layout, part, tones);
    }
    yield band;
  }
  if (layout.words) yield written(layout.words, words, width);
  const end = layout.words ? layout.words.y + layout.words.height : map.y + map.height;
  yield new Uint8Array(width * (height - end));
}

/** How many bands `drawPoster` yields. */
export function bandsOf(layout: Layout): number {
  return rowsOf(layout) + (layout.words ? 3 : 2);
}

async function drawPart({ index, filter, drawTones }: Poster, { views }: Part): Promise<Uint8Array | null> {
  const job: SquareJob = { views: [] };
  for (const { square, window } of views) {
    const drawing = index.drawing(window, filter);
    if (drawing) job.views.push({ square, blocks: drawing.blocks, refs: drawing.refs });
  }
  return job.views.length > 0 ? drawTones(job) : null;
}

function place(band: Uint8Array, { map, width }: Layout, { column }: Part, tones: Uint8Array) {
  const left = column * SQUARE;
  const columns = Math.min(SQUARE, map.width - left);
  for (let row = 0; row * width < band.length; row++) {
    const to = row * width + map.x + left;
    for (let at = 0; at < columns; at++) band[to + at] = heatIndex(tones[row * SQUARE + at]);
  }
}

function written(area: Rectangle, words: Words, width: number): Uint8Array {
  const coverage = letter(area, words);
  const band = new Uint8Array(width * area.height);
  for (let row = 0; row < area.height; row++) {
    const to = row * width + area.x;
    for (let at = 0; at < area.width; at++) band[to + at] = inkIndex(coverage[row * area.width + at]);
  }
  return band;
}
