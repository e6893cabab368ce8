import { useEffect, useRef, useState } from 'preact/hooks';
import type { Me, Viewer } from '../api.ts';
import type { DialogName } from '../dialogs/dialogs.tsx';
import type { Picked } from '../drop.ts';
import { type Units, usePreferences } from '../hooks/use-preferences.ts';
import type { Change } from '../hooks/use-view-state.ts';
import type { Ground, Room } from '../map/contract.ts';
import { formatCount, formatDistance } from '../numbers.ts';
import { FileButton } from '../parts/file-button.tsx';
import { Icon, Mark } from '../parts/icon.tsx';
import type { ViewState } from '../state.ts';
import { WORDS } from '../words.ts';
import { BaseMap } from './base-map.tsx';
import { Colours } from './colours.tsx';
import { Commutes } from './commutes.tsx';
import { Dates } from './dates.tsx';
import { Light } from './light.tsx';
import { PageMenu } from './page-menu.tsx';
import { Sports } from './sports.tsx';

/** What each part of the panel is given. */
export interface PartProps {
  viewer: Viewer;
  me: Me;
  state: ViewState;
  change: Change;
  /** What the colours lie on. */
  ground: Ground;
}

interface PanelProps extends PartProps {
  hasMap: boolean;
  onFiles(files: Picked[]): void;
  onSignOut(): void;
  onDialog(name: DialogName): void;
  /** The panel covers this much of the map, from now on. */
  onRoom(room: Room, glide: boolean): void;
}

/** Where the panel is a sheet at the bottom. */
const PHONE = '(max-width: 640px)';

/** All there is to choose: beside the map, or on a phone in a sheet below it. */
export function Panel(props: PanelProps) {
  const { me, onFiles, onSignOut, onDialog } = props;
  const { units } = usePreferences();
  const [wanted, setWanted] = useState<boolean | null>(null);
  const isEmpty = me.activities === 0;
  const isOpen = !isEmpty && (wanted ?? !matchMedia(PHONE).matches);
  const panel = useRef<HTMLElement>(null);
  useRoom(panel, isOpen, props);

  return (
    <section ref={panel} class={isOpen ? 'panel is-open' : 'panel'} aria-label={WORDS.panel}>
      <header class="panel-head">
        <Mark />
        <div class="panel-title">
          <strong>{WORDS.title}</strong>
          {!isEmpty && <span>{summaryOf(me, units)}</span>}
        </div>
        <PageMenu onDialog={onDialog} onSignOut={onSignOut} />
        {!isEmpty && (
          <button
            type="button"
            class="icon-button panel-toggle"
            aria-expanded={isOpen}
            aria-controls="panel-body"
            aria-label={isOpen ? WORDS.closePanel : WORDS.openPanel}
            title={isOpen ? WORDS.closePanel : WORDS.openPanel}
            onClick={() => setWanted(!isOpen)}
          >
            <Icon name={isOpen ? 'up' : 'sliders'} />
          </button>
        )}
      </header>
      <div id="panel-body" class="panel-body" hidden={!isOpen}>
        <Sports {...props} />
        <Dates {...props} />
        <Commutes {...props} />
        <Colours {...props} />
        <Light {...props} />
        <BaseMap {...props} />
      </div>
      <footer class="panel-foot" hidden={!isOpen}>
        <FileButton class="secondary" label={WORDS.addFiles} onFiles={onFiles} />
      </footer>
    </section>
  );
}

function summaryOf({ activities, distance }: Me, units: Units): string {
  return WORDS.summary(
    formatCount(activities),
    WORDS.activities(activities),
    formatDistance(distance, units),
  );
}

/** Tells how much of the map the panel covers, and keeps what lies at its edges clear of it. */
function useRoom(
  panel: { current: HTMLElement | null },
  isOpen: boolean,
  { onRoom, hasMap }: Pick<PanelProps, 'onRoom' | 'hasMap'>,
) {
  const tell = useRef(onRoom);
  tell.current = onRoom;
  const isFirst = useRef(true);

  useEffect(() => {
    const element = panel.current;
    if (!element || !hasMap) return;
    let before = '';
    const measure = () => {
      const { width, height } = element.getBoundingClientRect();
      const isSheet = matchMedia(PHONE).matches;
      const room = {
        left: isSheet || !isOpen ? 0 : Math.round(width) + 16,
        bottom: isSheet ? Math.round(height) : 0,
      };
      const text = JSON.stringify(room);
      if (text === before) return;
      before = text;
      document.documentElement.style.setProperty('--room-left', `${room.left}px`);
      document.documentElement.style.setProperty('--room-bottom', `${room.bottom}px`);
      tell.current(room, !isFirst.current);
      isFirst.current = false;
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    observer.observe(document.documentElement);
    return () => observer.disconnect();
  }, [panel, isOpen, hasMap]);
}
