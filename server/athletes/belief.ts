import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Milliseconds for which a process believes what it read of a session or a key before it reads it again. What is
 * revoked or deleted is confirmed only after so long: from then on no process answers from what it once read.
 */
export const BELIEVED = 1000;

/** Clocks of processes on one machine tick alike, but a timer may fire a little early. */
const MARGIN = 50;

/** Resolves when no process believes any more what was true when it was called. */
export async function beliefPassed(): Promise<void> {
  await sleep(BELIEVED + MARGIN);
}
