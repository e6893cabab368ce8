/** One render thread. Keeps nothing between two jobs. */
import { move } from 'piscina';
import { renderTile, renderTones, type SquareJob } from './render.ts';
import type { RenderJob } from './render-queue.ts';

/** Handed over rather than copied back; a copy is made only of a small Buffer that lies in Node's pool. */
export default function render(job: RenderJob) {
  const png = renderTile(job);
  const owned = png.byteLength === png.buffer.byteLength ? png : Uint8Array.from(png);
  return move(owned as Uint8Array<ArrayBuffer>);
}

export function tones(job: SquareJob) {
  return move(renderTones(job) as Uint8Array<ArrayBuffer>);
}
