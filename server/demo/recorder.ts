/** From a way to what a watch records of it. */
import { emptyLine, type RawLine } from '../tracks/recording.ts';
import type { Chance } from './random.ts';
import type { Way } from './routes.ts';

export interface Place {
  lng: number;
  lat: number;
  /** Metres above the sea at metres east and north. */
  altitude(x: number, y: number): number;
}

export interface Pace {
  /** Metres a second on the flat. */
  speed: number;
  /** Seconds from one point to the next. */
  every: number;
}

const METRES_PER_DEGREE = 111_320;
/** Stops, at lights and views: one in so many metres. */
const STOP_EVERY = 4500;

/** Walks along a way from a time on (Unix seconds): speed comes and goes, and the position wanders by some metres. */
export function recordWay(
  way: Way,
  place: Place,
  { speed, every }: Pace,
  startedAt: number,
  random: Chance,
): RawLine {
  const line = emptyLine();
  const perDegree = METRES_PER_DEGREE * Math.cos((place.lat * Math.PI) / 180);
  // forgotten within a minute, some 2 m in the long run
  const keep = 0.97 ** every;
  const jolt = 1.9 * Math.sqrt(1 - keep * keep);
  let errorX = random.bell() * 2;
  let errorY = random.bell() * 2;
  let mood = 0;
  let time = startedAt;
  let standing = 0;
  let next = 0;
  for (let at = 2; at < way.length; at += 2) {
    const [x, y] = [way[at - 2], way[at - 1]];
    const [dx, dy] = [way[at] - x, way[at + 1] - y];
    const length = Math.hypot(dx, dy);
    for (; next < length; ) {
      const share = next / length;
      const [nowX, nowY] = [x + dx * share, y + dy * share];
      errorX = errorX * keep + random.bell() * jolt;
      errorY = errorY * keep + random.bell() * jolt;
      line.lng.push(place.lng + (nowX + errorX) / perDegree);
      line.lat.push(place.lat + (nowY + errorY) / METRES_PER_DEGREE);
      line.altitude.push(Math.round(place.altitude(nowX, nowY) * 5) / 5);
      line.time.push(time);
      time += every;
      if (standing > 0) {
        standing -= every;
        continue;
      }
      mood = mood * 0.98 + random.bell() * 0.03;
      const step = Math.max(0.4, speed * every * (1 + mood));
      next += step;
      if (random.happens(step / STOP_EVERY)) standing = random.between(10, 70);
    }
    next -= length;
  }
  return line;
}
