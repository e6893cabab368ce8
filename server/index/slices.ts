/** How long one stretch of background work may hold the event loop, milliseconds. */
const SLICE = 4;

/**
 * Cuts long work on the main thread into slices: `await slices.pause()` between small steps lets whatever
 * waits run whenever a slice is used up, and costs next to nothing otherwise.
 */
export class Slices {
  #began = performance.now();

  async pause(): Promise<void> {
    if (performance.now() - this.#began < SLICE) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#began = performance.now();
  }
}
