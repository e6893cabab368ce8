import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** What a hand does to a picture. Pixels of the page. */
export interface Hand {
  onPan(right: number, down: number): void;
  /** Steps of which each shows twice as much, around a point so far from the middle. */
  onZoom(steps: number, right: number, down: number): void;
}

/** Pixels of a wheel, and of two fingers on a pad, for a step. */
const WHEEL = 450;
const PAD = 100;
/** Of a wheel that tells lines. */
const LINE = 16;

interface Point {
  x: number;
  y: number;
}

/** Lets what is in a box be dragged by a pointer, and zoomed by a wheel or two fingers. */
export function useHand(box: RefObject<HTMLElement>, hand: Hand) {
  const latest = useRef(hand);
  latest.current = hand;

  useEffect(() => {
    const element = box.current!;
    const pointers = new Map<number, Point>();
    const gone = new AbortController();
    const { signal } = gone;
    const zoom = (steps: number, { x, y }: Point) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      latest.current.onZoom(steps, x - left - width / 2, y - top - height / 2);
    };

    element.addEventListener(
      'pointerdown',
      (event) => {
        if (event.button !== 0) return;
        element.setPointerCapture(event.pointerId);
        pointers.set(event.pointerId, pointOf(event));
      },
      { signal },
    );
    element.addEventListener(
      'pointermove',
      (event) => {
        if (!pointers.has(event.pointerId)) return;
        const before = gripOf(pointers);
        pointers.set(event.pointerId, pointOf(event));
        const now = gripOf(pointers);
        latest.current.onPan(now.x - before.x, now.y - before.y);
        if (before.spread > 0 && now.spread > 0) zoom(Math.log2(before.spread / now.spread), now);
      },
      { signal },
    );
    for (const end of ['pointerup', 'pointercancel'] as const) {
      element.addEventListener(end, ({ pointerId }) => pointers.delete(pointerId), { signal });
    }
    element.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1);
        zoom(pixels / (event.ctrlKey ? PAD : WHEEL), pointOf(event));
      },
      { signal, passive: false },
    );
    return () => gone.abort();
  }, []);
}

function pointOf({ clientX, clientY }: MouseEvent): Point {
  return { x: clientX, y: clientY };
}

/** The middle of the pointers, and how far they are from it: 0 where there is only one. */
function gripOf(pointers: ReadonlyMap<number, Point>): Point & { spread: number } {
  const all = [...pointers.values()];
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(all.map((point) => point.x)), mean(all.map((point) => point.y))];
  return { x, y, spread: mean(all.map((point) => Math.hypot(point.x - x, point.y - y))) };
}
