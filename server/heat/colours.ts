/** The 256 colours of a tile. Without a line of Node's: the viewer colours the tiles it has by the same table. */
import type { GradientStop } from './gradient.ts';
import { toBytes } from './oklab.ts';
import { ramp } from './ramp.ts';
import { visitsOf } from './tone.ts';

export interface Colours {
  /** Red, green and blue of each tone: 768 bytes. */
  rgb: Uint8Array<ArrayBuffer>;
  /** 256 bytes. */
  opacities: Uint8Array<ArrayBuffer>;
}

/** The colours of all tones with `hot` visits (at least 2) drawn hottest. Counts in the gradient go before `hot`. */
export function coloursOf(gradient: readonly GradientStop[], hot: number): Colours {
  const colourOf = ramp(gradient, hot);
  const rgb = new Uint8Array(256 * 3);
  const opacities = new Uint8Array(256);
  // tone 0 stays black and transparent
  for (let tone = 1; tone < 256; tone++) {
    const [red, green, blue, alpha] = toBytes(colourOf(visitsOf(tone)));
    rgb.set([red, green, blue], tone * 3);
    opacities[tone] = alpha;
  }
  return { rgb, opacities };
}
