import { LRUCache } from 'lru-cache';
import { type GradientStop, type Ground, palettesOn, parseGradient } from '../heat/gradient.ts';
import { type Palette, palette } from '../heat/palette.ts';

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

/** The gradient of a look on such a ground. Throws InvalidGradient. A name nobody knows gives undefined. */
export function gradientOf({ color, gradient }: Look, ground: Ground = 'dark'): GradientStop[] | undefined {
  if (gradient) return parseGradient(gradient);
  const named = palettesOn(ground);
  const name = color || DEFAULT_PALETTE;
  return Object.hasOwn(named, name) ? named[name as keyof typeof named] : undefined;
}

const DEFAULT_PALETTE = 'fire';
