import type { AppSettings } from './app-settings.ts';
import type { Clock } from './clock.ts';

const QUARTER = 15 * 60_000;
const DAY = 86_400_000;

export type Cost = 'read' | 'overall';

/** What an application has used: counters that begin anew at each quarter of the hour, and at midnight UTC. */
export class RateLimits {
  readonly #app: AppSettings;
  readonly #clock: Clock;
  #quarter = -1;
  #day = -1;
  #used = { overall: [0, 0], read: [0, 0] };

  constructor(app: AppSettings, clock: Clock) {
    this.#app = app;
    this.#clock = clock;
  }

  /** Calls so far: of this quarter, and of this day. */
  get used(): { overall: readonly number[]; read: readonly number[] } {
    this.#turn();
    return this.#used;
  }

  /** Counts a call; false where it is over a limit. A call turned away still counts in the day. */
  take(cost: Cost): boolean {
    this.#turn();
    const kinds = cost === 'read' ? (['overall', 'read'] as const) : (['overall'] as const);
    const fits = kinds.every((kind) =>
      this.#used[kind].every((used, at) => used < this.#app.limits[kind][at]),
    );
    for (const kind of kinds) {
      if (fits) this.#used[kind][0]++;
      this.#used[kind][1]++;
    }
    return fits;
  }

  /** Calls that something else made with the same application. */
  spend(calls: number, cost: Cost = 'read'): void {
    for (let call = 0; call < calls; call++) this.take(cost);
  }

  /** As every answer carries them: the quarter's value, the day's. */
  headers(): Record<string, string> {
    const { overall, read } = this.used;
    const { limits } = this.#app;
    // on the wire their case varies
    const name =
      overall[1] % 2 === 0 ? ['X-RateLimit', 'X-ReadRateLimit'] : ['X-Ratelimit', 'X-Readratelimit'];
    return {
      [`${name[0]}-Limit`]: limits.overall.join(),
      [`${name[0]}-Usage`]: overall.join(),
      [`${name[1]}-Limit`]: limits.read.join(),
      [`${name[1]}-Usage`]: read.join(),
    };
  }

  #turn(): void {
    const now = this.#clock.now();
    const quarter = Math.floor(now / QUARTER);
    const day = Math.floor(now / DAY);
    if (quarter !== this.#quarter) {
      this.#used.overall[0] = 0;
      this.#used.read[0] = 0;
    }
    if (day !== this.#day) {
      this.#used.overall[1] = 0;
      this.#used.read[1] = 0;
    }
    this.#quarter = quarter;
    this.#day = day;
  }
}
