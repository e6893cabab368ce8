/** The demo's athlete: seven years of outings in three parts of the world, all of them made up. */
import { emptyLine, type RawActivity } from '../tracks/recording.ts';
import type { Exported } from './export-writer.ts';
import { type Landscape, landscape } from './landscape.ts';
import { type Chance, chance } from './random.ts';
import { type Pace, recordWay } from './recorder.ts';
import { CAMP, HOME, MOUNTAINS, REGIONS, type Region } from './regions.ts';
import { Router, type Taste, type Way } from './routes.ts';
import { type Occasion, type Planned, planOutings } from './year.ts';

export interface DemoOptions {
  seed?: number;
  activities?: number;
  /** Unix seconds: the last of them is some days before. */
  until?: number;
}

/** On a racing bike, a metre of trail feels like nine. */
const ASPHALT: Taste = [1.5, 0.9, 0.8, 1.1, 9];

interface Habit extends Pace {
  sport: string;
  word: string;
  taste: Taste;
  /** Metres. */
  shortest: number;
  longest: number;
  /** How often, beside the others. */
  share: number;
}

/** What on what days the athlete does, where, from what local hours on. */
const LIFE: Record<Occasion, { region: Region; hours: readonly number[]; habits: readonly Habit[] }> = {
  weekday: {
    region: HOME,
    hours: [6, 7, 12, 17, 18, 18],
    habits: [
      habit('Run', 'Run', 3.1, 1, [1.1, 1.3, 1.3, 0.7, 0.9], 5000, 13_000, 44),
      habit('Ride', 'Ride', 7.4, 1, ASPHALT, 18_000, 40_000, 30),
      habit('GravelRide', 'Gravel Ride', 5.6, 2, [1.6, 1.4, 1, 0.7, 1], 15_000, 28_000, 14),
      habit('Walk', 'Walk', 1.4, 3, [0.9, 1.5, 1.6, 0.8, 1], 2500, 6000, 12),
    ],
  },
  weekend: {
    region: HOME,
    hours: [8, 9, 10, 11, 13],
    habits: [
      habit('Ride', 'Ride', 7.4, 1, ASPHALT, 40_000, 95_000, 44),
      habit('Run', 'Long Run', 3, 1, [1.4, 1.5, 1.2, 0.7, 0.8], 12_000, 21_000, 22),
      habit('GravelRide', 'Gravel Ride', 5.6, 2, [1.6, 1.4, 1, 0.7, 1], 25_000, 52_000, 16),
      habit('Hike', 'Hike', 1.3, 3, [1.6, 2, 1.6, 0.9, 0.6], 8000, 17_000, 18),
    ],
  },
  camp: {
    region: CAMP,
    hours: [8, 9, 10],
    habits: [
      habit('Ride', 'Ride', 7.9, 1, [1.6, 1, 0.8, 1.2, 9], 45_000, 105_000, 80),
      habit('Run', 'Run', 3.2, 1, [1, 1.2, 1.2, 0.8, 0.9], 5000, 11_000, 20),
    ],
  },
  mountains: {
    region: MOUNTAINS,
    hours: [8, 9, 10],
    habits: [
      habit('Hike', 'Hike', 1.2, 3, [1.6, 2, 1.6, 0.9, 0.5], 9000, 21_000, 50),
      habit('TrailRun', 'Trail Run', 2.7, 1, [1.4, 1.8, 1.6, 0.7, 0.5], 7000, 16_000, 30),
      habit('Ride', 'Ride', 7.1, 1, ASPHALT, 30_000, 60_000, 20),
    ],
  },
  snow: {
    region: MOUNTAINS,
    hours: [10, 11, 13],
    habits: [habit('NordicSki', 'Nordic Ski', 4.1, 2, [3, 4, 1.2, 0.7, 0.9], 9000, 24_000, 1)],
  },
};
const DAY = 86_400;
/** Of a second outing on a day. */
const LATE_HOURS = [16, 17, 18];
/** Seconds from one outing to the next, at least. */
const REST = 3600;
const COMMUTES = 0.32;
const INDOORS = 0.05;
/** Ways that are taken again and again: of each habit. */
const FAVOURITES = 4;
const FAVOURITE_SHARE = 0.6;
const PLACES = ['the vineyards', 'the old mill', 'three villages', 'the ridge', 'the river', 'the lakes'];
const DAYTIMES = [
  [11, 'Morning'],
  [14, 'Lunch'],
  [18, 'Afternoon'],
  [24, 'Evening'],
] as const;

/** Activities as a bulk export has them, the earliest first; the same for the same options. */
export function* demoActivities({
  seed = 7,
  activities = 420,
  until = Date.UTC(2026, 9, 31) / 1000,
}: DemoOptions = {}): Generator<Exported> {
  const random = chance(seed);
  const stays = new Map(REGIONS.map((region) => [region, new Stay(region, random)]));
  const planned = planOutings(activities, Math.floor(until / DAY) - 2, random);
  let free = Number.NEGATIVE_INFINITY;
  for (const [at, one] of planned.entries()) {
    const { raw, commute } = stays.get(LIFE[one.occasion].region)!.outing({ ...one, free }, random);
    free = raw.lines[0].time.at(-1)! + REST;
    yield {
      activity: raw,
      activityId: String(3_100_000_000 + at * 7919),
      commute,
      format: random.pick(['fit.gz', 'fit.gz', 'fit.gz', 'gpx.gz', 'tcx.gz', 'gpx']),
    };
  }
}

