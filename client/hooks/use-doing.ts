import { useCallback, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api.ts';
import { WORDS } from '../words.ts';

export interface Doing {
  isDoing: boolean;
  /** Why the last one failed. */
  fault: string | null;
  /** Does it, unless something is being done: a second click is harmless. Resolves to whether it was done. */
  run(action: () => Promise<void>): Promise<boolean>;
}

/** One thing at a time that the server is asked to do, and what it says against it. */
export function useDoing(): Doing {
  const [isDoing, setDoing] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const busy = useRef(false);
  const run = useCallback(async (action: () => Promise<void>) => {
    if (busy.current) return false;
    busy.current = true;
    setDoing(true);
    setFault(null);
    try {
      await action();
      return true;
    } catch (error) {
      setFault(faultInWords(error));
      return false;
    } finally {
      busy.current = false;
      setDoing(false);
    }
  }, []);
  return { isDoing, fault, run };
}

/** Why something failed, as it is shown. */
export function faultInWords(error: unknown): string {
  if (error instanceof ApiError && error.status === 0) return WORDS.goneFirst;
  return (error as Error).message || WORDS.goneFirst;
}
