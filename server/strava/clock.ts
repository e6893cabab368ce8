/** The time that tokens, limits and plans go by: the world's, or one that a test moves. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Milliseconds of the world until that moment, not negative. */
  until(moment: number): number;
}

export const WORLD_CLOCK: Clock = {
  now: () => Date.now(),
  until: (moment) => Math.max(0, moment - Date.now()),
};

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
