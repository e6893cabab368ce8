/** The steps of the browser's history, as this page marks them: which of them a window is, and in which order they are. */
import type { DialogName } from './dialogs/table.ts';

export interface Step {
  /** Counted from the first of the page. */
  at: number;
  /** The window whose step it is. */
  dialog: DialogName | null;
}

type OnTravel = (from: Step, to: Step) => void;

const listeners = new Set<OnTravel>();
/** The browser tells only where it went, not where it came from. */
let last: Step = { at: 0, dialog: null };

/** The step that the browser is at. */
export function thisStep(): Step {
  const { at = 0, dialog = null } = (history.state ?? {}) as Partial<Step>;
  return { at, dialog };
}

/** One more step. */
export function addStep(dialog: DialogName | null, address?: string): void {
  write('pushState', { at: thisStep().at + 1, dialog }, address);
}

/** This step is that of another window, or of none. */
export function markStep(dialog: DialogName | null): void {
  write('replaceState', { ...thisStep(), dialog });
}

/** This step has another address. */
export function addressStep(address: string): void {
  write('replaceState', thisStep(), address);
}

/** Calls a listener whenever the browser went to another step, until the returned function is called. */
export function onTravel(listener: OnTravel): () => void {
  if (listeners.size === 0) {
    last = thisStep();
    addEventListener('popstate', tell);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) removeEventListener('popstate', tell);
  };
}

/** Whether it was left by the back button, or by a window that closed: one step, no more. */
export const wentBack = (from: Step, to: Step): boolean => to.at === from.at - 1;

function tell(): void {
  const from = last;
  last = thisStep();
  for (const listener of listeners) listener(from, last);
}

function write(how: 'pushState' | 'replaceState', { at, dialog }: Step, address?: string): void {
  history[how]({ at, ...(dialog !== null && { dialog }) }, '', address);
  last = thisStep();
}
