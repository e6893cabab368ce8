/**
 * A made-up athlete of any size, the same for the same seed: winding roads about two homes, the favourites ridden
 * most, and some trips, recorded once a second with the slowly wandering error of a real receiver.
 */
import { seeded } from '../server/testing/sample-activities.ts';
import type { Track } from '../server/tracks/recording.ts';

export interface BenchActivity {
  track: Track;
  sport: string;
  /** Unix seconds. */
  startedAt: number;
}

/** A round trip: metres east and north of a place, a point each `STEP` metres. */
interface Route {
  lat: number;
  lng: number;
  east: Float64Array;
  north: Float64Array;
}

export const HOMES = [
  { lat: 47.99, lng: 7.85, share: 0.75 },
  { lat: 52.52, lng: 13.4, share: 0.15 },
];
const METRES_PER_DEGREE = 111_320;
const ROUTES_PER_HOME = 120;
const STEP = 40;
const STEPS = 700;

/** `points` are those of one activity in the mean; activities differ by up to half of it. */
export function* benchActivities(activities: number, points: number, seed = 1): Generator<BenchActivity> {
  const random = seeded(seed);
  const routes = HOMES.map((home) =>
    Array.from({ length: ROUTES_PER_HOME }, () => routeAt(home.lat, home.lng, random)),
  );
  for (let at = 0; at < activities; at++) {
    const dice = random();
    // favourites: the square makes the first routes the most ridden
    const favourite = Math.floor(random() ** 2 * ROUTES_PER_HOME);
    let route = routes[dice < HOMES[0].share ? 0 : 1][favourite];
    if (dice > 0.9) route = routeAt(30 + random() * 30, -10 + random() * 40, random);
    const count = Math.round(points * (0.5 + random()));
    const startedAt = Math.floor(1.4e9 + (at / activities) * 3.2e8);
    yield {
      track: record(route, count, startedAt, random),
      sport: random() < 0.7 ? 'Ride' : 'Run',
      startedAt,
    };
  }
}

/** Streets turn seldom and sharply, roads bend; after half the way it leans homeward. */
function routeAt(lat: number, lng: number, random: () => number): Route {
  const route = { lat, lng, east: new Float64Array(STEPS), north: new Float64Array(STEPS) };
  const startEast = (random() - 0.5) * 3000;
  const startNorth = (random() - 0.5) * 3000;
  let east = startEast;
  let north = startNorth;
  let heading = random() * 2 * Math.PI;
  for (let at = 0; at < STEPS; at++) {
    route.east[at] = east;
    route.north[at] = north;
    if (random() < 0.05) heading += (random() < 0.5 ? -1 : 1) * (Math.PI / 2);
    heading += (random() - 0.5) * 0.25;
    if (at > STEPS / 2) {
      heading += Math.sin(Math.atan2(startNorth - north, startEast - east) - heading) * 0.2;
    }
    east += Math.cos(heading) * STEP;
    north += Math.sin(heading) * STEP;
  }
  return route;
}

/** One passage at 4 to 9 m/s, there and back if it is long, in one direction or the other. */
function record(route: Route, count: number, startedAt: number, random: () => number): Track {
  const line = {
    lng: new Int32Array(count),
    lat: new Int32Array(count),
    time: new Float64Array(count),
    altitude: new Float32Array(count),
  };
  const speed = 4 + random() * 5;
  const reversed = random() < 0.5;
  const perDegree = METRES_PER_DEGREE * Math.cos((route.lat * Math.PI) / 180);
  const way = STEPS - 1;
  let errorEast = 0;
  let errorNorth = 0;
  for (let at = 0; at < count; at++) {
    const done = ((at * speed) / STEP) % (2 * way);
    const there = done < way ? done : 2 * way - done;
    const place = Math.min(reversed ? way - there : there, way - 1e-9);
    const index = Math.floor(place);
    const share = place - index;
    // a first-order walk around the truth: 3 m in the long run, forgotten within half a minute
    errorEast = errorEast * 0.97 + (random() + random() - 1) * 1.8;
    errorNorth = errorNorth * 0.97 + (random() + random() - 1) * 1.8;
    const east = route.east[index] * (1 - share) + route.east[index + 1] * share + errorEast;
    const north = route.north[index] * (1 - share) + route.north[index + 1] * share + errorNorth;
    line.lng[at] = Math.round((route.lng + east / perDegree) * 1e7);
    line.lat[at] = Math.round((route.lat + north / METRES_PER_DEGREE) * 1e7);
    line.time[at] = startedAt + at;
    line.altitude[at] = 250;
  }
  return { lines: [line], pointCount: count, distance: speed * count, startedAt, elapsed: count };
}
