import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds of work, and of rest after it. */
const WORK = 1;
const REST = 2;

/** While somebody looks at a map, a tile that was drawn ahead is followed by a rest so many times as long as it took. */
const YIELD = 7;

/** Keeps work on the main thread that nobody waits for to a third of its time, in pieces too short to be felt. */
export class Pace {
  #began = performance.now();

  /** To be awaited between small steps. */
  async pause(): Promise<void> {
    if (performance.now() - this.#began < WORK) return;
    await sleep(REST);
    this.#began = performance.now();
  }
}

/**
 * To be awaited, while somebody looks, after a tile that took so many milliseconds: a core that draws is one that
 * answers nobody, and threads of a lower priority still keep others waiting for their turn to end.
 */
export async function restAfter(took: number): Promise<void> {
  await sleep(took * YIELD);
}
