import { type Colours, coloursOf } from '../heat/colours.ts';
import type { Ground } from '../heat/gradient.ts';
import type { AthleteIndex } from '../index/athlete-index.ts';
import type { Filter } from '../index/filter.ts';
import type { SquareJob } from '../tiles/render.ts';
import type { Layer } from './layers.ts';
import type { Layout } from './layout.ts';
import { type LegendEntry, letter, type Words } from './lettering.ts';
import { blank, lay } from './paint.ts';
import { type Part, partsOf, rowsOf, SQUARE } from './squares.ts';

export interface Poster {
  index: AthleteIndex;
  /** Lowest first. */
  layers: readonly Layer[];
  /** Visits drawn hottest, in all layers. */
  hot: number;
  theme: Ground;
  layout: Layout;
  words: Words;
  /** Draws one square's tones in a thread. */
  drawTones(job: SquareJob): Promise<Uint8Array>;
}

/**
 * A poster from top to bottom, as bands of whole rows of red, green and blue, each some hundred rows. One square of one
 * layer is drawn at a time, so that the map on somebody's screen never waits for more than that. An activity that
 * arrives meanwhile is on what is drawn after it.
 */
export async function* drawPoster(poster: Poster): AsyncGenerator<Uint8Array> {
  const { layout, words, layers, hot, theme } = poster;
  const { map, width, height } = layout;
  const painted = layers.map((layer) => ({
    ...layer,
    colours: coloursOf(layer.gradient, hot),
    isSeen: false,
  }));
  yield blank(width * map.y, theme);
  for (let row = 0; row < rowsOf(layout); row++) {
    const band = blank(width * Math.min(SQUARE, map.height - row * SQUARE), theme);
    for (const part of partsOf(layout, row)) {
      for (const layer of painted) {
        const tones = await drawPart(poster, layer.filter, part);
        if (tones && place(band, layout, part, tones, layer.colours)) layer.isSeen = true;
      }
    }
    yield band;
  }
  const legend = painted.flatMap(({ name, isSeen, gradient }): LegendEntry[] =>
    name !== null && isSeen ? [{ name, gradient }] : [],
  );
  for (let row = 0; row < wordRowsOf(layout); row++) {
    yield letter({ layout, words, legend, theme }, [row * SQUARE, (row + 1) * SQUARE]);
  }
  const end = layout.words ? layout.words.y + layout.words.height : map.y + map.height;
  yield blank(width * (height - end), theme);
}

/** How many bands `drawPoster` yields. */
export function bandsOf(layout: Layout): number {
  return rowsOf(layout) + wordRowsOf(layout) + 2;
}

function wordRowsOf({ words }: Layout): number {
  return Math.ceil((words?.height ?? 0) / SQUARE);
}

async function drawPart(
  { index, drawTones }: Poster,
  filter: Filter,
  { views }: Part,
): Promise<Uint8Array | null> {
  const job: SquareJob = { views: [] };
  for (const { square, window } of views) {
    const drawing = index.drawing(window, filter);
    if (drawing) job.views.push({ square, blocks: drawing.blocks, refs: drawing.refs });
  }
  return job.views.length > 0 ? drawTones(job) : null;
}

/** Answers whether anything of it is seen. */
function place(
  band: Uint8Array,
  { map, width }: Layout,
  { column }: Part,
  tones: Uint8Array,
  colours: Colours,
): boolean {
  const left = column * SQUARE;
  const columns = Math.min(SQUARE, map.width - left);
  let isSeen = false;
  for (let row = 0; row * width * 3 < band.length; row++) {
    const line = tones.subarray(row * SQUARE, row * SQUARE + columns);
    if (lay(band, row * width + map.x + left, line, colours)) isSeen = true;
  }
  return isSeen;
}
