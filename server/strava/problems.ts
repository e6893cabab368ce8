import type { Knex } from 'knex';
import { accountOf, type ConsentId } from './accounts.ts';
import type { Clock } from './clock.ts';
import { HOUR, MINUTE } from './clock.ts';

/** Why nothing is read for an athlete, with what they, or the operator, can do about it. */
export const PROBLEMS = {
  scope:
    'Strava does not let Pathglow see your activities. Connect again and leave the box for activities ticked.',
  reconnect: 'The connection to Strava is lost. Please connect again; nothing of your map is.',
  other_app: 'The operator has registered another application at Strava. Please connect again.',
  unauthorized:
    'Strava refuses the connection for now. It is tried again; connecting again may mend it at once.',
  unavailable: 'Strava does not answer as it should. It is tried again by itself.',
  refused: 'Strava refuses what was asked. It is tried again later; please tell the operator.',
  internal: 'Something went wrong on this server. It is tried again by itself.',
  inactive:
    'Strava has switched the application off: its owner needs an active Strava subscription. The operator can reactivate it at strava.com/settings/api.',
  wrong_app:
    'Strava does not know the application. The operator has to check STRAVA_CLIENT_ID and STRAVA_CLIENT_SECRET.',
} as const;

export type Problem = keyof typeof PROBLEMS;

/** Milliseconds until the first try after it, doubled with each; absent: the athlete has to do something first. */
const RETRY: Partial<Record<Problem, number>> = {
  unauthorized: HOUR,
  unavailable: MINUTE,
  refused: HOUR,
  internal: MINUTE,
};
const LONGEST = 6 * HOUR;

/** Stops reading for one athlete, for a while or until they connect again; not where they have by now. */
export async function stopFor(db: Knex, clock: Clock, consent: ConsentId, problem: Problem): Promise<void> {
  const mine = accountOf(db, consent);
  const { attempts = 0 } = (await mine.clone().first('attempts')) ?? {};
  const first = RETRY[problem];
  const pause =
    first === undefined ? null : Math.min(LONGEST, first * 2 ** attempts) * (0.75 + Math.random() / 2);
  await mine.update({
    problem,
    attempts: attempts + 1,
    retry_at: pause === null ? null : new Date(clock.now() + pause),
  });
}

/** It works again. */
export async function solved(db: Knex, consent: ConsentId): Promise<void> {
  await accountOf(db, consent).whereNotNull('problem').update({ problem: null, retry_at: null, attempts: 0 });
}
