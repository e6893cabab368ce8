import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { faultInWords } from './use-doing.ts';

export interface Answer<T> {
  /** null: not there yet. The last one stays until the next has come. */
  value: T | null;
  /** Why there is none, or no newer one. */
  fault: string | null;
  again(): Promise<void>;
}

/** What the server answers to a question, asked at first by itself. */
export function useAnswer<T>(question: () => Promise<T>): Answer<T> {
  const [value, setValue] = useState<T | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const isGone = useRef(false);
  const asked = useRef(0);
  const again = useCallback(async () => {
    const mine = ++asked.current;
    const isOld = () => isGone.current || mine !== asked.current;
    try {
      const answer = await question();
      if (isOld()) return;
      setValue(answer);
      setFault(null);
    } catch (error) {
      if (!isOld()) setFault(faultInWords(error));
    }
  }, [question]);

  useEffect(() => {
    isGone.current = false;
    void again();
    return () => {
      isGone.current = true;
    };
  }, [again]);
  return { value, fault, again };
}
