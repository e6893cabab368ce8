import type { ComponentChildren } from 'preact';
import type { MutableRef } from 'preact/hooks';
import type { Shared } from '../api/shared.ts';
import type { Change } from '../hooks/use-view-state.ts';
import { Dates } from '../panel/dates.tsx';
import { Kinds } from '../panel/kinds.tsx';
import { Sports } from '../panel/sports.tsx';
import { Icon, Mark } from '../parts/icon.tsx';
import type { ViewState } from '../state.ts';
import { SHARED } from '../words/shared.ts';

interface SharedPanelProps {
  shared: Shared;
  state: ViewState;
  change: Change;
  /** Under all other choices. */
  sportCounts: readonly { sport: string; count: number }[];
  /** The timeline, where it has no place of its own. */
  timeline: ComponentChildren;
  isOpen: boolean;
  onOpen(isOpen: boolean): void;
  /** Inside a page of another site. */
  isFramed: boolean;
  box: MutableRef<HTMLElement | null>;
}

/** What a shared map is called, and what visitors may choose on it: nothing of its owner's. */
export function SharedPanel(props: SharedPanelProps) {
  const { shared, isFramed, box, isOpen, onOpen } = props;
  const { name, viewerFilters, sports } = shared;
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
            class="icon-button panel-toggle"
            aria-expanded={isOpen}
            aria-controls="shared-choices"
            aria-label={label}
            title={label}
            onClick={() => onOpen(!isOpen)}
          >
            <Icon name={isOpen ? 'up' : 'sliders'} />
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

function Choices({ shared, state, change, sportCounts, timeline }: SharedPanelProps) {
  return (
    <>
      {shared.sports.length > 1 && <Sports {...{ sportCounts, state, change }} />}
      <Dates state={state} change={change}>
        {timeline}
      </Dates>
      <Kinds
        state={{ ...state, virtual: false }}
        change={change}
        kinds={new Set(shared.commutes ? ['commute'] : [])}
      />
    </>
  );
}
