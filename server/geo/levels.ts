/** The largest zoom (of 256-px tiles) each level of detail is good for. */
export const LEVELS = [5, 8, 10, 12, 14, 16, 21] as const;

/** LEVELS[0 … 3] are coarse: together about 1 % of the points, stored and loaded before the fine ones. */
export const COARSE_LEVELS = 4;

/** How far, in pixels of a 256-px tile, a simplified line may lie from the recorded one. */
const TOLERANCE = 0.35;

/** Steps of the stored coordinates in a pixel of a 256-px tile. */
const STEPS_PER_PIXEL = 16;

/**
 * The level that a 256-px tile of this zoom is drawn from: an index into LEVELS. A 512-px tile shows what a
 * 256-px tile of the next zoom does, and so asks for `zoom + 1`.
 */
export function levelFor(zoom256: number): number {
  const level = LEVELS.findIndex((largest) => largest >= zoom256);
  if (level < 0) throw new RangeError(`no level is good for zoom ${zoom256}`);
  return level;
}

/** The grid of the level's coordinates in world units: 1/16 px at its largest zoom, a power of two, at least 1. */
export function levelUnit(level: number): number {
  return Math.max(1, pixel(level) / STEPS_PER_PIXEL);
}

/** World units: what `simplify` may move a line of this level by. */
export function levelTolerance(level: number): number {
  return pixel(level) * TOLERANCE;
}

/** World units in a pixel of a 256-px tile at the level's largest zoom. */
function pixel(level: number): number {
  return 2 ** (31 - 8 - LEVELS[level]);
}
