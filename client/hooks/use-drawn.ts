import { useEffect, useState } from 'preact/hooks';
import { ApiError, type Drawn, fetchDrawn } from '../api.ts';

/** What is drawn, and for which filter and revision that was true. */
export interface DrawnFor extends Drawn {
  query: string;
  revision: string;
}

const RETRY_MS = 3000;

/** What is drawn under a filter, asked again on each revision. The last answer stays until the next has come. */
export function useDrawn(query: string, revision: string | null): DrawnFor | null {
  const [drawn, setDrawn] = useState<DrawnFor | null>(null);
  const [attempt, setAttempt] = useState(0);

  // an attempt is another reason to ask
  useEffect(() => {
    if (revision === null) return setDrawn(null);
    const gone = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    fetchDrawn(query, gone.signal)
      .then((found) => setDrawn({ ...found, query, revision }))
      .catch((error) => {
        if (gone.signal.aborted || !(error instanceof ApiError)) return;
        timer = setTimeout(() => setAttempt((count) => count + 1), RETRY_MS);
      });
    return () => {
      gone.abort();
      clearTimeout(timer);
    };
  }, [query, revision, attempt]);

  return drawn;
}
