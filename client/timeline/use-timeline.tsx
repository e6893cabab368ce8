import type { VNode } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Months } from '../calendar.ts';
import type { Days } from '../dates.ts';
import type { Playing } from '../hooks/use-play.ts';
import type { Change } from '../hooks/use-view-state.ts';
import { Dock, useDockChoices } from './dock.tsx';
import { frameAfter, framesOf } from './frames.ts';
import { wholeSpan } from './timeline.tsx';

interface TimelineOptions {
  /** null: not known yet, or nothing has a day. */
  months: Months | null;
  chosen: Days;
  playing: Playing;
  change: Change;
  /** What else speaks of what is shown is no longer true. */
  onPlay?(): void;
}

/** The timeline and what plays it; null where there is no time to choose from. */
export function useTimeline({ months, chosen, playing, change, onPlay }: TimelineOptions): VNode | null {
  const choices = useDockChoices();
  /** The months that were played last, and where they were stopped. */
  const stopped = useRef<{ frames: Days[]; mode: string } | null>(null);
  const isStill = useMemo(() => matchMedia('(prefers-reduced-motion: reduce)').matches, []);
  useEffect(() => playing.setPace({ speed: choices.speed, isStill }), [choices.speed, isStill]);
  if (!months || months.counts.length < 2) return null;

  const play = () => {
    const before = stopped.current;
    const goesOn =
      before !== null && before.mode === choices.mode && before.frames.some(({ to }) => to === chosen.to);
    const frames = goesOn ? before.frames : framesOf(wholeSpan(chosen, months), choices.mode, isStill);
    stopped.current = { frames, mode: choices.mode };
    onPlay?.();
    playing.play(frames, goesOn ? frameAfter(frames, chosen, months) : 0);
  };
  const pause = () => {
    const { frame } = playing;
    playing.stop();
    if (frame) change(frame);
  };
  return (
    <Dock
      {...choices}
      months={months}
      chosen={chosen}
      playing={playing}
      onPlay={play}
      onPause={pause}
      onDays={(days, how) => {
        stopped.current = null;
        playing.stop();
        change(days, how);
      }}
    />
  );
}
