/** Trouble on demand: answers that go wrong for some requests, or for the next few. */
import type { Answer } from './answers.ts';

export type Fault =
  /** Says that instead. */
  | { kind: 'answer'; answer: Answer }
  /** Takes its time: real milliseconds, whatever clock there is. */
  | { kind: 'slow'; ms: number }
  /** Does as it is asked; only the answer waits until it is let go. */
  | { kind: 'held'; until: Promise<unknown> }
  /** Half of the body, as if it were all. */
  | { kind: 'truncated' }
  /** Half of the body, then the connection ends. */
  | { kind: 'broken_off' }
  /** The connection ends without an answer. */
  | { kind: 'reset' }
  /** JSON that is not as it should be. */
  | { kind: 'changed'; change: (body: unknown) => unknown };

interface Armed {
  on: RegExp;
  fault: Fault;
  left: number;
}

/** Requests are named `METHOD /path`, without `/api/v3` and without parameters. */
export class Faults {
  #armed: Armed[] = [];

  /** Arms a fault for the next `times` requests whose name matches; answers how to disarm it. */
  add(on: RegExp, fault: Fault, times = Number.POSITIVE_INFINITY): () => void {
    const armed = { on, fault, left: times };
    this.#armed.push(armed);
    return () => {
      this.#armed = this.#armed.filter((one) => one !== armed);
    };
  }

  clear(): void {
    this.#armed = [];
  }

  /** The fault that a request meets, if any: used up by asking. */
  meet(name: string): Fault | null {
    const met = this.#armed.find(({ on, left }) => left > 0 && on.test(name));
    if (!met) return null;
    met.left--;
    return met.fault;
  }
}
