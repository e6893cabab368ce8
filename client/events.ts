/** The server's events, for as long as the page is open: it connects again by itself. */
import { NO_ANSWER, type Status } from './api.ts';

export interface EventsOptions {
  onStatus(status: Status): void;
  /** true: the server answers; false: it does not. Told on each change. */
  onReachable(isReachable: boolean): void;
  /** The server answers, but not with events: perhaps nobody is signed in any more. */
  onRefused(): void;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15_000;

/** Listens until the returned function is called. */
export function listen({ onStatus, onReachable, onRefused }: EventsOptions): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = FIRST_WAIT_MS;

  const connect = () => {
    clearTimeout(timer);
    source?.close();
    source = new EventSource('/api/status/events');
    source.onopen = () => {
      wait = FIRST_WAIT_MS;
      onReachable(true);
    };
    source.onmessage = ({ data }) => onStatus(JSON.parse(data) as Status);
    source.onerror = () => {
      // closed at once means an answer that is no stream of events; else the connection broke
      if (source?.readyState === EventSource.CLOSED) onRefused();
      else onReachable(false);
      source?.close();
      timer = setTimeout(connect, wait);
      wait = Math.min(LONGEST_WAIT_MS, wait * 2);
    };
  };

  /** A line that broke somewhere on the way may look open for long. */
  const doubt = () => {
    if (source?.readyState === EventSource.OPEN) connect();
  };

  connect();
  const heard = [
    ['online', connect],
    ['offline', doubt],
    [NO_ANSWER, doubt],
  ] as const;
  for (const [name, act] of heard) globalThis.addEventListener(name, act);
  return () => {
    for (const [name, act] of heard) globalThis.removeEventListener(name, act);
    clearTimeout(timer);
    source?.close();
  };
}
