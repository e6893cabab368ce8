import { type MutableRef, useEffect, useRef } from 'preact/hooks';

/**
 * The buttons for some rows of a list go with what they were for, and take the focus with them. It then goes to the first
 * of these rows, or where they left, to the first of all. Rows are known by `data-id`, what takes the focus in them by
 * `data-show`. Answers the reference that the list has to be given.
 */
export function useFocusBack(rows: ReadonlySet<string>): MutableRef<HTMLUListElement | null> {
  const list = useRef<HTMLUListElement | null>(null);
  const before = useRef(rows);
  useEffect(() => {
    const [first] = before.current;
    before.current = rows;
    if (first === undefined || rows.size > 0 || document.activeElement !== document.body) return;
    const wanted = [`[data-id="${first}"] [data-show]`, '[data-show]'];
    const [next] = wanted.flatMap((one) => list.current?.querySelector<HTMLElement>(one) ?? []);
    next?.focus();
  }, [rows]);
  return list;
}
