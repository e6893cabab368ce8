/** The tiles before they are coloured: fetched once for each content, whatever colours they are shown in. */
import { isTemporary, meansSignedOut, RETRY_MS } from './tile-answers.ts';

/** The server will not give this tile, now or later. */
export class TileRefused extends Error {
  override name = 'TileRefused';
}

/** A few screens: from about 10 MB of tiles. */
const MOST_KEPT = 1500;

interface Flight {
  png: Promise<ArrayBuffer>;
  abort: AbortController;
  waiting: number;
}

/**
 * Fetches and keeps tiles. A server that is busy or away is asked again until it answers. However many ask for a tile,
 * there is one request, which ends when the last of them has gone.
 */
export class PlainTiles {
  readonly #kept = new Map<string, ArrayBuffer>();
  readonly #flights = new Map<string, Flight>();
  readonly #origin: string;
  readonly #onSignedOut: () => void;

  constructor(origin: string, onSignedOut: () => void) {
    this.#origin = origin;
    this.#onSignedOut = onSignedOut;
  }

  /** The PNG at a path, as of a revision. Rejects with TileRefused, or when `gone` is aborted. */
  async load(path: string, revision: string, gone: AbortSignal): Promise<ArrayBuffer> {
    gone.throwIfAborted();
    const key = `${revision} ${path}`;
    const kept = this.#kept.get(key);
    if (kept) return kept;
    const flight = this.#flights.get(key) ?? this.#start(key, path);
    flight.waiting++;
    try {
      return await Promise.race([flight.png, aborted(gone)]);
    } finally {
      if (--flight.waiting === 0) flight.abort.abort();
    }
  }

  #start(key: string, path: string): Flight {
    const abort = new AbortController();
    const png = this.#fetch(path, abort.signal).finally(() => this.#flights.delete(key));
    png.then(
      (bytes) => this.#keep(key, bytes),
      () => undefined,
    );
    const flight = { png, abort, waiting: 0 };
    abort.signal.addEventListener('abort', () => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }

  async #fetch(path: string, until: AbortSignal): Promise<ArrayBuffer> {
    for (;;) {
      until.throwIfAborted();
      try {
        const answer = await fetch(this.#origin + path, { signal: until });
        if (answer.ok) return await answer.arrayBuffer();
        if (!isTemporary(answer.status)) {
          if (meansSignedOut(answer.status)) this.#onSignedOut();
          throw new TileRefused(`the server answered with status ${answer.status}`);
        }
      } catch (error) {
        if (error instanceof TileRefused) throw error;
      }
      await pause(RETRY_MS, until);
    }
  }

  #keep(key: string, bytes: ArrayBuffer) {
    this.#kept.set(key, bytes);
    if (this.#kept.size > MOST_KEPT) this.#kept.delete(this.#kept.keys().next().value!);
  }
}

/** Rejects when the signal is aborted. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
  );
}

/** Resolves after `ms`, or as soon as `until` is aborted. */
function pause(ms: number, until: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (until.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      until.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    until.addEventListener('abort', end);
  });
}
