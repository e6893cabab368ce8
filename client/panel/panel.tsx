import type { ComponentChildren } from 'preact';
import type { MutableRef } from 'preact/hooks';
import type { Me, Viewer } from '../api.ts';
import type { Kind, Totals } from '../calendar.ts';
import type { DialogName } from '../dialogs/table.ts';
import type { Picked } from '../drop.ts';
import { usePreferences } from '../hooks/use-preferences.ts';
import type { Sample } from '../hooks/use-sample.ts';
import type { Change } from '../hooks/use-view-state.ts';
import type { Ground } from '../map/contract.ts';
import { formatCount, formatDistance } from '../numbers.ts';
import { FileButton } from '../parts/file-button.tsx';
import { Icon, Mark } from '../parts/icon.tsx';
import { EVERYTHING, isEverything, type ViewState } from '../state.ts';
import { WORDS } from '../words.ts';
import { BaseMap } from './base-map.tsx';
import { Colours } from './colours.tsx';
import { Dates } from './dates.tsx';
import { Kinds } from './kinds.tsx';
import { Light } from './light.tsx';
import { PageMenu } from './page-menu.tsx';
import { Seen } from './seen.tsx';
import { Sports } from './sports.tsx';

/** What each part of the panel is given. */
export interface PartProps {
  viewer: Viewer;
  state: ViewState;
  change: Change;
  /** What the colours lie on. */
  ground: Ground;
  /** Under all other choices. */
  sportCounts: readonly { sport: string; count: number }[];
  /** Of which there are activities. */
  kinds: ReadonlySet<Kind>;
  /** Of what is drawn, to show palettes in. */
  sample: Sample | null;
  /** Visits drawn hottest in view, without any light of one's own. */
  hot: number;
}

interface PanelProps extends PartProps {
  me: Me;
  /** Of what is chosen; null: not known yet. */
  totals: Totals | null;
  isOpen: boolean;
  box: MutableRef<HTMLElement | null>;
  /** The timeline, where it has no place of its own. */
  timeline: ComponentChildren;
  onOpen(isOpen: boolean): void;
  onFiles(files: Picked[]): void;
  onSignOut(): void;
  onDialog(name: DialogName): void;
}

/** All there is to choose: beside the map, or on a phone in a sheet below it. */
export function Panel(props: PanelProps) {
  const { me, state, isOpen, box, timeline, onOpen, onFiles, onSignOut, onDialog } = props;
  const isEmpty = me.activities === 0;
  const toggleLabel = isOpen ? WORDS.closePanel : WORDS.openPanel;

  return (
    <section ref={box} class={isOpen ? 'panel is-open' : 'panel'} aria-label={WORDS.panel}>
      <header class="panel-head">
        <Mark />
        <div class="panel-title">
          {(isEmpty || isEverything(state)) && <strong>{WORDS.title}</strong>}
          {!isEmpty && <Summary {...props} />}
        </div>
        <PageMenu isEmpty={isEmpty} onDialog={onDialog} onSignOut={onSignOut} />
        {!isEmpty && (
          <button
            type="button"
            class="icon-button panel-toggle"
            aria-expanded={isOpen}
            aria-controls="panel-body"
            aria-label={toggleLabel}
            title={toggleLabel}
            onClick={() => onOpen(!isOpen)}
          >
            <Icon name={isOpen ? 'up' : 'sliders'} />
          </button>
        )}
      </header>
      <div id="panel-body" class="panel-body" hidden={!isOpen}>
        <Sports {...props} />
        <Dates {...props}>{timeline}</Dates>
        <Kinds {...props} />
        <Seen {...props} />
        <Colours {...props} />
        <Light {...props} />
        <BaseMap {...props} />
      </div>
      <footer class="panel-foot" hidden={!isOpen}>
        <FileButton class="secondary" label={WORDS.addFiles} onFiles={onFiles} />
        <FileButton class="secondary" label={WORDS.addFolder} isFolder isSmall onFiles={onFiles} />
      </footer>
    </section>
  );
}

/**
 * How many activities are on the map, and how far they went; of how many, where some were chosen. That takes the place of
 * the title: were it a line more, everything below would move away from under the hand that chooses.
 */
function Summary({ me, totals, state, change }: Pick<PanelProps, 'me' | 'totals' | 'state' | 'change'>) {
  const { units } = usePreferences();
  const { activities, distance } = totals ?? me;
  return (
    <>
      <span>
        {WORDS.summary(
          formatCount(activities),
          WORDS.activities(activities),
          formatDistance(distance, units),
        )}
      </span>
      {!isEverything(state) && (
        <p class="panel-filter">
          {WORDS.ofAll(formatCount(me.activities), WORDS.activities(me.activities))}
          <button type="button" class="link" onClick={() => change(EVERYTHING)}>
            {WORDS.clear}
          </button>
        </p>
      )}
    </>
  );
}
