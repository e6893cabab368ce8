import { type MutableRef, useLayoutEffect } from 'preact/hooks';

/** Lends the focus to a box that appeared over the map, and gives it back when the box goes. `about`: null while there is none. */
export function useLentFocus(box: MutableRef<HTMLElement | null>, about: unknown) {
  useLayoutEffect(() => {
    if (about === null) return;
    const { activeElement: before } = document;
    const { current: lent } = box;
    lent?.focus({ preventScroll: true });
    return () => {
      const { activeElement: now } = document;
      // whoever went on to something else stays there
      if (now !== document.body && !lent?.contains(now)) return;
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, [about]);
}
