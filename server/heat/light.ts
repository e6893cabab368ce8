/** Light of one's own on top of the automatic exposure, in stops as a camera has them. */

/** Stops in either direction. */
export const MOST_LIGHT = 4;
/** A fewest number of visits drawn hottest: below it a single pass would be the hottest of all. */
export const LEAST_HOT = 2;

/** The visits drawn hottest at `light` stops more than automatic. `exposure`: automatic; undefined: not known (yet). */
export function hotAt(exposure: number | undefined, light: number): number {
  return Math.max(LEAST_HOT, Math.round((exposure ?? LEAST_HOT) / 2 ** light));
}
