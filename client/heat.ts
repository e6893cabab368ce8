/** From what is chosen to what is drawn. */
import {
  type Group,
  layersBySport,
  SPORT_COLOURS,
  type SportCount,
  type SportLayer,
} from '../server/heat/by-sport.ts';
import { type GradientStop, type Ground, palettesOn, parseGradient } from '../server/heat/gradient.ts';
import type { Calendar, Drawn } from './api.ts';
import { drawnSports } from './calendar.ts';
import type { Heat } from './map/contract.ts';
import { type Chosen, filterQuery, type Look } from './state.ts';
import { WORDS } from './words.ts';

/** The stops of a look on a dark or light map. A gradient of one's own is known to be readable. */
export function stopsOf(
  { color, gradient }: Pick<Look, 'color' | 'gradient'>,
  ground: Ground,
): GradientStop[] {
  if (gradient !== null) return parseGradient(gradient);
  return palettesOn(ground)[color];
}

/** Whether the colours say by themselves how many visits each is: brightness changes nothing then. */
export function isPinned({ gradient, bySport }: Pick<Look, 'gradient' | 'bySport'>): boolean {
  return !bySport && gradient !== null && parseGradient(gradient).every(({ visits }) => visits !== undefined);
}

/** The groups that are drawn in colours of their own, lowest first. */
export function chosenLayers(
  counts: readonly SportCount[],
  { sports }: Pick<Chosen, 'sports'>,
): SportLayer[] {
  return layersBySport(counts, sports.length > 0 ? sports : null);
}

/** Those of them that have anything to show under all of a choice; all, while the calendar is not known. */
export function drawnGroups(
  counts: readonly SportCount[],
  chosen: Chosen,
  calendar: Calendar | null,
): Group[] {
  const drawn = calendar && drawnSports(calendar, chosen);
  return chosenLayers(counts, chosen)
    .filter(({ sports }) => drawn === null || sports.some((sport) => drawn.has(sport)))
    .map(({ group }) => group);
}

interface HeatParts {
  state: Chosen & Look;
  /** With how many activities each has. */
  sports: readonly SportCount[];
  drawn: Pick<Drawn, 'exposure' | 'fromStrava'> & Pick<Heat, 'tiles'>;
  ground: Ground;
  revision: string;
}

/** By sport all share one exposure, that of all together: as bright is as often, whatever the sport. */
export function heatOf({ state, sports: counts, drawn, ground, revision }: HeatParts): Heat {
  const { light, opacity, bySport } = state;
  const { exposure, tiles, fromStrava } = drawn;
  const credit = fromStrava ? WORDS.strava.powered : null;
  const shared = { light, opacity, tiles, revision, credit };
  if (!bySport)
    return { layers: [{ query: filterQuery(state), stops: stopsOf(state, ground), exposure }], ...shared };
  const layers = chosenLayers(counts, state).map(({ group, sports }) => ({
    query: filterQuery(state, sports),
    stops: SPORT_COLOURS[ground][group],
    exposure,
  }));
  return { layers, ...shared };
}
