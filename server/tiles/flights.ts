import { Urgency } from './urgency.ts';

interface Flight<Value> {
  result: Promise<Value>;
  askers: number;
  /** Aborted when nobody waits any more. */
  controller: AbortController;
  urgency: Urgency;
}

export interface Asker {
  /** Aborted when the asker has gone. */
  signal?: AbortSignal;
  /** Nobody live waits for it. */
  background?: boolean;
}

/** Does the work; told to stop by the signal, and by its urgency when the first live asker joins. */
type Start<Value> = (signal: AbortSignal, urgency: Urgency) => Promise<Value>;

/**
 * One piece of work in flight per key, however many ask for it. An asker whose signal is aborted stops waiting at
 * once; the work itself is told to stop when the last asker has gone. A live asker makes work live that was begun in
 * the background.
 */
export class Flights<Value> {
  readonly #flights = new Map<string, Flight<Value>>();

  /** Joins the work in flight under `key`, or starts it. Rejects with the signal's reason when it is aborted. */
  async join(key: string, start: Start<Value>, { signal, background = false }: Asker = {}): Promise<Value> {
    signal?.throwIfAborted();
    const flight = this.#flights.get(key) ?? this.#start(key, start, background);
    if (!background) flight.urgency.raise();
    flight.askers++;
    if (!signal) return flight.result;
    const { promise: gone, reject } = Promise.withResolvers<never>();
    const leave = () => {
      reject(signal.reason);
      if (--flight.askers === 0) {
        this.#forget(key, flight);
        flight.controller.abort(signal.reason);
      }
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([flight.result, gone]);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  /** Whether work is in flight under `key`. */
  has(key: string): boolean {
    return this.#flights.has(key);
  }

  get size(): number {
    return this.#flights.size;
  }

  #start(key: string, start: Start<Value>, background: boolean): Flight<Value> {
    const controller = new AbortController();
    const urgency = new Urgency(!background);
    const result = start(controller.signal, urgency);
    const flight: Flight<Value> = { result, askers: 0, controller, urgency };
    this.#flights.set(key, flight);
    const forget = () => this.#forget(key, flight);
    flight.result.then(forget, forget);
    return flight;
  }

  #forget(key: string, flight: Flight<Value>) {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}
