import { useEffect, useRef, useState } from 'preact/hooks';
import type { Me } from '../api.ts';
import type { Picked } from '../drop.ts';
import type { Room } from '../map/world-map.ts';
import { formatCount, formatDistance } from '../numbers.ts';
import { FileButton } from '../parts/file-button.tsx';
import { Icon, Mark } from '../parts/icon.tsx';
import type { ViewState } from '../state.ts';
import { WORDS } from '../words.ts';
import { Colours } from './colours.tsx';
import { Commutes } from './commutes.tsx';
import { Dates } from './dates.tsx';
import { Light } from './light.tsx';
import { Sports } from './sports.tsx';

/** What each part of the panel is given. */
export interface PartProps {
  me: Me;
  state: ViewState;
  change(part: Partial<ViewState>): void;
}

interface PanelProps extends PartProps {
  hasMap: boolean;
  onFiles(files: Picked[]): void;
  onSignOut(): void;
  /** The panel covers this much of the map, from now on. */
  onRoom(room: Room, glide: boolean): void;
}

/** Where the panel is a sheet at the bottom. */
const PHONE = '(max-width: 640px)';

/** All there is to choose: beside the map, or on a phone in a sheet below it. */
export function Panel(props: PanelProps) {
  const { me, onFiles, onSignOut } = props;
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
          {!isEmpty && <span>{summaryOf(me)}</span>}
        </div>
        {isEmpty ? (
          <SignOutButton onSignOut={onSignOut} />
        ) : (
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
      </div>
      <footer class="panel-foot" hidden={!isOpen}>
        <FileButton class="secondary" label={WORDS.addFiles} onFiles={onFiles} />
        <SignOutButton onSignOut={onSignOut} />
      </footer>
    </section>
  );
}

function SignOutButton({ onSignOut }: Pick<PanelProps, 'onSignOut'>) {
  return (
    <button type="button" class="quiet" onClick={onSignOut}>
      <Icon name="leave" />
      {WORDS.signOut}
    </button>
  );
}

function summaryOf({ activities, distance }: Me): string {
  return WORDS.summary(formatCount(activities), WORDS.activities(activities), formatDistance(distance));
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
