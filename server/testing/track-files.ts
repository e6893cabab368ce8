/** Made-up recordings for tests; the files that devices and services write of them come from demo/. */
import { emptyLine, type RawActivity } from '../tracks/recording.ts';
import { seeded } from './sample-activities.ts';

export interface OutingOptions {
  seed?: number;
  points?: number;
  sport?: string;
  name?: string | null;
  /** Unix seconds. */
  startedAt?: number;
  /** Degrees: where it begins. */
  lng?: number;
  lat?: number;
  /** Metres: how much the position is off from one second to the next. */
  noise?: number;
}

/** Metres a second at which somebody usually goes. */
const SPEEDS: Record<string, number> = { Run: 3, TrailRun: 2.7, Ride: 7, Walk: 1.4, Hike: 1.2, Swim: 0.9 };

/** An outing recorded once a second, with the errors a receiver makes: they drift, they do not jump about. */
export function recordedOuting(options: OutingOptions = {}): RawActivity {
  const {
    seed = 1,
    points = 600,
    sport = 'Ride',
    name = 'Round the lake',
    startedAt = 1_717_142_400,
  } = options;
  const { lng = 11.25, lat = 47.98, noise = 0.3 } = options;
  const random = seeded(seed);
  const wobble = () => (random() + random() + random() + random() - 2) * Math.sqrt(3);
  const line = emptyLine();
  const metre = 1 / 111_320;
  const usual = SPEEDS[sport] ?? 3;
  let [x, y, heading, speed] = [0, 0, random() * 2 * Math.PI, usual];
  let [errorX, errorY, height, slope] = [0, 0, 580, 0];
  for (let at = 0; at < points; at++) {
    line.lng.push(round(lng + ((x + errorX) * metre) / Math.cos((lat * Math.PI) / 180), 7));
    line.lat.push(round(lat + (y + errorY) * metre, 7));
    line.time.push(startedAt + at);
    line.altitude.push(round(height, 1));
    heading += 0.05 * wobble();
    speed = Math.max(0, speed + 0.1 * wobble() - (speed - usual) * 0.02);
    x += speed * Math.cos(heading);
    y += speed * Math.sin(heading);
    errorX = 0.98 * errorX + noise * wobble();
    errorY = 0.98 * errorY + noise * wobble();
    slope = 0.99 * slope + 0.003 * wobble();
    height += speed * slope;
  }
  return { sport, name, startedAt, lines: [line], virtual: false, planned: false, notes: [] };
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
