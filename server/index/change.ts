import type { Filter, Filterable } from './filter.ts';
import { matches } from './filter.ts';
import type { Level } from './level.ts';
import type { Window } from './window.ts';

/**
 * An activity that came, went, or was one filter's and is another's now: enough to tell, later, which tiles it
 * concerns. The chunks of what went are still there to be asked (see Arena).
 */
export class Change {
  readonly generation: number;
  readonly #activity: Filterable;
  readonly #levels: readonly Level[];
  /** First chunk and number of chunks, a pair a level. */
  readonly #chunks: Uint32Array;

  constructor(generation: number, activity: Filterable, levels: readonly Level[], chunks: Uint32Array) {
    this.generation = generation;
    this.#activity = activity;
    this.#levels = levels;
    this.#chunks = chunks;
  }

  /** Whether the drawn activity touches the window, by the same test that addresses rest on. */
  concerns(window: Window, filter: Filter): boolean {
    if (!matches(filter, this.#activity)) return false;
    const level = this.#levels[window.level];
    const first = this.#chunks[window.level * 2];
    const last = first + this.#chunks[window.level * 2 + 1];
    for (let chunk = first; chunk < last; chunk++) {
      if (level.near(chunk, window) && level.touches(chunk, window)) return true;
    }
    return false;
  }
}
