/** Sports in groups, as a person chooses among them. */

export const GROUPS = ['rides', 'runs', 'walks', 'water', 'winter', 'others'] as const;
export type Group = (typeof GROUPS)[number];

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

export interface Grouped {
  group: Group;
  /** Most first. */
  sports: { sport: string; count: number }[];
  count: number;
}

/** Groups that have any of these sports, in their fixed order. */
export function grouped(sports: readonly { sport: string; count: number }[]): Grouped[] {
  return GROUPS.map((group) => {
    const members = sports.filter(({ sport }) => groupOf(sport) === group);
    return {
      group,
      sports: members.toSorted((a, b) => b.count - a.count),
      count: members.reduce((sum, { count }) => sum + count, 0),
    };
  }).filter(({ sports: members }) => members.length > 0);
}

/** Chooses or leaves some sports of those that there are; all of them stand for no choice. */
export function toggled(
  chosen: readonly string[],
  some: readonly string[],
  all: readonly string[],
): string[] {
  const isOn = some.every((sport) => chosen.includes(sport));
  const next = isOn
    ? chosen.filter((sport) => !some.includes(sport))
    : [...new Set([...chosen, ...some])].sort();
  return all.length > 1 && all.every((sport) => next.includes(sport)) ? [] : next;
}
