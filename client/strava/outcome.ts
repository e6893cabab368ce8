import { WORDS } from '../words.ts';

const OUTCOMES: Record<string, string> = WORDS.strava.outcomes;

/** What to tell somebody who comes back from Strava, by the page's address; null: nothing, or all is well. */
export function outcomeOf(search: string): string | null {
  const outcome = new URLSearchParams(search).get('strava');
  if (outcome === null || outcome === 'connected') return null;
  return Object.hasOwn(OUTCOMES, outcome) ? OUTCOMES[outcome] : OUTCOMES.unavailable;
}
