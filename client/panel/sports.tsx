import { grouped } from '../../server/heat/by-sport.ts';
import { formatShort } from '../numbers.ts';
import { toggled } from '../sports.ts';
import { sportName, WORDS } from '../words.ts';
import { Chip, Part } from './choices.tsx';
import type { PartProps } from './panel.tsx';

/** Which sports are drawn, by group, and one by one where a group is chosen; none chosen stands for all. */
export function Sports({ sportCounts, state, change }: Pick<PartProps, 'sportCounts' | 'state' | 'change'>) {
  const { sports } = state;
  const known = sportCounts.map(({ sport }) => sport);
  // a link may name sports that this athlete has not done
  const strange = sports.filter((sport) => !known.includes(sport)).map((sport) => ({ sport, count: 0 }));
  const groups = grouped([...sportCounts, ...strange]);
  const toggle = (some: string[]) => change({ sports: toggled(sports, some, known) });

  return (
    <Part title={WORDS.sports}>
      <div class="chips">
        <Chip label={WORDS.allSports} isOn={sports.length === 0} onClick={() => change({ sports: [] })} />
        {groups.map(({ group, count, sports: members }) => {
          const names = members.map(({ sport }) => sport);
          const on = names.filter((sport) => sports.includes(sport)).length;
          return (
            <Chip
              key={group}
              label={names.length === 1 ? sportName(names[0]) : WORDS.groups[group]}
              count={formatShort(count)}
              isOn={on === names.length ? true : on > 0 ? 'mixed' : false}
              onClick={() => toggle(names)}
            />
          );
        })}
      </div>
      {groups
        .filter(({ sports: all }) => all.length > 1 && all.some(({ sport }) => sports.includes(sport)))
        .map(({ group, sports: members }) => (
          // biome-ignore lint/a11y/useSemanticElements: buttons in a row are no fieldset
          <div key={group} class="chips is-inner" role="group" aria-label={WORDS.groups[group]}>
            {members.map(({ sport, count }) => (
              <Chip
                key={sport}
                label={sportName(sport)}
                count={formatShort(count)}
                isOn={sports.includes(sport)}
                onClick={() => toggle([sport])}
              />
            ))}
          </div>
        ))}
    </Part>
  );
}
