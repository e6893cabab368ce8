/** What a hand does to the chosen months: pure, so that it can be tried without one. Months are whole numbers. */

/** From the first month to the last, both included. */
export interface Span {
  from: number;
  to: number;
}

/** What was taken hold of: an end, the whole, or none of it, where a new span begins. */
export type Hold = 'from' | 'to' | 'whole' | 'new';

/** A hand over the timeline, from when it took hold on. */
export interface Drag {
  hold: Hold;
  /** The month that was touched first. */
  start: number;
  /** What was chosen then. */
  before: Span;
}

/** What is chosen when the hand of a drag is at `month`, on a timeline from `all.from` to `all.to`. */
export function dragged({ hold, start, before }: Drag, month: number, all: Span): Span {
  const at = clamp(month, all);
  switch (hold) {
    case 'from':
      return { from: Math.min(at, before.to), to: before.to };
    case 'to':
      return { from: before.from, to: Math.max(at, before.from) };
    case 'new':
      return { from: Math.min(at, start), to: Math.max(at, start) };
    case 'whole': {
      const length = before.to - before.from;
      const from = Math.min(all.to - length, Math.max(all.from, before.from + month - start));
      return { from, to: from + length };
    }
  }
}

/** What a key does to an end; null: nothing. */
export function keyed(key: string, end: 'from' | 'to', span: Span, all: Span): Span | null {
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowDown: -1,
    ArrowRight: 1,
    ArrowUp: 1,
    PageDown: -12,
    PageUp: 12,
    Home: Number.NEGATIVE_INFINITY,
    End: Number.POSITIVE_INFINITY,
  };
  const step = steps[key];
  if (step === undefined) return null;
  return dragged({ hold: end, start: span[end], before: span }, clamp(span[end] + step, all), all);
}

function clamp(month: number, all: Span): number {
  return Math.min(all.to, Math.max(all.from, month));
}
