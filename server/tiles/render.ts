import { encodeTile } from '../heat/png.ts';
import { drawVisits } from '../heat/raster.ts';
import { toneTile } from '../heat/tone.ts';
import type { RenderJob } from './render-queue.ts';

/** Visits, tone, PNG: the whole of a tile but its colours. */
export function renderTile({ tile, size, blocks, refs }: RenderJob): Buffer {
  return encodeTile(toneTile(drawVisits(tile, size, blocks, refs)), size);
}
