interface Flight<Value> {
  result: Promise<Value>;
  askers: number;
  /** Aborted when nobody waits any more. */
  controller: AbortController;
}

/**
 * One piece of work in flight per key, however many ask for it. An asker whose signal is aborted stops waiting at
 * once; the work itself is told to stop when the last asker has gone.
 */
export class Flights<Value> {
  readonly #flights = new Map<string, Flight<Value>>();

  /** Joins the work in flight under `key`, or starts it. Rejects with the signal's reason when it is aborted. */
  async join(
    key: string,
    start: (signal: AbortSignal) => Promise<Value>,
    signal?: AbortSignal,
  ): Promise<Value> {
    signal?.throwIfAborted();
    const flight = this.#flights.get(key) ?? this.#start(key, start);
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

  get size(): number {
    return this.#flights.size;
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<Value>): Flight<Value> {
    const controller = new AbortController();
    const flight: Flight<Value> = { result: start(controller.signal), askers: 0, controller };
    this.#flights.set(key, flight);
    const forget = () => this.#forget(key, flight);
    flight.result.then(forget, forget);
    return flight;
  }

  #forget(key: string, flight: Flight<Value>) {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}
