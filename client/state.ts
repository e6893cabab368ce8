/** What the address bar says about the view: which activities, where, and how they are drawn. One object holds it all. */

import { InvalidGradient, PALETTES, parseGradient } from '../server/heat/gradient.ts';
import { MOST_LIGHT } from '../server/heat/light.ts';
import type { Visibility } from '../server/index/filter.ts';
import type { ShareLook } from '../server/shares/look.ts';
import { GRADIENT_FAULTS } from './words/faults.ts';

export type PaletteName = keyof typeof PALETTES;

export const PALETTE_NAMES = Object.keys(PALETTES) as PaletteName[];

/** Where the map looks; zooms are MapLibre's, at which the world is 512 px wide at 0. */
export interface Place {
  zoom: number;
  lat: number;
  lng: number;
}

/** Which activities are drawn. */
export interface Chosen {
  /** Sorted; none stands for all. */
  sports: string[];
  /** YYYY-MM-DD, inclusive. */
  from: string | null;
  to: string | null;
  /** Only commutes, only the others, or null for both. */
  commute: boolean | null;
  /** Rides and runs in virtual worlds too, whose positions are invented. */
  virtual: boolean;
  /** Only what others may see, only what they may not, or null for both. */
  visibility: Visibility | null;
}

/** How they are drawn. */
export interface Look {
  color: PaletteName;
  /** A gradient of one's own, readable by `parseGradient`; goes before `color`. */
  gradient: string | null;
  /** Stops of light more than automatic: each halves the visits that are drawn hottest. */
  light: number;
  /** 0.1 to 1. */
  opacity: number;
  /** Each group of sports in colours of its own. */
  bySport: boolean;
}

/** Maps to lie below the heat: the bundled land, that of the server's setting, Google's two, and none. */
export const BASE_NAMES = ['land', 'own', 'google', 'satellite', 'none'] as const;
export type BaseName = (typeof BASE_NAMES)[number];

export interface ViewState extends Chosen, Look {
  /** null: nobody has looked elsewhere than at home yet. */
  place: Place | null;
  /** The map below the heat; null: the one that the server names. */
  base: BaseName | null;
}

const VISIBILITIES: readonly Visibility[] = ['public', 'private'];

/** The choice of all activities there are. */
export const EVERYTHING: Chosen = {
  sports: [],
  from: null,
  to: null,
  commute: null,
  virtual: false,
  visibility: null,
};

export const DEFAULT_STATE: ViewState = {
  place: null,
  ...EVERYTHING,
  color: 'fire',
  gradient: null,
  light: 0,
  opacity: 1,
  bySport: false,
  base: null,
};

export { MOST_LIGHT };
export const LEAST_OPACITY = 0.1;
export const MAX_MAP_ZOOM = 20;

/** Reads a query string. What cannot be meant is left at its default: an old link still opens. */
export function parseState(query: string): ViewState {
  const given = new URLSearchParams(query);
  const from = parseDay(given.get('from'));
  const to = parseDay(given.get('to'));
  const inOrder = from === null || to === null || from <= to;
  const color = PALETTE_NAMES.find((name) => name === given.get('color'));
  return {
    place: parsePlace(given.get('map')),
    sports: parseSports(given.get('sport')),
    from: inOrder ? from : null,
    to: inOrder ? to : null,
    commute: { true: true, false: false }[given.get('commute') ?? ''] ?? null,
    virtual: given.get('virtual') === 'true',
    visibility: VISIBILITIES.find((name) => name === given.get('visibility')) ?? null,
    color: color ?? DEFAULT_STATE.color,
    gradient: parseOwnGradient(given.get('gradient')),
    light: Math.round(2 * parseNumber(given.get('light'), -MOST_LIGHT, MOST_LIGHT, 0)) / 2,
    opacity: parseNumber(given.get('opacity'), LEAST_OPACITY, 1, 1),
    bySport: given.get('by') === 'sport',
    base: BASE_NAMES.find((name) => name === given.get('base')) ?? null,
  };
}

