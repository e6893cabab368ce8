import { useEffect, useRef, useState } from 'preact/hooks';
import { type Drawn, fetchDrawn, OWN_TILES } from '../api.ts';

/** What is drawn, and for which filter and revision that was true. */
export interface DrawnFor extends Drawn {
  query: string;
  /** What the URLs of its tiles begin with. */
  tiles: string;
  revision: string;
}

interface Question {
  query: string;
  tiles: string;
  abort: AbortController;
}

const RETRY_MS = 3000;

/**
 * What is drawn under a filter, asked again on each revision. The last answer stays until the next has come. A
 * question is given up for another filter or map only: activities that stream in must not keep its answer from ever coming.
 */
export function useDrawn(query: string, revision: string | null, tiles = OWN_TILES): DrawnFor | null {
  const [drawn, setDrawn] = useState<DrawnFor | null>(null);
  const [answers, setAnswers] = useState(0);
  const open = useRef<Question | null>(null);
  const known = useRef('');

  // an answer is a reason to look whether it is still the right one
  useEffect(() => {
    const wanted = JSON.stringify([query, tiles, revision]);
    if (open.current && (revision === null || open.current.query !== query || open.current.tiles !== tiles)) {
      open.current.abort.abort();
      open.current = null;
    }
    if (revision === null) {
      known.current = '';
      setDrawn(null);
    } else if (open.current === null && known.current !== wanted) {
      const question = { query, tiles, abort: new AbortController() };
      open.current = question;
      const close = () => {
        if (open.current !== question) return;
        open.current = null;
        setAnswers((count) => count + 1);
      };
      fetchDrawn(query, question.abort.signal, tiles).then(
        (found) => {
          if (open.current !== question) return;
          known.current = wanted;
          setDrawn({ ...found, query, tiles, revision });
          close();
        },
        () => setTimeout(close, RETRY_MS),
      );
    }
  }, [query, tiles, revision, answers]);

  useEffect(() => () => open.current?.abort.abort(), []);
  return drawn;
}
