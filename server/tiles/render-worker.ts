/** One render thread: visits, tone, PNG. Keeps nothing between two jobs. */
import { move } from 'piscina';
import { encodeTile } from '../heat/png.ts';
import { drawVisits } from '../heat/raster.ts';
import { toneTile } from '../heat/tone.ts';
import type { RenderJob } from './render-queue.ts';

export default function render({ tile, size, blocks, refs }: RenderJob) {
  const png = encodeTile(toneTile(drawVisits(tile, size, blocks, refs)), size);
  // handed over rather than copied back; a small Buffer may lie in Node's pool, which cannot be handed over
  const owned = png.byteLength === png.buffer.byteLength ? png : Uint8Array.from(png);
  return move(owned as Uint8Array<ArrayBuffer>);
}
