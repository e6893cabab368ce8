import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds of work, and of rest after it. */
const WORK = 1;
const REST = 2;

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
