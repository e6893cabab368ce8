import { decodeTrack } from '../tracks/codec.ts';
import { type Drawing, draw } from './prepare.ts';
import { drawPublic, type Hiding } from './public-drawing.ts';

/** One stored recording to draw anew, in a worker thread. */
export interface RedrawTask {
  /** The encoded track. */
  source: Uint8Array;
  tagKey: Uint8Array;
}

/** Everything drawn of a stored track; null when it has no line. Throws RangeError on damaged bytes. */
export function redraw({ source, tagKey }: RedrawTask): Drawing | null {
  return draw(decodeTrack(source), tagKey);
}

/** What others see of a stored track; null when nothing is left of it. Throws RangeError on damaged bytes. */
export function redrawPublic({
  source,
  tagKey,
  hiding,
}: RedrawTask & { hiding: Hiding }): Omit<Drawing, 'bounds'> | null {
  return drawPublic(decodeTrack(source), hiding, tagKey);
}
