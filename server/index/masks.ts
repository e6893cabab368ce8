import type { Filter, Filterable } from './filter.ts';
import { filterKey, matches } from './filter.ts';

/** Filters remembered: a viewer's current one, a few it came from, a few other viewers'. */
const REMEMBERED = 16;

/** For each recent filter one byte a slot: 1 = the activity counts. Saves asking 5,000 activities per tile. */
export class Masks {
  readonly #masks = new Map<string, { filter: Filter; mask: Uint8Array }>();

  /** The mask of a filter, at least `slots` long; `activities` are asked only when it has to be made. */
  of(filter: Filter, slots: number, activities: Iterable<Filterable & { slot: number }>): Uint8Array {
    const key = filterKey(filter);
    const known = this.#masks.get(key);
    if (known) return known.mask;
    const mask = new Uint8Array(Math.max(256, Math.ceil(slots * 1.25)));
    for (const activity of activities) mask[activity.slot] = matches(filter, activity) ? 1 : 0;
    if (this.#masks.size >= REMEMBERED) this.#masks.delete(this.#masks.keys().next().value!);
    this.#masks.set(key, { filter, mask });
    return mask;
  }

  set(slot: number, activity: Filterable): void {
    for (const [key, { filter, mask }] of this.#masks) {
      if (slot >= mask.length) this.#masks.delete(key);
      else mask[slot] = matches(filter, activity) ? 1 : 0;
    }
  }

  clear(slot: number): void {
    for (const { mask } of this.#masks.values()) if (slot < mask.length) mask[slot] = 0;
  }
}
