import type { Limits } from './limits.ts';
import { tooManyActivities, tooManyPoints } from './limits.ts';
import { emptyLine, type RawActivity, type RawLine } from './recording.ts';

/** Takes down activities, lines and points as a file tells them, within the limits of one file. */
export class Recorder {
  readonly activities: RawActivity[] = [];
  /** The activity whose points come now. */
  current: RawActivity | null = null;
  readonly #limits: Limits;
  #line: RawLine | null = null;
  #points = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  begin(planned: boolean): RawActivity {
    this.end();
    if (this.activities.length >= this.#limits.activities) throw tooManyActivities(this.#limits.activities);
    this.current = emptyActivity(planned);
    this.activities.push(this.current);
    return this.current;
  }

  end(): void {
    this.breakLine();
    this.current = null;
  }

  /** The next point is not joined with the last. */
  breakLine(): void {
    this.#line = null;
  }

  /** Degrees, Unix seconds and metres, NaN unknown. A point that tells neither where nor when is none. */
  point(lng: number, lat: number, time: number, altitude: number): void {
    if (!this.current || ((Number.isNaN(lng) || Number.isNaN(lat)) && Number.isNaN(time))) return;
    if (!this.#line) {
      this.#line = emptyLine();
      this.current.lines.push(this.#line);
      // a line takes the room of many points
      this.#points += POINTS_A_LINE;
    }
    if (++this.#points > this.#limits.points) throw tooManyPoints(this.#limits.points);
    this.#line.lng.push(lng);
    this.#line.lat.push(lat);
    this.#line.time.push(time);
    this.#line.altitude.push(altitude);
  }
}

const POINTS_A_LINE = 16;

export function emptyActivity(planned: boolean): RawActivity {
  return { sport: null, name: null, startedAt: null, lines: [], virtual: false, planned, notes: [] };
}

/** Unix seconds of the first point that knows its time; NaN if none does. */
export function firstTime({ lines }: RawActivity): number {
  for (const { time } of lines) for (const at of time) if (!Number.isNaN(at)) return at;
  return Number.NaN;
}
