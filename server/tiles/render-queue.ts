import type { Tile, TileSize } from '../geo/tile.ts';

/** Everything a render needs; the blocks are shared memory, so that nothing large is copied. */
export interface RenderJob {
  tile: Tile;
  size: TileSize;
  blocks: readonly SharedArrayBuffer[];
  /** See drawVisits. */
  refs: Uint32Array;
}

/** Draws a job; resolves with the uncoloured PNG. */
export type Render = (job: RenderJob) => Promise<Uint8Array>;

export interface RenderQueueOptions {
  render: Render;
  /** Jobs drawn at once. */
  concurrency: number;
  /** Jobs that may wait. */
  limit: number;
}

/** Thrown when more tiles are asked for than can be drawn soon. */
export class Busy extends Error {
  /** Seconds. */
  readonly retryAfter: number;
  constructor(retryAfter: number) {
    super('too many tiles are waiting to be drawn');
    this.name = 'Busy';
    this.retryAfter = retryAfter;
  }
}

interface Waiting {
  job: RenderJob;
  start(): void;
  refuse(reason: unknown): void;
}

/**
 * Which job is drawn next: the newest, since the map that asked last is the one being looked at. When too many
 * wait, the oldest is refused as Busy. An aborted job leaves the queue; one that is being drawn is drawn to its end,
 * which takes some milliseconds and fills the cache.
 */
export class RenderQueue {
  readonly #options: RenderQueueOptions;
  readonly #waiting: Waiting[] = [];
  #running = 0;

  constructor(options: RenderQueueOptions) {
    this.#options = options;
  }

  /** Draws a job. Rejects with Busy, with the signal's reason, or with what the render throws. */
  run(job: RenderJob, signal: AbortSignal): Promise<Uint8Array> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    const cancel = () => {
      const at = this.#waiting.indexOf(waiting);
      if (at < 0) return;
      this.#waiting.splice(at, 1);
      reject(signal.reason);
    };
    const waiting: Waiting = {
      job,
      start: () => {
        signal.removeEventListener('abort', cancel);
        this.#running++;
        this.#options.render(job).then(resolve, reject).finally(this.#next);
      },
      refuse: (reason) => {
        signal.removeEventListener('abort', cancel);
        reject(reason);
      },
    };
    if (this.#running < this.#options.concurrency) {
      waiting.start();
      return promise;
    }
    signal.addEventListener('abort', cancel, { once: true });
    this.#waiting.push(waiting);
    // a queue this long takes about so many seconds at 20 ms a tile
    if (this.#waiting.length > this.#options.limit) this.#waiting.shift()!.refuse(new Busy(this.#seconds()));
    return promise;
  }

  figures(): { running: number; waiting: number } {
    return { running: this.#running, waiting: this.#waiting.length };
  }

  #next = () => {
    this.#running--;
    this.#waiting.pop()?.start();
  };

  #seconds(): number {
    return Math.max(1, Math.ceil((this.#options.limit * 0.02) / this.#options.concurrency));
  }
}
