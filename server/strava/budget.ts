import type { Knex } from 'knex';
import { type Clock, DAY, MINUTE } from './clock.ts';

/** `news`: what somebody waits for, lists and webhooks; `bulk`: the long tail of recordings, which leaves room for news. */
export type Purpose = 'news' | 'bulk';

/** The windows that a call was counted in, so that its answer's figures are taken for no others. */
export interface Granted {
  quarterAt: number;
  dayAt: number;
}

/** Nothing may be asked before a moment (Unix milliseconds), and why. */
export class NotNow extends Error {
  readonly until: number;
  readonly why: 'limit' | 'inactive' | 'wrong_app' | 'unavailable';
  constructor(until: number, why: NotNow['why']) {
    super(`not before ${new Date(until).toISOString()}: ${why}`);
    this.name = 'NotNow';
    this.until = until;
    this.why = why;
  }
}

const QUARTER = 15 * MINUTE;
/**
 * Our clock and Strava's may differ by this much: a window begins that much later here, and calls from that much before
 * its end on, in which of the two windows Strava counts them nobody knows, are counted in both.
 */
const SLACK = 5000;
/** Of each limit, what bulk leaves to news. */
const RESERVE = 0.1;

const KINDS = ['read', 'overall'] as const;
const WINDOWS = ['quarter', 'day'] as const;
type Counted = `${(typeof KINDS)[number]}_${(typeof WINDOWS)[number]}`;

type Late = `${(typeof KINDS)[number]}_late`;

type Counters = Record<`${Counted}_used` | `${Counted}_limit` | Late, number> & {
  quarter_at: Date | null;
  day_at: Date | null;
};

const COLUMNS = [
  ...KINDS.flatMap((kind) =>
    WINDOWS.flatMap((window) => [`${kind}_${window}_used`, `${kind}_${window}_limit`]),
  ),
  ...KINDS.map((kind) => `${kind}_late`),
  'quarter_at',
  'day_at',
];

/**
 * The calls that Strava grants one application, counted in the database for all athletes and processes: each call is
 * counted before it is made, and what the answer says is believed where it is more. So no window is ever exceeded by
 * us, whoever was killed meanwhile, and other programs of the same application are taken into account.
 */
export class Budget {
  readonly #db: Knex;
  readonly #clientId: string;
  readonly #clock: Clock;

  constructor(db: Knex, clientId: string, clock: Clock) {
    this.#db = db;
    this.#clientId = clientId;
    this.#clock = clock;
  }

