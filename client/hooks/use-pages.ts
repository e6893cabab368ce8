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
  /** Loads the next page, unless it is on its way. */
  more(): void;
  /** Changes what is listed, as the server was told. */
  revise(revised: (items: readonly Item[]) => readonly Item[]): void;
}

/**
 * A list page by page. Another `fetchPage` begins anew. With another revision what is listed is asked for again, and stays
 * until it has come: a page of what was listed before may have become longer.
 */
export function usePages<Item, Cursor>(
  fetchPage: (cursor: Cursor | null) => Promise<Page<Item, Cursor>>,
  revision: string,
): Pages<Item> {
  const [items, setItems] = useState<readonly Item[] | null>(null);
  const [next, setNext] = useState<Cursor | null>(null);
  const [isLoading, setLoading] = useState(true);
  const [fault, setFault] = useState<string | null>(null);
  const asked = useRef({ count: 0, isBusy: false, revision });
  const listed = useRef({ count: 0, isWhole: false });
  listed.current = { count: items?.length ?? 0, isWhole: items !== null && next === null };

  const load = useCallback(
    async (cursor: Cursor | null, isEnough: (count: number) => boolean = () => true) => {
      const mine = ++asked.current.count;
      asked.current.isBusy = true;
      setLoading(true);
      setFault(null);
      const found: Item[] = [];
      try {
        let after = cursor;
        do {
          const page = await fetchPage(after);
          if (mine !== asked.current.count) return;
          found.push(...page.items);
          after = page.next;
        } while (after !== null && !isEnough(found.length));
        setItems((before) => [...(cursor === null ? [] : (before ?? [])), ...found]);
        setNext(() => after);
      } catch (error) {
        if (mine !== asked.current.count) return;
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
    void load(null, (found) => !isWhole && found >= count);
  }, [revision, isLoading, load]);

  const more = () => {
    if (!asked.current.isBusy && (items === null || next !== null)) void load(next);
  };
  const revise: Pages<Item>['revise'] = (revised) => setItems((before) => before && revised(before));
  return { items, isWhole: items !== null && next === null, isLoading, fault, more, revise };
}
