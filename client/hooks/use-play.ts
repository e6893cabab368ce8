import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Days } from '../dates.ts';
import type { Heat, WorldMap } from '../map/contract.ts';

/** How long a frame is seen at speed 1. */
const FRAME_MS = 450;
/** The next frame fades in over at most this part of the time that one is seen. */
const FADE_SHARE = 0.45;
/** So many frames are asked for before they are shown. */
const AHEAD = 3;
/** For those who want no motion a frame is a picture to be looked at, and follows without a fade. */
const STILL_MS = 1500;

export interface PlayOptions {
  map: WorldMap | null;
  /** The heat of some days. */
  heatOf(days: Days): Heat | null;
}

export interface Pace {
  speed: number;
  /** For those who want no motion. */
  isStill: boolean;
}

export interface Playing {
  /** The days that are shown now; null: nothing is played. */
  frame: Days | null;
  play(frames: readonly Days[], from: number): void;
  /** Holds from the next frame on. */
  setPace(pace: Pace): void;
  stop(): void;
}

/** Plays frames on the map: while one is seen the next gets ready, and is shown when it is, and not before. */
export function usePlay(options: PlayOptions): Playing {
  const [frame, setFrame] = useState<Days | null>(null);
  const latest = useRef(options);
  latest.current = options;
  const run = useRef(0);
  const pace = useRef<Pace>({ speed: 1, isStill: false });

  const stop = useCallback(() => {
    run.current++;
    setFrame(null);
  }, []);

  const play = useCallback(async (frames: readonly Days[], from: number) => {
    const mine = ++run.current;
    setFrame(frames[from]);
    for (let at = from; at < frames.length; at++) {
      const { map, heatOf } = latest.current;
      const heat = heatOf(frames[at]);
      if (!map || !heat) break;
      const shownAt = performance.now();
      map.fetchAhead(
        frames
          .slice(at, at + 1 + AHEAD)
          .map(heatOf)
          .filter((one) => one !== null),
      );
      await map.prepare(heat);
      const { speed, isStill } = pace.current;
      const seen = isStill ? STILL_MS : FRAME_MS / speed;
      // where drawing takes longer than a frame is seen, a fade would only make it longer
      const isLate = performance.now() > shownAt + seen;
      if (at > from) await pause(shownAt + seen - performance.now());
      if (run.current !== mine) return;
      map.swap(isStill || isLate ? 0 : seen * FADE_SHARE);
      setFrame(frames[at]);
    }
    await pause(STILL_MS);
    if (run.current !== mine) return;
    setFrame(null);
  }, []);

  useEffect(() => stop, [options.map, stop]);
  const setPace = useCallback((next: Pace) => {
    pace.current = next;
  }, []);
  return { frame, play, setPace, stop };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
