/** The simulator's time: all of its lives, windows and delays go by it, and nothing by the machine's. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Milliseconds of the world until that moment, not negative: as the product's clock tells them. */
  until(moment: number): number;
  /** Runs something that many milliseconds later; answers how to call it off. */
  after(ms: number, run: () => void): () => void;
}

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Goes forward, running what falls due on the way, the earliest first, each at its own time. */
  advance(ms: number): void;
}

const START = Date.UTC(2026, 10, 2, 8, 3);

export function manualClock(start = START): ManualClock {
  let time = start;
  let waiting: { at: number; run: () => void }[] = [];
  return {
    now: () => time,
    until: (moment) => Math.max(0, moment - time),
    after(ms, run) {
      const entry = { at: time + ms, run };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((one) => one !== entry);
      };
    },
    advance(ms) {
      const until = time + ms;
      for (;;) {
        const due = waiting.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        waiting = waiting.filter((one) => one !== due);
        time = Math.max(time, due.at);
        due.run();
      }
      time = until;
    },
  };
}

export interface RunningClockOptions {
  /** How much faster it runs than the world's. */
  speed?: number;
  /** Unix milliseconds: what it shows at `epoch`, and when that is in the world. */
  start?: number;
  epoch?: number;
}

/** A clock that runs by itself. Those of several processes with the same options show the same. */
export function runningClock(options: RunningClockOptions = {}): Clock {
  const { speed = 1, epoch = Date.now(), start = epoch } = options;
  const now = () => Math.round(start + (Date.now() - epoch) * speed);
  return {
    now,
    until: (moment) => Math.max(0, moment - now()) / speed,
    after(ms, run) {
      const timer = setTimeout(run, ms / speed);
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}
