import { useEffect, useRef, useState } from 'preact/hooks';
import type { Ground } from '../../server/heat/gradient.ts';
import type { Layout, Rectangle } from '../../server/posters/layout.ts';
import { THEMES } from '../../server/posters/paint.ts';
import { useThrottled } from '../hooks/use-live.ts';
import { Icon } from '../parts/icon.tsx';
import { POSTER } from '../words/poster.ts';
import { downloadPoster } from './download.ts';
import { type Shift, shiftBetween } from './frame.ts';
import { useHand } from './use-hand.ts';

/** Dots an inch. */
export const PREVIEW_DPI = 60;

/** A poster to be seen: what is asked of the server but for its resolution, and where everything lies on its preview. */
export interface Asked {
  query: string;
  layout: Layout;
  theme: Ground;
}

interface PreviewProps {
  asked: Asked;
  /** Pixels of the layout. */
  onMove(right: number, down: number): void;
  /** Steps wider, around a point so many pixels of the layout from the middle of the map. */
  onZoom(steps: number, right: number, down: number): void;
  /** Shows again what the map shows; null: it does. */
  onBack: (() => void) | null;
}

/** While words are typed or the map is dragged, the picture follows at most this often. */
const FOLLOW_MS = 500;
/** Of the map, for each press of a key. */
const MOVE = 1 / 8;
const ZOOM = 0.25;

/** Which way the picture goes: what lies that way comes into view. */
const WAYS: Record<string, readonly [right: number, down: number]> = {
  ArrowLeft: [1, 0],
  ArrowRight: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};
const STEPS: Record<string, number> = { '+': -ZOOM, '=': -ZOOM, '-': ZOOM };

/**
 * The poster as it will be, small. The picture before stays until the next has come; meanwhile its map is shifted to
 * where it will be, so that it follows the hand at once.
 */
export function Preview({ asked, onMove, onZoom, onBack }: PreviewProps) {
  const { layout, theme } = asked;
  const { shown, isGone } = usePicture(asked);
  const box = useRef<HTMLDivElement>(null);
  /** Pixels of the layout for one of the page. */
  const scale = () => layout.map.width / box.current!.clientWidth;
  useHand(box, {
    onPan: (right, down) => onMove(right * scale(), down * scale()),
    onZoom: (steps, right, down) => onZoom(steps, right * scale(), down * scale()),
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const way = WAYS[event.key];
    const steps = STEPS[event.key];
    if (!way && !steps) return;
    event.preventDefault();
    if (way) onMove(way[0] * layout.map.width * MOVE, way[1] * layout.map.height * MOVE);
    else onZoom(steps, 0, 0);
  };
  const shift = shown && shiftBetween(shown.layout, layout);

  return (
    <div class="poster-preview">
      <div
        class="poster-sheet"
        style={{ '--ratio': layout.width / layout.height, background: `rgb(${THEMES[theme].paper.join()})` }}
      >
        {shown && <img src={shown.url} alt={POSTER.preview} />}
        <div
          ref={box}
          class="poster-map"
          role="application"
          aria-label={POSTER.part}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it is moved by keys
          tabIndex={0}
          style={placeOf(layout.map, layout)}
          onKeyDown={onKeyDown}
        >
          {shift && (
            <div class="poster-ahead" style={{ background: `rgb(${THEMES[shown.theme].paper.join()})` }}>
              <div class="poster-shifted" style={{ transform: inCss(shift) }}>
                <img src={shown.url} alt="" style={behind(layout)} />
              </div>
            </div>
          )}
        </div>
        {!shown && !isGone && <span class="spinner" aria-hidden="true" />}
        {isGone && <p class="fault">{POSTER.gone}</p>}
      </div>
      {onBack && (
        <button
          type="button"
          class="icon-button"
          aria-label={POSTER.asSeen}
          title={POSTER.asSeen}
          onClick={() => {
            onBack();
            box.current?.focus();
          }}
        >
          <Icon name="undo" />
        </button>
      )}
    </div>
  );
}

/** The latest picture that has come, and whether the one that was to follow it cannot be had. */
function usePicture(asked: Asked): { shown: (Asked & { url: string }) | null; isGone: boolean } {
  const wanted = useThrottled(asked, FOLLOW_MS);
  const [shown, setShown] = useState<(Asked & { url: string }) | null>(null);
  const [isGone, setGone] = useState(false);
  useEffect(() => {
    const asking = new AbortController();
    downloadPoster(`${wanted.query}&dpi=${PREVIEW_DPI}`, { signal: asking.signal, onProgress() {} }).then(
      (picture) => {
        setGone(false);
        setShown({ ...wanted, url: URL.createObjectURL(picture) });
      },
      () => asking.signal.aborted || setGone(true),
    );
    return () => asking.abort();
  }, [wanted]);
  useEffect(() => () => void (shown && URL.revokeObjectURL(shown.url)), [shown]);
  return { shown, isGone };
}

/** A part of a whole, in percent of it. */
function placeOf({ x, y, width, height }: Rectangle, whole: { width: number; height: number }) {
  return {
    left: percent(x / whole.width),
    top: percent(y / whole.height),
    width: percent(width / whole.width),
    height: percent(height / whole.height),
  };
}

/** The whole of a picture behind its map. */
function behind({ map, width, height }: Layout) {
  return placeOf({ x: -map.x, y: -map.y, width, height }, map);
}

function inCss({ x, y, scale }: Shift): string {
  return `translate(${percent(x)}, ${percent(y)}) scale(${scale})`;
}

function percent(share: number): string {
  return `${share * 100}%`;
}
