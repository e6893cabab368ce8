/** The colours of a poster, laid over each other as browsers do it: in sRGB, from pixels of red, green and blue. */
import type { Colours } from '../heat/colours.ts';
import type { Ground } from '../heat/gradient.ts';

export type Colour = readonly [red: number, green: number, blue: number];

export const THEMES: Record<Ground, { paper: Colour; ink: Colour }> = {
  dark: { paper: [13, 16, 22], ink: [244, 241, 234] },
  light: { paper: [250, 248, 243], ink: [28, 30, 36] },
};

/** So many pixels with nothing on them. */
export function blank(pixels: number, theme: Ground): Uint8Array {
  const bytes = new Uint8Array(pixels * 3);
  if (pixels > 0) bytes.set(THEMES[theme].paper);
  for (let done = 3; done < bytes.length; done *= 2) bytes.copyWithin(done, 0, done);
  return bytes;
}

/** Lays the colours of tones over as many pixels, from one on. Answers whether there was anything to lay. */
export function lay(
  pixels: Uint8Array,
  from: number,
  tones: Uint8Array,
  { rgb, opacities }: Colours,
): boolean {
  let isAny = false;
  for (let at = 0; at < tones.length; at++) {
    const tone = tones[at];
    if (tone === 0) continue;
    isAny = true;
    const over = tone * 3;
    const to = (from + at) * 3;
    const opacity = opacities[tone];
    const rest = 255 - opacity;
    // bytes drop what is behind the point: rounded by the half that is added
    pixels[to] = (rgb[over] * opacity + pixels[to] * rest + 127) / 255;
    pixels[to + 1] = (rgb[over + 1] * opacity + pixels[to + 1] * rest + 127) / 255;
    pixels[to + 2] = (rgb[over + 2] * opacity + pixels[to + 2] * rest + 127) / 255;
  }
  return isAny;
}
