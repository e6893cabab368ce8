import type { TileSize } from '../geo/tile.ts';
import { encodeTile } from '../heat/png.ts';
import type { Blocks, Square } from '../heat/raster.ts';
import { drawSquare, drawVisits } from '../heat/raster.ts';
import { toneTile } from '../heat/tone.ts';
import type { RenderJob } from './render-queue.ts';

/** What a tile is drawn on, kept from tile to tile: a new one for each would be a megabyte of garbage. */
const SHEETS: Record<TileSize, { visits: Uint32Array; tones: Uint8Array }> = {
  256: sheet(256),
  512: sheet(512),
};

/** Visits, tone, PNG: the whole of a tile but its colours. */
export function renderTile({ tile, size, blocks, refs }: RenderJob): Buffer {
  const { visits, tones } = SHEETS[size];
  visits.fill(0);
  return encodeTile(toneTile(drawVisits(tile, size, blocks, refs, visits), tones), size);
}

function sheet(size: TileSize) {
  return { visits: new Uint32Array(size * size), tones: new Uint8Array(size * size) };
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
