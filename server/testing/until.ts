import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds after which what was waited for is not coming: far more than it takes. */
const PATIENCE = 120_000;

/** Resolves when a condition holds, looked at every so many milliseconds; rejects when it never does. */
export async function until(holds: () => Promise<unknown> | unknown, every = 25): Promise<void> {
  const began = performance.now();
  while (!(await holds())) {
    if (performance.now() - began > PATIENCE) throw new Error('what was waited for did not come');
    await sleep(every);
  }
}
