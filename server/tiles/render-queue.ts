import type { Tile, TileSize } from '../geo/tile.ts';
import { Urgency } from './urgency.ts';

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

/** A render that tells how long each job took, in seconds. */
export function timed(render: Render, rendered: (job: RenderJob, seconds: number) => void): Render {
  return async (job) => {
    const began = performance.now();
    const png = await render(job);
    rendered(job, (performance.now() - began) / 1000);
    return png;
  };
}

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

/**
 * Milliseconds after which somebody who waits is told to come again. Newest first would let the oldest wait for as long
 * as others keep coming; who asks again is the newest. Below the half minute after which map programs give up.
 */
const LONGEST_WAIT = 20_000;

interface Waiting {
  background: boolean;
  /** performance.now() when it got in line. */
  since: number;
  start(): void;
  refuse(reason: unknown): void;
}

/**
 * Which job is drawn next: of those that somebody waits for the newest, since the map that asked last is the one
 * being looked at; when too many of them wait, or one too long, the oldest is refused as Busy. In the background, in
 * the order they came, only what nobody live waits before, and never on all threads: a live job that comes finds one
 * free, or, where there is but one, waits for one background job at the most. An aborted job leaves the queue; one that
 * is being drawn is drawn to its end, which takes some milliseconds and fills the cache.
 */
export class RenderQueue {
  readonly #options: RenderQueueOptions;
  readonly #live: Waiting[] = [];
  readonly #background: Waiting[] = [];
  #running = 0;
  #runningBackground = 0;

  constructor(options: RenderQueueOptions) {
    this.#options = options;
  }

  /** Jobs drawn at once in the background, at the most. */
  get backgroundConcurrency(): number {
    return Math.max(1, this.#options.concurrency - 1);
  }

  /** Draws a job. Rejects with Busy, with the signal's reason, or with what the render throws. */
  run(job: RenderJob, signal: AbortSignal, urgency = new Urgency(true)): Promise<Uint8Array> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    const cancel = () => {
      if (this.#remove(waiting)) reject(signal.reason);
    };
    const waiting: Waiting = {
      background: !urgency.live,
      since: 0,
      start: () => {
        signal.removeEventListener('abort', cancel);
        const { background } = waiting;
        this.#running++;
        if (background) this.#runningBackground++;
        this.#options
          .render(job)
          .then(resolve, reject)
          .finally(() => {
            this.#running--;
            if (background) this.#runningBackground--;
            this.#fill();
          });
      },
      refuse: (reason) => {
        signal.removeEventListener('abort', cancel);
        reject(reason);
      },
    };
    signal.addEventListener('abort', cancel, { once: true });
    urgency.onRaised(() => {
      if (!this.#remove(waiting)) return;
      waiting.background = false;
      this.#add(waiting);
    });
    this.#add(waiting);
    return promise;
  }

  /** `waiting`: for somebody live; `background`: for nobody yet. */
  figures(): { running: number; waiting: number; background: number } {
    return { running: this.#running, waiting: this.#live.length, background: this.#background.length };
  }

  #add(waiting: Waiting) {
    waiting.since = performance.now();
    this.#lineOf(waiting).push(waiting);
    this.#fill();
    if (this.#live.length > this.#options.limit) this.#refuseOldest();
  }

  #refuseOldest() {
    this.#live.shift()?.refuse(new Busy(this.#seconds()));
  }

  /** Whether it was waiting still. */
  #remove(waiting: Waiting): boolean {
    const line = this.#lineOf(waiting);
    const at = line.indexOf(waiting);
    if (at >= 0) line.splice(at, 1);
    return at >= 0;
  }

  #lineOf({ background }: Waiting): Waiting[] {
    return background ? this.#background : this.#live;
  }

  #fill() {
    const patience = performance.now() - LONGEST_WAIT;
    while (this.#live.length > 0 && this.#live[0].since < patience) this.#refuseOldest();
    while (this.#running < this.#options.concurrency) {
      const spare = this.#runningBackground < this.backgroundConcurrency;
      const next = this.#live.pop() ?? (spare ? this.#background.shift() : undefined);
      if (!next) return;
      next.start();
    }
  }

  /** A queue this long takes about so many, at 20 ms a tile. */
  #seconds(): number {
    return Math.max(1, Math.ceil((this.#options.limit * 0.02) / this.#options.concurrency));
  }
}
