import { setTimeout as sleep } from 'node:timers/promises';
import { SingleBar } from 'cli-progress';
import type { ImportReport } from './control.ts';

const EVERY = 250;
/** Failures listed one by one; of more, how many there are. */
const MOST_LISTED = 20;

export interface Watching {
  /** Aborted when nobody watches any more. */
  signal?: AbortSignal;
  output?: NodeJS.WriteStream;
}

/**
 * Shows an import's progress until it is over, then what came of it. Answers whether it went well: to its end, and not
 * so that every single file failed. That some could not be read is told, and is no reason to stop a script.
 */
export async function showImport(
  read: () => Promise<ImportReport | null>,
  { signal, output = process.stderr }: Watching = {},
): Promise<boolean> {
  const begun = performance.now();
  const format =
    'importing {bar} {value}/{total} files, {points} points, {rate} points/s, {left} left, {failed} failed';
  const report = await follow(read, { format, payloadOf: (now) => payloadOf(now, begun), signal, output });
  if (report === null) return false;
  output.write(`${outcome(report, (performance.now() - begun) / 1000)}\n`);
  return report.state === 'done' && (report.done === 0 || report.failures.length < report.done);
}

/** How far something is. */
interface Progress {
  done: number;
  total: number;
  /** Unix seconds. */
  finishedAt: number | null;
}

/** Shows a bar until what is read is over; answers its end, or null when it is gone or nobody watches any more. */
export async function follow<Report extends Progress>(
  read: () => Promise<Report | null>,
  {
    format,
    payloadOf,
    signal,
    output = process.stderr,
  }: Watching & { format: string; payloadOf(report: Report | null): Record<string, string | number> },
): Promise<Report | null> {
  const bar = new SingleBar({
    format,
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    stream: output,
    hideCursor: true,
    clearOnComplete: true,
    // a log file gets the outcome alone
    noTTYOutput: false,
  });
  bar.start(0, 0, payloadOf(null));
  try {
    while (!signal?.aborted) {
      const report = await read();
      if (report === null) return null;
      bar.setTotal(report.total);
      bar.update(report.done, payloadOf(report));
      if (report.finishedAt !== null) return report;
      await sleep(EVERY, undefined, { signal }).catch(() => {});
    }
    return null;
  } finally {
    bar.stop();
  }
}

function payloadOf(report: ImportReport | null, begun: number) {
  const seconds = Math.max(0.5, (performance.now() - begun) / 1000);
  const { points, done, total, failures } = report ?? { points: 0, done: 0, total: 0, failures: [] };
  const left = done > 0 ? ((total - done) * seconds) / done : Number.NaN;
  return {
    points: short(points),
    rate: short(points / seconds),
    left: Number.isNaN(left) ? '…' : duration(left),
    failed: failures.length,
  };
}

/** In words: what was imported, and each file that was not. */
export function outcome({ state, done, added, points, failures }: ImportReport, seconds: number): string {
  const good = done - failures.length;
  const news =
    good > 0 && added === 0 ? 'nothing new' : `${added} new ${added === 1 ? 'activity' : 'activities'}`;
  const lines = [
    `${state === 'done' ? 'Imported' : 'Stopped after'} ${good} of ${done} files: ${news}, ${short(points)} points in ${duration(seconds)}.`,
  ];
  for (const { name, message } of failures.slice(0, MOST_LISTED)) {
    lines.push(`  ${name ? `${printable(name)}: ` : ''}${printable(message)}`);
  }
  if (failures.length > MOST_LISTED) lines.push(`  and ${failures.length - MOST_LISTED} more`);
  return lines.join('\n');
}

/** A file may be called anything, also by what a terminal takes for commands. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '�');
}

/** A number as it is read at a glance. */
export function short(count: number): string {
  if (count < 1000) return String(Math.round(count));
  if (count < 1e6) return `${(count / 1000).toFixed(count < 1e4 ? 1 : 0)} k`;
  return `${(count / 1e6).toFixed(1)} M`;
}

/** Seconds in words. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}
