/** One render thread. Keeps nothing between two jobs. */
import { setPriority } from 'node:os';
import { move } from 'piscina';
import { renderTile, renderTones, type SquareJob } from './render.ts';
import type { RenderJob } from './render-queue.ts';

/** How much this thread gives way to the others: what is cached is answered while all cores draw. */
const NICENESS = 10;
// elsewhere than on Linux it would be the whole process that gives way
if (process.platform === 'linux') setPriority(NICENESS);

/** Handed over rather than copied back; a copy is made only of a small Buffer that lies in Node's pool. */
export default function render(job: RenderJob) {
  const png = renderTile(job);
  const owned = png.byteLength === png.buffer.byteLength ? png : Uint8Array.from(png);
  return move(owned as Uint8Array<ArrayBuffer>);
}

export function tones(job: SquareJob) {
  return move(renderTones(job) as Uint8Array<ArrayBuffer>);
}
