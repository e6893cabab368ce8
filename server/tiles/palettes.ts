import { LRUCache } from 'lru-cache';
import type { GradientStop, Palette } from '../heat/palette.ts';
import { PALETTES, palette, parseGradient } from '../heat/palette.ts';

export interface Look {
  /** The name of one of our palettes. */
  color?: string;
  /** A gradient of one's own; goes before `color`. */
  gradient?: string;
}

const known = new LRUCache<string, Palette>({ max: 500 });

/**
 * The palette of a look with `hot` visits drawn hottest. Throws InvalidGradient. A name nobody knows gives
 * undefined.
 */
export function paletteOf({ color, gradient }: Look, hot: number): Palette | undefined {
  const key = `${gradient ?? ''}|${color ?? ''}|${hot}`;
  const found = known.get(key);
  if (found) return found;
  const stops = gradientOf({ color, gradient });
  if (!stops) return undefined;
  const made = palette(stops, hot);
  known.set(key, made);
  return made;
}

/** The gradient of a look. Throws InvalidGradient. A name nobody knows gives undefined. */
export function gradientOf({ color, gradient }: Look): GradientStop[] | undefined {
  if (gradient) return parseGradient(gradient);
  const name = color || DEFAULT_PALETTE;
  return Object.hasOwn(PALETTES, name) ? PALETTES[name as keyof typeof PALETTES] : undefined;
}

const DEFAULT_PALETTE = 'fire';
