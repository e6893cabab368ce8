/** What went wrong, by its code: the server's own words, as it tells programs. What is not here is shown as it says it. */
import { CATALOGUE } from '../../server/http/catalogue.ts';
import { PROBLEMS } from '../../server/strava/problem-words.ts';

export { GRADIENT_FAULTS } from '../../server/heat/gradient.ts';

/** What is said against a request. */
export const FAULTS: Record<string, string | undefined> = Object.fromEntries(
  Object.entries(CATALOGUE).map(([code, [, words]]) => [code, words]),
);

/** Why nothing is read from Strava. */
export const STRAVA_PROBLEMS: Record<string, string | undefined> = PROBLEMS;
