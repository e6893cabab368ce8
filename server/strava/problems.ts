import type { Knex } from 'knex';
import { accountOf, type ConsentId } from './accounts.ts';
import type { Clock } from './clock.ts';
import { HOUR, MINUTE } from './clock.ts';
import type { Problem } from './problem-words.ts';

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
