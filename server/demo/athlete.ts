/** The demo's athlete: seven years of outings in three parts of the world, all of them made up. */
import { emptyLine, type RawActivity } from '../tracks/recording.ts';
import type { Exported } from './export-writer.ts';
import { type Landscape, landscape } from './landscape.ts';
import { type Chance, chance } from './random.ts';
import { type Pace, recordWay } from './recorder.ts';
import { CAMP, HOME, MOUNTAINS, type Region } from './regions.ts';
import { Router, type Taste, type Way } from './routes.ts';

export interface DemoOptions {
  seed?: number;
  activities?: number;
  /** Unix seconds: the last of them is some days before. */
  until?: number;
}

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

/** What the athlete does, and likes: a metre of street, arterial, road, path and trail. */
const HABITS: Record<string, Habit[]> = {
  [HOME.name]: [
    habit('Ride', 'Ride', 7.4, 1, [1.5, 0.9, 0.8, 1.1, 9], 24_000, 78_000, 36),
    habit('Run', 'Run', 3.1, 1, [1.1, 1.3, 1.3, 0.7, 0.9], 5000, 15_000, 34),
    habit('GravelRide', 'Gravel Ride', 5.6, 2, [1.6, 1.4, 1, 0.7, 1], 18_000, 48_000, 12),
    habit('Hike', 'Hike', 1.3, 3, [1.6, 2, 1.6, 0.9, 0.6], 8000, 17_000, 7),
    habit('Walk', 'Walk', 1.4, 3, [0.9, 1.5, 1.6, 0.8, 1], 2500, 6000, 7),
  ],
  [CAMP.name]: [
    habit('Ride', 'Ride', 7.9, 1, [1.6, 1, 0.8, 1.2, 9], 45_000, 105_000, 80),
    habit('Run', 'Run', 3.2, 1, [1, 1.2, 1.2, 0.8, 0.9], 5000, 11_000, 20),
  ],
  [MOUNTAINS.name]: [
    habit('Hike', 'Hike', 1.2, 3, [1.6, 2, 1.6, 0.9, 0.5], 9000, 21_000, 45),
    habit('TrailRun', 'Trail Run', 2.7, 1, [1.4, 1.8, 1.6, 0.7, 0.5], 7000, 16_000, 25),
    habit('NordicSki', 'Nordic Ski', 4.1, 2, [3, 4, 1.2, 0.7, 0.9], 9000, 24_000, 15),
    habit('Ride', 'Ride', 7.1, 1, [1.5, 0.9, 0.8, 1.1, 9], 30_000, 60_000, 15),
  ],
};
const DAY = 86_400;
const YEARS = 7;
const COMMUTES = 0.16;
/** Ways that are taken again and again: of each habit. */
const FAVOURITES = 5;
const FAVOURITE_SHARE = 0.58;
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
  const stays = new Map([HOME, CAMP, MOUNTAINS].map((region) => [region, new Stay(region, random)]));
  for (let at = 0; at < activities; at++) {
    const day = Math.floor(until / DAY) - Math.round((YEARS * 365 * (activities - at)) / activities);
    const stay = stays.get(regionOn(day, random))!;
    const activity = stay.outing(day * DAY, random);
    yield {
      activity: activity.raw,
      activityId: String(3_100_000_000 + at * 7919),
      commute: activity.commute,
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

/** Two weeks of spring in the south, two weeks of late summer in the mountains, and some days of winter. */
function regionOn(day: number, random: Chance): Region {
  const date = new Date(day * DAY * 1000);
  const ofYear = Math.floor((day * DAY * 1000 - Date.UTC(date.getUTCFullYear(), 0)) / (DAY * 1000));
  if (ofYear > 70 && ofYear < 112) return random.happens(0.85) ? CAMP : HOME;
  if (ofYear > 215 && ofYear < 262) return random.happens(0.85) ? MOUNTAINS : HOME;
  return HOME;
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
    const [{ taste }] = HABITS[region.name];
    this.#door = this.#router.nearest(region.town * 0.34, -region.town * 0.22, taste);
    this.#work = this.#router.nearest(-region.town * 0.55, region.town * 0.48, taste);
  }

  /** An outing on the day that begins at `midnight` (Unix seconds, UTC). */
  outing(midnight: number, random: Chance): { raw: RawActivity; commute: boolean } {
    const { clock } = this.#region;
    if (this.#region === HOME && random.happens(0.035)) {
      return { raw: indoors(midnight + 19 * 3600 - clock, random), commute: false };
    }
    if (this.#region === HOME && random.happens(COMMUTES)) return this.#commute(midnight, random);
    const chosen = this.#choose(random);
    const local = random.pick([8, 9, 10, 12, 16, 17, 18]) + random.next();
    const startedAt = Math.round(midnight + local * 3600 - clock);
    const way = this.#way(chosen, random);
    const daytime = DAYTIMES.find(([hour]) => local < hour)![1];
    const name = random.happens(0.3)
      ? `${chosen.word} by ${random.pick(PLACES)}`
      : `${daytime} ${chosen.word}`;
    return { raw: this.#record(way, chosen, startedAt, name, random), commute: false };
  }

  #commute(midnight: number, random: Chance): { raw: RawActivity; commute: boolean } {
    const [ride] = HABITS[HOME.name];
    const homeward = random.happens(0.5);
    const ends = [this.#door, this.#work];
    const way = this.#router.through(homeward ? ends.reverse() : ends, ride.taste);
    const local = homeward ? random.between(16.5, 18.5) : random.between(7, 8.5);
    const startedAt = Math.round(midnight + local * 3600 - this.#region.clock);
    const pace = { ...ride, speed: 5.6 };
    return { raw: this.#record(way, pace, startedAt, homeward ? 'Home' : 'To work', random), commute: true };
  }

  #choose(random: Chance): Habit {
    const habits = HABITS[this.#region.name];
    let dice = random.next() * habits.reduce((sum, { share }) => sum + share, 0);
    for (const one of habits) {
      dice -= one.share;
      if (dice < 0) return one;
    }
    return habits[0];
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

  #record(way: Way, chosen: Habit, startedAt: number, name: string, random: Chance): RawActivity {
    const { lng, lat } = this.#region;
    const place = { lng, lat, altitude: this.#land.altitude };
    const pace = { every: chosen.every, speed: chosen.speed * random.between(0.9, 1.1) };
    const line = recordWay(way, place, pace, startedAt, random);
    return { ...blank(chosen.sport, name, startedAt), lines: [line] };
  }
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
