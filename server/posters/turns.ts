import { Busy } from '../tiles/render-queue.ts';

export interface TurnsOptions {
  /** Who may have one at once. */
  atOnce: number;
  /** Who may wait. */
  limit: number;
  /** Milliseconds after which who waits is told to come again. */
  patience: number;
}

/** Seconds after which it is worth asking again. */
const RETRY_AFTER = 10;

/** So many at once have a turn, and the others get one in the order they came. */
export class Turns {
  readonly #options: TurnsOptions;
  readonly #waiting = new Set<() => void>();
  #taken = 0;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /**
   * Resolves when it is one's turn, with what ends it. Rejects with Busy where too many wait or one has waited for too
   * long, and with the signal's reason, when whoever waited leaves the line.
   */
  async take(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#taken < this.#options.atOnce) this.#taken++;
    else await this.#wait(signal);
    let isOver = false;
    return () => {
      if (!isOver) this.#pass();
      isOver = true;
    };
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const { limit, patience } = this.#options;
    if (this.#waiting.size >= limit) throw new Busy(RETRY_AFTER);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = (why: unknown) => {
      this.#waiting.delete(resolve);
      reject(why);
    };
    const gone = () => leave(signal.reason);
    const timer = setTimeout(() => leave(new Busy(RETRY_AFTER)), patience);
    signal.addEventListener('abort', gone, { once: true });
    this.#waiting.add(resolve);
    return promise.finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', gone);
    });
  }

  /** Whoever waits longest takes the turn over. */
  #pass() {
    const [next] = this.#waiting;
    if (!next) {
      this.#taken--;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
