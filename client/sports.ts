/** Sports, as a person chooses among them. */

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
