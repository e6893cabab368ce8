import { useState } from 'preact/hooks';
import { formatShort } from '../numbers.ts';
import { sportName, WORDS } from '../words.ts';
import { Chip, Part } from './choices.tsx';
import type { PartProps } from './panel.tsx';

/** As many as fit on a few lines; the rest is asked for. */
const FIRST = 7;

/** Which sports are drawn; none chosen stands for all. */
export function Sports({ me, state, change }: PartProps) {
  const [showsAll, setShowsAll] = useState(false);
  const { sports } = state;
  const known = me.sports.map(({ sport }) => sport);
  // a link may name sports that this athlete has not done
  const all = [
    ...me.sports,
    ...sports.filter((sport) => !known.includes(sport)).map((sport) => ({ sport, count: 0 })),
  ];
  const shown =
    showsAll || all.length <= FIRST + 1
      ? all
      : all.filter(({ sport }, at) => at < FIRST || sports.includes(sport));
  const hidden = all.length - shown.length;

  const toggle = (sport: string) => {
    const chosen = sports.includes(sport) ? sports.filter((one) => one !== sport) : [...sports, sport].sort();
    change({ sports: known.length > 1 && known.every((one) => chosen.includes(one)) ? [] : chosen });
  };

  return (
    <Part title={WORDS.sports}>
      <div class="chips">
        <Chip label={WORDS.allSports} isOn={sports.length === 0} onClick={() => change({ sports: [] })} />
        {shown.map(({ sport, count }) => (
          <Chip
            key={sport}
            label={sportName(sport)}
            count={formatShort(count)}
            isOn={sports.includes(sport)}
            onClick={() => toggle(sport)}
          />
        ))}
        {all.length > FIRST + 1 && (
          <button
            type="button"
            class="chip is-more"
            aria-expanded={showsAll}
            onClick={() => setShowsAll(!showsAll)}
          >
            {showsAll ? WORDS.fewerSports : WORDS.moreSports(hidden)}
          </button>
        )}
      </div>
    </Part>
  );
}
