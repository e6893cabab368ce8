/**
 * A made-up athlete of any size, the same for the same seed: loops from two homes, the favourites ridden most, some
 * trips, recorded once a second with the slowly wandering error of a real receiver.
 */
import { seeded } from '../server/testing/sample-activities.ts';
import type { Track } from '../server/tracks/recording.ts';

export interface BenchActivity {
  track: Track;
  sport: string;
  /** Unix seconds. */
  startedAt: number;
}

interface Loop {
  lat: number;
  lng: number;
  /** Metres of the mean radius. */
  radius: number;
  /** Amplitude and phase of the first harmonics of x and y. */
  waves: { x: number; y: number; phase: number }[];
}

export const HOMES = [
  { lat: 47.99, lng: 7.85, share: 0.75 },
  { lat: 52.52, lng: 13.4, share: 0.15 },
];
const METRES_PER_DEGREE = 111_320;
const LOOPS_PER_HOME = 60;

/** `points` are those of one activity in the mean; activities differ by up to half of it. */
export function* benchActivities(activities: number, points: number, seed = 1): Generator<BenchActivity> {
  const random = seeded(seed);
  const loops = HOMES.map((home) =>
    Array.from({ length: LOOPS_PER_HOME }, () => loopAt(home.lat, home.lng, random)),
  );
  for (let at = 0; at < activities; at++) {
    const dice = random();
    // favourites: the square makes the first loops the most ridden
    const favourite = Math.floor(random() ** 2 * LOOPS_PER_HOME);
    let loop = loops[dice < HOMES[0].share ? 0 : 1][favourite];
    if (dice > 0.9) loop = loopAt(30 + random() * 30, -10 + random() * 40, random);
    const count = Math.round(points * (0.5 + random()));
    const startedAt = Math.floor(1.4e9 + (at / activities) * 3.2e8);
    yield {
      track: record(loop, count, startedAt, random),
      sport: random() < 0.7 ? 'Ride' : 'Run',
      startedAt,
    };
  }
}

function loopAt(lat: number, lng: number, random: () => number): Loop {
  const waves = Array.from({ length: 24 }, (_, k) => ({
    x: (random() - 0.5) / (k + 1),
    y: (random() - 0.5) / (k + 1),
    phase: random() * 2 * Math.PI,
  }));
  return { lat, lng, radius: 1500 + random() * 3500, waves };
}

/** One passage, from home (the loop's start) on, in one direction or the other. */
function record(loop: Loop, count: number, startedAt: number, random: () => number): Track {
  const line = {
    lng: new Int32Array(count),
    lat: new Int32Array(count),
    time: new Float64Array(count),
    altitude: new Float32Array(count),
  };
  const speed = 4 + random() * 4;
  const direction = random() < 0.5 ? -1 : 1;
  const perDegree = METRES_PER_DEGREE * Math.cos((loop.lat * Math.PI) / 180);
  let errorX = 0;
  let errorY = 0;
  let angle = 0;
  for (let at = 0; at < count; at++) {
    let x = Math.cos(angle) - 1;
    let y = Math.sin(angle);
    for (const [k, wave] of loop.waves.entries()) {
      x += wave.x * (Math.sin((k + 2) * angle + wave.phase) - Math.sin(wave.phase));
      y += wave.y * (Math.cos((k + 2) * angle + wave.phase) - Math.cos(wave.phase));
    }
    // a first-order walk around the truth: 3 m in the long run, forgotten within half a minute
    errorX = errorX * 0.97 + (random() + random() - 1) * 1.8;
    errorY = errorY * 0.97 + (random() + random() - 1) * 1.8;
    line.lng[at] = Math.round((loop.lng + (x * loop.radius + errorX) / perDegree) * 1e7);
    line.lat[at] = Math.round((loop.lat + (y * loop.radius + errorY) / METRES_PER_DEGREE) * 1e7);
    line.time[at] = startedAt + at;
    line.altitude[at] = 250;
    angle += (direction * speed) / (loop.radius * 1.6);
  }
  return { lines: [line], pointCount: count, distance: speed * count, startedAt, elapsed: count };
}
