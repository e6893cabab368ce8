import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { faultInWords } from './use-doing.ts';

/** A part of a list; `next`: where the next one begins, null after the last. */
export interface Page<Item, Cursor> {
  items: Item[];
  next: Cursor | null;
}

export interface Pages<Item> {
  /** null: not there yet. */
  items: readonly Item[] | null;
  /** Whether there are none beyond these. */
  isWhole: boolean;
  isLoading: boolean;
  fault: string | null;
  /** Loads the next page, unless it is on its way; what failed last is tried again. */
  more(): void;
  /** Changes what is listed, as the server was told. */
  revise(revised: (items: readonly Item[]) => readonly Item[]): void;
}

/**
 * A list page by page. Another `fetchPage` begins anew; it is told how many items are wanted, and may give fewer or more.
 * With another revision what is listed is asked for again, and stays until it has come: a page of what was listed before
 * may have become longer. `atOnce`: how many items `more` loads at least, if there are so many.
 */
export function usePages<Item, Cursor>(
  fetchPage: (cursor: Cursor | null, wanted: number) => Promise<Page<Item, Cursor>>,
  revision: string,
  atOnce = 1,
): Pages<Item> {
  const [items, setItems] = useState<readonly Item[] | null>(null);
  const [next, setNext] = useState<Cursor | null>(null);
  const [isLoading, setLoading] = useState(true);
  const [fault, setFault] = useState<string | null>(null);
  const asked = useRef({ count: 0, isBusy: false, revision });
  const listed = useRef({ count: 0, isWhole: false });
  const failed = useRef<(() => void) | null>(null);
  listed.current = { count: items?.length ?? 0, isWhole: items !== null && next === null };

  const load = useCallback(
    async (cursor: Cursor | null, wanted = 1) => {
      const mine = ++asked.current.count;
      asked.current.isBusy = true;
      failed.current = null;
      setLoading(true);
      setFault(null);
      const found: Item[] = [];
      try {
        let after = cursor;
        do {
          const page = await fetchPage(after, wanted - found.length);
          if (mine !== asked.current.count) return;
          found.push(...page.items);
          after = page.next;
        } while (after !== null && found.length < wanted);
        setItems((before) => [...(cursor === null ? [] : (before ?? [])), ...found]);
        setNext(() => after);
      } catch (error) {
        if (mine !== asked.current.count) return;
        failed.current = () => void load(cursor, wanted);
        setFault(faultInWords(error));
      }
      asked.current.isBusy = false;
      setLoading(false);
    },
    [fetchPage],
  );

  useEffect(() => {
    setItems(null);
    setNext(null);
    void load(null);
    return () => {
      asked.current.count++;
    };
  }, [load]);

  useEffect(() => {
    if (asked.current.revision === revision || isLoading) return;
    asked.current.revision = revision;
    const { count, isWhole } = listed.current;
    void load(null, isWhole ? Number.POSITIVE_INFINITY : count);
  }, [revision, isLoading, load]);

  const more = () => {
    if (asked.current.isBusy) return;
    // a list that could not be asked for again is older than its next page
    if (failed.current) failed.current();
    else if (next !== null) void load(next, atOnce);
  };
  const revise: Pages<Item>['revise'] = (revised) => setItems((before) => before && revised(before));
  return { items, isWhole: items !== null && next === null, isLoading, fault, more, revise };
}
