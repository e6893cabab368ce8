import { useEffect, useRef, useState } from 'preact/hooks';
import type { Months } from '../calendar.ts';
import type { Days } from '../dates.ts';
import type { Playing } from '../hooks/use-play.ts';
import type { Remembered } from '../hooks/use-view-state.ts';
import { Icon } from '../parts/icon.tsx';
import { WORDS } from '../words.ts';
import type { PlayMode } from './frames.ts';
import { rangeName, Timeline } from './timeline.tsx';

export interface DockProps {
  months: Months;
  chosen: Days;
  playing: Playing;
  mode: PlayMode;
  speed: number;
  onMode(mode: PlayMode): void;
  onSpeed(speed: number): void;
  onPlay(): void;
  onPause(): void;
  onDays(days: Days, how: Remembered): void;
}

const SPEEDS = [1, 2, 4];

/** What has a use for the space bar itself. */
const TAKES_SPACE = 'a, button, input, select, summary, textarea, [role=slider], dialog';

/** Calls back when the space bar is pressed, wherever nothing else has a use for it; answers how to end that. */
function onSpace(act: () => void): () => void {
  const listen = (event: KeyboardEvent) => {
    const { key, target, defaultPrevented, repeat } = event;
    if (key !== ' ' || defaultPrevented || repeat || document.querySelector('dialog[open]')) return;
    if (target instanceof Element && target.closest(TAKES_SPACE)) return;
    event.preventDefault();
    act();
  };
  addEventListener('keydown', listen);
  return () => removeEventListener('keydown', listen);
}

/** The timeline, and what plays it. */
export function Dock(props: DockProps) {
  const { months, chosen, playing, mode, speed, onMode, onSpeed, onPlay, onPause, onDays } = props;
  const isPlaying = playing.frame !== null;
  const shown = playing.frame ?? chosen;
  const label = isPlaying ? WORDS.pause : WORDS.play;
  const turn = isPlaying ? onPause : onPlay;
  const latest = useRef(turn);
  latest.current = turn;
  useEffect(() => onSpace(() => latest.current()), []);
  return (
    <>
      <div class="dock-play">
        <button type="button" class="play" aria-label={label} title={label} onClick={turn}>
          <Icon name={isPlaying ? 'pause' : 'play'} />
        </button>
        <div class="dock-words">
          <strong aria-live={isPlaying ? 'off' : 'polite'}>{rangeName(shown, months)}</strong>
          <div class="dock-choices">
            <button
              type="button"
              class="link"
              aria-label={`${WORDS.playMode}: ${WORDS.playing[mode]}`}
              onClick={() => onMode(mode === 'growing' ? 'year' : 'growing')}
            >
              {WORDS.playing[mode]}
            </button>
            <button
              type="button"
              class="link"
              aria-label={`${WORDS.speed}: ${WORDS.times(speed)}`}
              onClick={() => onSpeed(SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length])}
            >
              {WORDS.times(speed)}
            </button>
          </div>
        </div>
      </div>
      <Timeline months={months} chosen={shown} onDays={onDays} />
    </>
  );
}

/** What the dock remembers of itself. */
export function useDockChoices() {
  const [mode, setMode] = useState<PlayMode>('growing');
  const [speed, setSpeed] = useState(SPEEDS[0]);
  return { mode, speed, onMode: setMode, onSpeed: setSpeed };
}
