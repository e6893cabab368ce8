import { type MutableRef, useState } from 'preact/hooks';
import type { Shared } from '../api/shared.ts';
import type { Change } from '../hooks/use-view-state.ts';
import { Chip, Part } from '../panel/choices.tsx';
import { Dates } from '../panel/dates.tsx';
import { Kinds } from '../panel/kinds.tsx';
import { Icon, Mark } from '../parts/icon.tsx';
import { toggled } from '../sports.ts';
import type { ViewState } from '../state.ts';
import { SHARED } from '../words/shared.ts';
import { sportName, WORDS } from '../words.ts';

interface SharedPanelProps {
  shared: Shared;
  state: ViewState;
  change: Change;
  /** Inside a page of another site. */
  isFramed: boolean;
  box: MutableRef<HTMLElement | null>;
}

/** What a shared map is called, and what visitors may choose on it: nothing of its owner's. */
export function SharedPanel(props: SharedPanelProps) {
  const { shared, isFramed, box } = props;
  const { name, viewerFilters, sports } = shared;
  const [isOpen, setOpen] = useState(false);
  const hasChoices = viewerFilters && sports.length > 0;
  const label = isOpen ? SHARED.hideFilters : SHARED.showFilters;
  return (
    <section
      ref={box}
      class={isOpen ? 'panel is-open is-shared' : 'panel is-shared'}
      aria-label={SHARED.panel}
    >
      <header class="panel-head">
        <Mark />
        <h1 class="shared-title">
          {isFramed ? (
            <a href={location.href} target="_blank" rel="noreferrer" title={SHARED.open(name)}>
              {name}
            </a>
          ) : (
            name
          )}
        </h1>
        {hasChoices && (
          <button
            type="button"
            class="icon-button"
            aria-expanded={isOpen}
            aria-controls="shared-choices"
            aria-label={label}
            title={label}
            onClick={() => setOpen(!isOpen)}
          >
            <Icon name="sliders" />
          </button>
        )}
      </header>
      {hasChoices && (
        <div id="shared-choices" class="panel-body" hidden={!isOpen}>
          <Choices {...props} />
        </div>
      )}
    </section>
  );
}

function Choices({ shared, state, change }: SharedPanelProps) {
  const { sports } = state;
  const toggle = (sport: string) => change({ sports: toggled(sports, [sport], shared.sports) });
  return (
    <>
      {shared.sports.length > 1 && (
        <Part title={WORDS.sports}>
          <div class="chips">
            <Chip label={WORDS.allSports} isOn={sports.length === 0} onClick={() => change({ sports: [] })} />
            {shared.sports.map((sport) => (
              <Chip
                key={sport}
                label={sportName(sport)}
                isOn={sports.includes(sport)}
                onClick={() => toggle(sport)}
              />
            ))}
          </div>
        </Part>
      )}
      <Dates state={state} change={change} />
      <Kinds
        state={{ ...state, virtual: false }}
        change={change}
        kinds={new Set(shared.commutes ? ['commute'] : [])}
      />
    </>
  );
}
