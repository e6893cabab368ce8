/** A colour, and the visits it stands for; without visits the stops share the way from 1 visit to the exposure. */
export interface GradientStop {
  visits?: number;
  /** #rrggbb or #rrggbbaa, lower case. */
  colour: string;
}

/** What heat lies on: it takes other colours to shine on each. */
export type Ground = 'dark' | 'light';

const MOST_STOPS = 32;
const MOST_VISITS = 1_000_000;

export type GradientFault = 'empty' | 'too_long' | 'mixed' | 'shrinking' | 'no_count' | 'no_colour';

/** Why a gradient cannot be read, with the parts of it that say so. */
export const GRADIENT_FAULTS: Record<GradientFault, (...parts: string[]) => string> = {
  empty: () => 'The gradient is empty.',
  too_long: () => `A gradient has at most ${MOST_STOPS} colours.`,
  mixed: () => 'Either every colour has a count before it, or none has.',
  shrinking: (visits, before) => `Counts must grow: ${visits} comes after ${before}.`,
  no_count: (text) => `'${text}' is not a count of visits between 0 and ${MOST_VISITS}.`,
  no_colour: (text) => `'${text}' is not a colour: write it as f80, ff8800 or ff8800cc.`,
};

/** A gradient that cannot be read; the message says why, and may be shown. */
export class InvalidGradient extends Error {
  override name = 'InvalidGradient';
  readonly fault: GradientFault;
  readonly parts: string[];

  constructor(fault: GradientFault, ...parts: string[]) {
    super(GRADIENT_FAULTS[fault](...parts));
    this.fault = fault;
    this.parts = parts;
  }
}

/**
 * Our five. Each begins where a single pass stands out from a dark map, grows lighter all the way, and ends near
 * white. `beacon` goes from blue to yellow, which every kind of colour vision tells apart.
 */
export const PALETTES: Record<'fire' | 'glacier' | 'aurora' | 'orchid' | 'beacon', GradientStop[]> = {
  fire: stops('#c22a4f', '#e8492f', '#fb8b1e', '#ffcd4d', '#fffbe6'),
  glacier: stops('#2f6bdb', '#2f9bec', '#4fcbf2', '#a5ebf7', '#f5feff'),
  aurora: stops('#12907c', '#2fb673', '#86d353', '#dced67', '#fcfff0'),
  orchid: stops('#8b4de6', '#c04fdc', '#f16fb8', '#ffb2b0', '#fff3ec'),
  beacon: stops('#3c6fc4', '#7488b8', '#aca487', '#e9c74d', '#fff8cf'),
};

/**
 * The same five for a light map: each begins where a single pass stands out from paper, and grows darker all the way.
 */
export const PALETTES_ON_LIGHT: typeof PALETTES = {
  fire: stops('#ec7a35', '#dc4a31', '#b3264a', '#74184c', '#2b0c2c'),
  glacier: stops('#3fa3e0', '#2a7fcb', '#245aa9', '#233c7e', '#121b40'),
  aurora: stops('#55ad58', '#2a9469', '#17746e', '#135260', '#0a2a3a'),
  orchid: stops('#d070c8', '#aa47c1', '#7c33a9', '#522480', '#281045'),
  beacon: stops('#cf9d10', '#a18c4e', '#6b7884', '#385a92', '#11265a'),
};

/** Our palettes, as they are on such a ground. */
export function palettesOn(ground: Ground): typeof PALETTES {
  return ground === 'light' ? PALETTES_ON_LIGHT : PALETTES;
}

function stops(...colours: string[]): GradientStop[] {
  return colours.map((colour) => ({ colour }));
}

/**
 * Reads 'count:colour;…' (visits, growing) or 'colour;colour;…'. Colours are hexadecimal, 3, 4, 6 or 8 digits,
 * with or without '#'. Throws InvalidGradient.
 */
export function parseGradient(text: string): GradientStop[] {
  const parts = text.split(';').map((part) => part.trim());
  if (parts.at(-1) === '') parts.pop();
  if (parts.length === 0) throw new InvalidGradient('empty');
  if (parts.length > MOST_STOPS) throw new InvalidGradient('too_long');
  const gradient = parts.map(parseStop);
  let before: number | undefined;
  for (const [index, { visits }] of gradient.entries()) {
    if (index > 0 && (visits === undefined) !== (before === undefined)) {
      throw new InvalidGradient('mixed');
    }
    if (visits !== undefined && before !== undefined && visits <= before) {
      throw new InvalidGradient('shrinking', String(visits), String(before));
    }
    before = visits;
  }
  return gradient;
}

function parseStop(part: string): GradientStop {
  const colon = part.indexOf(':');
  const colour = parseColour(part.slice(colon + 1).trim());
  if (colon < 0) return { colour };
  const count = part.slice(0, colon).trim();
  const visits = Number(count);
  if (!/^\d+(\.\d+)?$/.test(count) || visits <= 0 || visits > MOST_VISITS) {
    throw new InvalidGradient('no_count', shown(count));
  }
  return { visits, colour };
}

function parseColour(text: string): string {
  const digits = text.replace(/^#/, '').toLowerCase();
  if (!/^([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/.test(digits)) {
    throw new InvalidGradient('no_colour', shown(text));
  }
  return `#${digits.length < 6 ? digits.replace(/./g, '$&$&') : digits}`;
}

function shown(text: string): string {
  return text.length > 20 ? `${text.slice(0, 20)}…` : text;
}