  /** Counts a call that is about to be made. Throws NotNow when it has to wait for another window. */
  async take(purpose: Purpose): Promise<Granted> {
    return this.#change((counters, windows) => {
      const until = waitFor(counters, windows, purpose);
      if (until !== null) throw new NotNow(until, 'limit');
      this.#count(counters, windows, KINDS);
      return windows;
    });
  }

  /** Counts a call that withdraws a consent: it is no read, and waits for nothing. */
  async leave(): Promise<Granted> {
    return this.#change((counters, windows) => {
      this.#count(counters, windows, ['overall']);
      return windows;
    });
  }

  /** Until when a read would have to wait, in Unix milliseconds; null: not at all. */
  async wait(purpose: Purpose): Promise<number | null> {
    const counters = await this.#db('strava_apps')
      .where({ client_id: this.#clientId })
      .first<Counters | undefined>();
    if (!counters) return null;
    const windows = turn(counters, this.#windows());
    return waitFor(counters, windows, purpose);
  }

  /** Takes over what an answer says of the limits, and of the calls made in the windows it was asked in. */
  async note(headers: Headers, granted: Granted): Promise<void> {
    const told = KINDS.map((kind) => {
      const name = kind === 'read' ? 'x-readratelimit' : 'x-ratelimit';
      return { kind, limits: pair(headers.get(`${name}-limit`)), used: pair(headers.get(`${name}-usage`)) };
    }).filter(({ limits, used }) => limits || used);
    if (told.length === 0) return;
    await this.#change((counters, windows) => {
      const same = [granted.quarterAt === windows.quarterAt, granted.dayAt === windows.dayAt];
      for (const { kind, limits, used } of told) {
        WINDOWS.forEach((window, at) => {
          if (limits) counters[`${kind}_${window}_limit`] = limits[at];
          const name = `${kind}_${window}_used` as const;
          if (used && same[at]) counters[name] = Math.max(counters[name], used[at]);
        });
      }
    });
  }

  /** Strava says that a limit is reached, whatever we counted: nothing more in this quarter. Answers when it goes on. */
  async spent(granted: Granted): Promise<NotNow> {
    await this.#change((counters, { quarterAt }) => {
      if (quarterAt !== granted.quarterAt) return;
      for (const kind of KINDS) counters[`${kind}_quarter_used`] = counters[`${kind}_quarter_limit`];
    });
    return new NotNow(endOf('quarter', granted), 'limit');
  }

  /** Calls of a day that Strava allows for reading. */
  async readsOfDay(): Promise<number> {
    return this.#change((counters) => counters.read_day_limit);
  }

  /** Changes the counters of the windows that are now, while no other process does. */
  async #change<T>(body: (counters: Counters, windows: Granted) => T): Promise<T> {
    const now = this.#windows();
    return this.#db.transaction(async (trx) => {
      const mine = { client_id: this.#clientId };
      await trx('strava_apps').insert(mine).onConflict('client_id').ignore();
      const counters: Counters = await trx('strava_apps').where(mine).forUpdate().first(COLUMNS);
      const windows = turn(counters, now);
      const result = body(counters, windows);
      await trx('strava_apps').where(mine).update(counters);
      return result;
    });
  }

  #count(counters: Counters, { quarterAt }: Granted, kinds: readonly (typeof KINDS)[number][]): void {
    const isLate = this.#clock.now() >= quarterAt + QUARTER - SLACK;
    for (const kind of kinds) {
      for (const window of WINDOWS) counters[`${kind}_${window}_used`]++;
      if (isLate) counters[`${kind}_late`]++;
    }
  }

  #windows(): Granted {
    const now = this.#clock.now() - SLACK;
    return { quarterAt: now - (now % QUARTER), dayAt: now - (now % DAY) };
  }
}

/**
 * Begins to count anew what is of a window before, but for what may be of this one. Answers the windows that are counted
 * in: those that are now, or the next where a process whose clock is a little before ours is in them already.
 */
function turn(counters: Counters, now: Granted): Granted {
  const nextOf = (at: Date | null, begins: number, length: number) =>
    at?.getTime() === begins + length ? begins + length : begins;
  const windows = {
    quarterAt: nextOf(counters.quarter_at, now.quarterAt, QUARTER),
    dayAt: nextOf(counters.day_at, now.dayAt, DAY),
  };
  const isNext = counters.quarter_at?.getTime() === windows.quarterAt - QUARTER;
  const turned = WINDOWS.filter((window) => counters[`${window}_at`]?.getTime() !== windows[`${window}At`]);
  for (const window of turned) {
    for (const kind of KINDS) counters[`${kind}_${window}_used`] = isNext ? counters[`${kind}_late`] : 0;
    counters[`${window}_at`] = new Date(windows[`${window}At`]);
  }
  // each day begins with a quarter of an hour
  if (turned.length > 0) for (const kind of KINDS) counters[`${kind}_late`] = 0;
  return windows;
}

function waitFor(counters: Counters, windows: Granted, purpose: Purpose): number | null {
  for (const window of ['day', 'quarter'] as const) {
    for (const kind of KINDS) {
      const limit = counters[`${kind}_${window}_limit`];
      const most = purpose === 'news' ? limit : Math.floor(limit * (1 - RESERVE));
      if (counters[`${kind}_${window}_used`] + 1 > most) return endOf(window, windows);
    }
  }
  return null;
}

/** The first moment, on our clock, of the window after. */
function endOf(window: (typeof WINDOWS)[number], { quarterAt, dayAt }: Granted): number {
  return SLACK + (window === 'quarter' ? quarterAt + QUARTER : dayAt + DAY);
}

/** `a quarter's,a day's` figures; null for anything else. */
function pair(header: string | null): [number, number] | null {
  const found = /^\s*(\d{1,9})\s*,\s*(\d{1,9})\s*$/.exec(header ?? '');
  return found && [Number(found[1]), Number(found[2])];
}
