import { type MutableRef, useEffect, useRef } from 'preact/hooks';

/**
 * The button that brings back what is leaving a list goes with what it was for, and takes the focus with it. It then goes
 * to the row of what was brought back, or to the first one. Rows are known by `data-id`, what takes the focus in them by
 * `data-show`. Answers the reference that the list has to be given.
 */
export function useFocusBack(leaving: ReadonlySet<string>): MutableRef<HTMLUListElement | null> {
  const list = useRef<HTMLUListElement | null>(null);
  const before = useRef(leaving);
  useEffect(() => {
    const [first] = before.current;
    before.current = leaving;
    if (first === undefined || leaving.size > 0 || document.activeElement !== document.body) return;
    const rows = [`[data-id="${first}"] [data-show]`, '[data-show]'];
    const [next] = rows.flatMap((row) => list.current?.querySelector<HTMLElement>(row) ?? []);
    next?.focus();
  }, [leaving]);
  return list;
}
