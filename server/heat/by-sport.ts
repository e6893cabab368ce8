/** Heat coloured by sport: which sports go together, in which colours, and what lies over what. */
import type { GradientStop, Ground } from './gradient.ts';

export const GROUPS = ['rides', 'runs', 'walks', 'water', 'winter', 'others'] as const;
export type Group = (typeof GROUPS)[number];

export const GROUP_NAMES: Record<Group, string> = {
  rides: 'Rides',
  runs: 'Runs',
  walks: 'Walks & hikes',
  water: 'Water',
  winter: 'Winter',
  others: 'Other',
};

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

const MEMBERS: [Group, RegExp][] = [
  ['winter', /Ski$|^Snow|^IceSkate$/],
  ['rides', /Ride$|^Handcycle$|^Velomobile$/],
  ['runs', /Run$/],
  ['walks', /^(Walk|Hike|Wheelchair)$/],
  ['water', /^(Swim|Rowing|VirtualRow|Canoeing|Kayaking|StandUpPaddling|Sail)$|[sS]urf(ing)?$/],
];

/** Sports on wheels, though their names end as those on snow do. */
const ROLLING = 'RollerSki';

export function groupOf(sport: string): Group {
  if (sport === ROLLING) return 'others';
  return MEMBERS.find(([, pattern]) => pattern.test(sport))?.[0] ?? 'others';
}

/** A sport, and how many activities of it there are. */
export interface SportCount {
  sport: string;
  count: number;
}

export interface Grouped {
  group: Group;
  /** Most first. */
  sports: SportCount[];
  count: number;
}

/** Groups that have any of these sports, in their fixed order. */
export function grouped(sports: readonly SportCount[]): Grouped[] {
  return GROUPS.map((group) => {
    const members = sports.filter(({ sport }) => groupOf(sport) === group);
    return {
      group,
      sports: members.toSorted((a, b) => b.count - a.count),
      count: members.reduce((sum, { count }) => sum + count, 0),
    };
  }).filter(({ sports: members }) => members.length > 0);
}

/** A group that is drawn in colours of its own, and the sports of it that are drawn. */
export interface SportLayer {
  group: Group;
  sports: string[];
}

/**
 * The layers that show the chosen ones of these sports (null: all), lowest first: that is the group with most activities,
 * chosen or not, so that it hides none of the others and stays where it is whatever is chosen.
 */
export function layersBySport(sports: readonly SportCount[], chosen: readonly string[] | null): SportLayer[] {
  return grouped(sports)
    .sort((a, b) => b.count - a.count)
    .map(({ group, sports: members }) => ({
      group,
      sports: members.map(({ sport }) => sport).filter((sport) => chosen?.includes(sport) ?? true),
    }))
    .filter(({ sports: shown }) => shown.length > 0);
}

/** Sports of which only the order is told, most first: each weighs more than all after it. */
export function inOrder(sports: readonly string[]): SportCount[] {
  return sports.map((sport, at) => ({ sport, count: 2 ** -at }));
}
