import { encodeTile } from '../heat/png.ts';
import type { Blocks, Square } from '../heat/raster.ts';
import { drawSquare, drawVisits } from '../heat/raster.ts';
import { toneTile } from '../heat/tone.ts';
import type { RenderJob } from './render-queue.ts';

/** Visits, tone, PNG: the whole of a tile but its colours. */
export function renderTile({ tile, size, blocks, refs }: RenderJob): Buffer {
  return encodeTile(toneTile(drawVisits(tile, size, blocks, refs)), size);
}

/** A square picture, seen in one view or in several that add up, all of one size; at least one. */
export interface SquareJob {
  views: { square: Square; blocks: Blocks; refs: Uint32Array }[];
}

/** The tones of a square, row by row. */
export function renderTones({ views }: SquareJob): Uint8Array {
  const { size } = views[0].square;
  const visits = new Uint32Array(size * size);
  for (const { square, blocks, refs } of views) drawSquare(square, blocks, refs, visits);
  return toneTile(visits);
}
