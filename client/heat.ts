/** From what is chosen to what is drawn. */
import { type GradientStop, PALETTES, PALETTES_ON_LIGHT, parseGradient } from '../server/heat/gradient.ts';
import type { Drawn } from './api.ts';
import type { Ground, Heat } from './map/contract.ts';
import type { Group, Grouped } from './sports.ts';
import { type Chosen, filterQuery, type Look } from './state.ts';
import { WORDS } from './words.ts';

/** One colour for each group, from a single pass to many; told apart by lightness too, not by hue alone. */
export const SPORT_COLOURS: Record<Ground, Record<Group, GradientStop[]>> = {
  dark: {
    rides: shades('#d9661f', '#ff9a4a', '#ffe0bd'),
    runs: shades('#1c9fc4', '#4fd0ee', '#d5f6ff'),
    walks: shades('#4f9e3a', '#8ad66b', '#e2fbd3'),
    water: shades('#4a6ff0', '#7f9dff', '#dde6ff'),
    winter: shades('#8f86c9', '#c3bcf2', '#f4f1ff'),
    others: shades('#c2479b', '#f07cc6', '#ffdcf1'),
  },
  light: {
    rides: shades('#e8772e', '#bf4d0c', '#6b2500'),
    runs: shades('#1593b8', '#0a6a8c', '#033549'),
    walks: shades('#55a03f', '#2f7a22', '#123c0b'),
    water: shades('#5b78e6', '#3450c0', '#14236b'),
    winter: shades('#8a7ccb', '#5d4fa5', '#2a2163'),
    others: shades('#cc529f', '#9c2a75', '#500f3a'),
  },
};

function shades(...colours: string[]): GradientStop[] {
  return colours.map((colour) => ({ colour }));
}

/** The stops of a look on a dark or light map. A gradient of one's own is known to be readable. */
export function stopsOf(
  { color, gradient }: Pick<Look, 'color' | 'gradient'>,
  ground: Ground,
): GradientStop[] {
  if (gradient !== null) return parseGradient(gradient);
  return (ground === 'light' ? PALETTES_ON_LIGHT : PALETTES)[color];
}

/** The groups that are drawn in colours of their own, those with most activities lowest. */
export function layeredGroups(
  groups: readonly Grouped[],
  chosen: Chosen,
): { group: Group; sports: string[] }[] {
  return groups
    .map(({ group, count, sports }) => ({
      group,
      count,
      sports: sports
        .map(({ sport }) => sport)
        .filter((sport) => chosen.sports.length === 0 || chosen.sports.includes(sport)),
    }))
    .filter(({ sports }) => sports.length > 0)
    .sort((a, b) => b.count - a.count)
    .map(({ group, sports }) => ({ group, sports }));
}

interface HeatParts {
  state: Chosen & Look;
  groups: readonly Grouped[];
  drawn: Pick<Drawn, 'exposure' | 'fromStrava'> & Pick<Heat, 'tiles'>;
  ground: Ground;
  revision: string;
}

/** By sport all share one exposure, that of all together: as bright is as often, whatever the sport. */
export function heatOf({ state, groups, drawn, ground, revision }: HeatParts): Heat {
  const { light, opacity, bySport } = state;
  const { exposure, tiles, fromStrava } = drawn;
  const credit = fromStrava ? WORDS.strava.powered : null;
  const shared = { light, opacity, tiles, revision, credit };
  if (!bySport)
    return { layers: [{ query: filterQuery(state), stops: stopsOf(state, ground), exposure }], ...shared };
  const layers = layeredGroups(groups, state).map(({ group, sports }) => ({
    query: filterQuery({ ...state, sports }),
    stops: SPORT_COLOURS[ground][group],
    exposure,
  }));
  return { layers, ...shared };
}
