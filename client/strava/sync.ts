import type { Status, SyncStatus } from '../api.ts';
import { LANGUAGE } from '../language.ts';
import { formatCount, formatDuration } from '../numbers.ts';
import { COMMON } from '../words/common.ts';
import { STRAVA_PROBLEMS } from '../words/faults.ts';
import { WORDS } from '../words.ts';

/** How reading from Strava goes on, as a pill says it. */
export interface Pill {
  kind: 'busy' | 'wait' | 'done' | 'fault';
  text: string;
  /** 0 to 1; null: nobody knows, or it is no matter. */
  share: number | null;
}

/** null for who is not connected. `now`: Unix seconds. */
export function pillOf({ sync, warming }: Pick<Status, 'sync' | 'warming'>, now: number): Pill | null {
  if (!sync) return null;
  const words = WORDS.strava.pill;
  const share = sync.total > 0 ? sync.done / sync.total : null;
  switch (sync.state) {
    case 'listing':
      return { kind: 'busy', text: words.listing, share: null };
    case 'fetching':
      return { kind: 'busy', text: words.fetching(...counts(sync)), share };
    case 'waiting':
      return { kind: 'wait', text: words.waiting(clockTime(sync.until ?? now, now), ...counts(sync)), share };
    case 'failed':
      return { kind: 'fault', text: failureOf(sync), share: null };
    case 'current':
      if (warming && warming.done < warming.total) {
        return { kind: 'busy', text: words.warming, share: warming.done / warming.total };
      }
      return { kind: 'done', text: words.current(agoOf(sync.checkedAt, now)), share: null };
  }
}

/** Whether more is to come without anybody doing anything. */
export function isAtWork(sync: SyncStatus | null): boolean {
  return sync !== null && sync.state !== 'current' && sync.state !== 'failed';
}

function failureOf({ problem }: SyncStatus): string {
  if (problem === null) return WORDS.strava.pill.failed;
  return STRAVA_PROBLEMS[problem.code] ?? problem.message;
}

function counts({ done, total }: SyncStatus): [done: string, total: string] {
  return [formatCount(done), formatCount(total)];
}

/** The time of day, with the day where it is not today. */
function clockTime(seconds: number, now: number): string {
  const at = new Date(seconds * 1000);
  const time = at.toLocaleTimeString(LANGUAGE, { hour: '2-digit', minute: '2-digit' });
  const isToday = at.toDateString() === new Date(now * 1000).toDateString();
  return isToday ? time : `${at.toLocaleDateString(LANGUAGE, { weekday: 'long' })} ${time}`;
}

function agoOf(checkedAt: number | null, now: number): string | null {
  if (checkedAt === null) return null;
  return now - checkedAt < 60 ? COMMON.justNow : WORDS.strava.pill.ago(formatDuration(now - checkedAt));
}
