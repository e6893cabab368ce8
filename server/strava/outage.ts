import type { Knex } from 'knex';
import { NotNow } from './budget.ts';
import { type Clock, HOUR, MINUTE } from './clock.ts';

/** Failures in a row from which it is Strava that is in trouble, not one activity. */
const MANY = 3;
const LONGEST_PAUSE = 30 * MINUTE;
/** How often a switched off application, or one that Strava does not know, asks whether it still is. */
const PROBE_EVERY = HOUR;

/** What keeps all athletes' work from going on, of all processes: an outage at Strava, or a switched off application. */
export class Outage {
  readonly #db: Knex;
  readonly #clientId: string;
  readonly #clock: Clock;
  readonly #random: () => number;

  constructor(db: Knex, clientId: string, clock: Clock, random: () => number = Math.random) {
    this.#db = db;
    this.#clientId = clientId;
    this.#clock = clock;
    this.#random = random;
  }

  /** Throws NotNow while it lasts. */
  async check(): Promise<void> {
    const pause = await this.pause();
    if (pause) throw pause;
  }

  /** What keeps work from going on now; null where nothing does. */
  async pause(): Promise<NotNow | null> {
    const row = await this.#row().first('pause', 'paused_until');
    if (!row?.pause || row.paused_until.getTime() <= this.#clock.now()) return null;
    return new NotNow(row.paused_until.getTime(), row.pause);
  }

  /** An answer came: whatever it was, it is over. */
  async over(): Promise<void> {
    await this.#row()
      .where((query) => query.where('faults', '>', 0).orWhereNotNull('pause'))
      .update({ faults: 0, pause: null, paused_until: null });
  }

  /** No good answer came. Whether it is still to be put down to what was asked, and not to Strava as a whole. */
  async failed(): Promise<boolean> {
    const [{ faults }] = await this.#row().increment('faults', 1).returning<{ faults: number }[]>('faults');
    if (faults < MANY) return true;
    const pause = Math.min(LONGEST_PAUSE, MINUTE * 2 ** (faults - MANY)) * (0.75 + this.#random() / 2);
    await this.#stop('unavailable', pause);
    return false;
  }

  /** Strava answers nobody of this application: all work stops, but for a look now and then. */
  async switchedOff(why: 'inactive' | 'wrong_app'): Promise<NotNow> {
    await this.#stop(why, PROBE_EVERY);
    return new NotNow(this.#clock.now() + PROBE_EVERY, why);
  }

  async #stop(why: NotNow['why'], milliseconds: number): Promise<void> {
    await this.#row().update({ pause: why, paused_until: new Date(this.#clock.now() + milliseconds) });
  }

  #row() {
    return this.#db('strava_apps').where({ client_id: this.#clientId });
  }
}