/** The query string of a state, without '?'; defaults are left out. Reading it gives the state again. */
export function formatState(state: ViewState): string {
  const parts: string[] = [];
  const add = (name: string, value: string | number | null | false) => {
    if (value !== null && value !== false && value !== '') parts.push(`${name}=${readable(String(value))}`);
  };
  add('map', state.place && formatPlace(state.place));
  for (const [name, value] of Object.entries(filterParameters(state))) add(name, value);
  for (const [name, value] of Object.entries(lookParameters(state))) add(name, value);
  add('base', state.base);
  return parts.join('&');
}

/**
 * The query of the TileJSON and of tiles that names the activities; the same choice gives the same text. `sports`: which
 * of them lie in one layer of those that are drawn by sport; nobody has chosen a virtual one among them by name.
 */
export function filterQuery(chosen: Chosen, sports = chosen.sports): string {
  return new URLSearchParams(
    filterParameters({ ...chosen, sports, virtual: showsVirtual(chosen) }),
  ).toString();
}

/** A look in the words of the address; what is so by itself is left out. */
export function lookParameters({ color, gradient, light, opacity, bySport }: Look): ShareLook {
  return {
    ...(color !== DEFAULT_STATE.color && { color }),
    ...(gradient !== null && { gradient }),
    ...(light !== 0 && { light }),
    ...(opacity !== 1 && { opacity }),
    ...(bySport && { by: 'sport' }),
  };
}

/** Who chooses a virtual sport by name wants to see it. */
export function showsVirtual({ sports, virtual }: Pick<Chosen, 'sports' | 'virtual'>): boolean {
  return virtual || sports.some((sport) => sport.startsWith('Virtual'));
}

/** Whether everything is drawn that is drawn when nobody chooses. */
export function isEverything(chosen: Chosen): boolean {
  return filterQuery(chosen) === '';
}

/** What is wrong with a gradient as typed, in words; null when it can be used. */
export function faultOfGradient(text: string): string | null {
  try {
    parseGradient(text);
    return null;
  } catch (error) {
    if (error instanceof InvalidGradient) return GRADIENT_FAULTS[error.fault](...error.parts);
    throw error;
  }
}

function filterParameters(chosen: Chosen): Record<string, string> {
  const { sports, from, to, commute, virtual, visibility } = chosen;
  return {
    ...(sports.length > 0 && { sport: [...sports].sort().join(',') }),
    ...(from !== null && { from }),
    ...(to !== null && { to }),
    ...(commute !== null && { commute: String(commute) }),
    ...(virtual && { virtual: 'true' }),
    ...(visibility !== null && { visibility }),
  };
}

function parsePlace(text: string | null): Place | null {
  const parts = text?.split('/') ?? [];
  const [zoom, lat, lng] = parts.map(Number);
  if (parts.length !== 3 || parts.includes('') || ![zoom, lat, lng].every(Number.isFinite)) return null;
  if (zoom < 0 || zoom > MAX_MAP_ZOOM || Math.abs(lat) > 90 || Math.abs(lng) > 180) return null;
  return { zoom, lat, lng };
}

/** As many decimals as a pixel at that zoom is worth. */
function formatPlace({ zoom, lat, lng }: Place): string {
  const decimals = Math.max(0, Math.ceil(Math.log10((512 * 2 ** zoom) / 360)));
  return [zoom.toFixed(2), lat.toFixed(decimals), lng.toFixed(decimals)].map(Number).join('/');
}

function parseSports(text: string | null): string[] {
  const sports = (text ?? '').split(',').filter((sport) => /^[A-Za-z]\w{0,39}$/.test(sport));
  return [...new Set(sports)].sort();
}

/** A day that exists, or null. */
export function parseDay(text: string | null): string | null {
  if (text === null || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text) ? text : null;
}

function parseOwnGradient(text: string | null): string | null {
  return text !== null && faultOfGradient(text) === null ? text : null;
}

function parseNumber(text: string | null, least: number, most: number, fallback: number): number {
  const value = text ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : fallback;
}

/** Slashes, colons, commas and semicolons may stand in a query as they are. */
function readable(value: string): string {
  return encodeURIComponent(value).replace(/%(2F|3A|2C|3B)/g, decodeURIComponent);
}