function habit(
  sport: string,
  word: string,
  speed: number,
  every: number,
  taste: Taste,
  ...[shortest, longest, share]: [number, number, number]
): Habit {
  return { sport, word, speed, every, taste, shortest, longest, share };
}

interface When extends Planned {
  /** Unix seconds: the outing before has ended, and some rest. */
  free: number;
}

/** Somebody's life in one region: a door, a way to work, and habits. */
class Stay {
  readonly #region: Region;
  readonly #land: Landscape;
  readonly #router: Router;
  readonly #door: number;
  readonly #work: number;
  readonly #favourites = new Map<Habit, Way[]>();

  constructor(region: Region, random: Chance) {
    this.#region = region;
    this.#land = landscape(region, random);
    this.#router = new Router(this.#land.network, random);
    this.#door = this.#router.nearest(region.town * 0.34, -region.town * 0.22, ASPHALT);
    this.#work = this.#router.nearest(-region.town * 0.55, region.town * 0.48, ASPHALT);
  }

  outing(when: When, random: Chance): { raw: RawActivity; commute: boolean } {
    const { hours, habits } = LIFE[when.occasion];
    if (this.#region === HOME && random.happens(INDOORS)) {
      return { raw: indoors(this.#startAt(when, random.between(18.5, 20)), random), commute: false };
    }
    const isSecond = when.free > when.day * DAY - this.#region.clock;
    if (when.occasion === 'weekday' && random.happens(COMMUTES)) {
      return { raw: this.#commute(when, isSecond || random.happens(0.5), random), commute: true };
    }
    const chosen = choose(habits, random);
    const local = random.pick(isSecond ? LATE_HOURS : hours) + random.next();
    const way = this.#way(chosen, random);
    const daytime = DAYTIMES.find(([hour]) => local < hour)![1];
    const name = random.happens(0.3)
      ? `${chosen.word} by ${random.pick(PLACES)}`
      : `${daytime} ${chosen.word}`;
    return { raw: this.#record(way, chosen, this.#startAt(when, local), name, random), commute: false };
  }

  #commute(when: When, isHomeward: boolean, random: Chance): RawActivity {
    const ends = [this.#door, this.#work];
    const way = this.#router.through(isHomeward ? ends.reverse() : ends, ASPHALT);
    const local = isHomeward ? random.between(16.5, 18.5) : random.between(7, 8.5);
    const pace = { sport: 'Ride', speed: 5.6, every: 1 };
    const name = isHomeward ? 'Home' : 'To work';
    return this.#record(way, pace, this.#startAt(when, local), name, random);
  }

  /** Unix seconds of a local hour, or later, when the outing before has ended. */
  #startAt({ day, free }: When, hour: number): number {
    return Math.round(Math.max(free, day * DAY + hour * 3600 - this.#region.clock));
  }

  #way(chosen: Habit, random: Chance): Way {
    let favourites = this.#favourites.get(chosen);
    if (!favourites) {
      favourites = Array.from({ length: FAVOURITES }, () => this.#roundTrip(chosen, 0.75, random));
      this.#favourites.set(chosen, favourites);
    }
    if (!random.happens(FAVOURITE_SHARE)) return this.#roundTrip(chosen, 1, random);
    // the first ones most
    return favourites[Math.floor(random.next() ** 1.8 * FAVOURITES)];
  }

  #roundTrip({ shortest, longest, taste }: Habit, reach: number, random: Chance): Way {
    const metres = shortest + (longest - shortest) * reach * random.next() ** 1.3;
    return this.#router.around(this.#door, metres, random.between(-Math.PI, Math.PI), taste, random);
  }

  #record(
    way: Way,
    chosen: Pace & { sport: string },
    startedAt: number,
    name: string,
    random: Chance,
  ): RawActivity {
    const { lng, lat } = this.#region;
    const place = { lng, lat, altitude: this.#land.altitude };
    const pace = { every: chosen.every, speed: chosen.speed * random.between(0.9, 1.1) };
    const line = recordWay(way, place, pace, startedAt, random);
    return { ...blank(chosen.sport, name, startedAt), lines: [line] };
  }
}

function choose(habits: readonly Habit[], random: Chance): Habit {
  let dice = random.next() * habits.reduce((sum, { share }) => sum + share, 0);
  for (const one of habits) {
    dice -= one.share;
    if (dice < 0) return one;
  }
  return habits[0];
}

/** Where a watch finds no satellites. */
function indoors(startedAt: number, random: Chance): RawActivity {
  const line = emptyLine();
  const seconds = random.between(1500, 3600);
  for (let time = 0; time < seconds; time += 10) {
    line.lng.push(Number.NaN);
    line.lat.push(Number.NaN);
    line.altitude.push(Number.NaN);
    line.time.push(startedAt + time);
  }
  return { ...blank('WeightTraining', 'Weights', startedAt), lines: [line] };
}

function blank(sport: string, name: string, startedAt: number): RawActivity {
  return { sport, name, startedAt, lines: [], virtual: false, planned: false, notes: [] };
}
