/** Which imports the page tells of. */
import type { Import } from './api.ts';

/** Adds what the server tells to what is shown: those under way, and the end of those whose course was shown. */
export function shownImports(shown: readonly Import[], told: readonly Import[]): Import[] {
  const known = new Map(told.map((one) => [one.id, one]));
  const kept = shown.flatMap((one) => {
    const now = known.get(one.id);
    known.delete(one.id);
    if (now) return [now];
    // one just uploaded may be told of a moment later; one that ended is told of for a minute only
    return isUnderWay(one) && one.startedAt !== null ? [] : [one];
  });
  return [...kept, ...[...known.values()].filter(isUnderWay)];
}

export function isUnderWay({ state }: Import): boolean {
  return state === 'queued' || state === 'running';
}

/** An import of which nothing is known but that it was taken. */
export function justQueued(id: string): Import {
  const none = { done: 0, total: 0, points: 0, added: 0, failed: 0 };
  return { id, state: 'queued', ...none, startedAt: null, finishedAt: null };
}

/** Points a second, and the seconds left at the pace of the files so far; null where it is too early to say. */
export function paceOf(one: Import, now: number): { rate: number; left: number | null } | null {
  if (one.startedAt === null) return null;
  const seconds = (one.finishedAt ?? now) - one.startedAt;
  if (seconds < 1 || one.points === 0) return null;
  const left = seconds > 2 && one.done > 0 ? ((one.total - one.done) * seconds) / one.done : null;
  return { rate: one.points / seconds, left };
}
