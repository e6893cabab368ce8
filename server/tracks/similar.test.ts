import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordedOuting } from '../testing/track-files.ts';
import { cleanTrack } from './clean.ts';
import type { Track } from './recording.ts';
import { better, sameOuting } from './similar.ts';

const ride = recordedOuting({ points: 1800 });
const watch = cleanTrack(ride);

test('watch and phone, a thinned copy, a copy without times are the same outing', () => {
  const others = [
    changed({ keep: (at) => at % 7 === 0 }),
    changed({ keep: (at) => at > 100, north: (at) => 0.00005 * Math.sin(at) }),
    changed({ later: Number.NaN }),
    watch,
  ];
  for (const other of others) {
    assert.ok(sameOuting(watch, other, 'Ride', 'GravelRide'));
    assert.ok(sameOuting(other, watch, 'Ride', 'Workout'));
  }
});

test('another time, another way, another sport is another outing', () => {
  const nextDay = changed({ later: 86_400 });
  const elsewhere = cleanTrack(recordedOuting({ points: 1800, seed: 5 }));
  const warmUp = changed({ keep: (at) => at < 600 });
  const indoors: Track = { ...watch, lines: [], pointCount: 0, distance: 0 };
  for (const other of [nextDay, elsewhere, warmUp, indoors]) {
    assert.ok(!sameOuting(watch, other, 'Ride', 'Ride'));
    assert.ok(!sameOuting(other, watch, 'Ride', 'Ride'));
  }
  assert.ok(!sameOuting(watch, watch, 'Ride', 'Run'));
});

test('the better recording knows its times, is longer, is denser; of equals the first', () => {
  const timeless = changed({ later: Number.NaN });
  const shorter = changed({ keep: (at) => at < 1000 });
  const sparser = changed({ keep: (at) => at % 5 === 0 });
  for (const worse of [timeless, shorter, sparser]) {
    assert.equal(better(watch, worse), watch);
    assert.equal(better(worse, watch), watch);
  }
  const copy = structuredClone(watch);
  assert.equal(better(copy, watch), copy);
});

interface Change {
  keep?: (at: number) => boolean;
  /** Degrees. */
  north?: (at: number) => number;
  /** Seconds. */
  later?: number;
}

function changed({ keep = () => true, north = () => 0, later = 0 }: Change): Track {
  const [line] = ride.lines;
  const kept = (column: readonly number[]) => column.filter((_, at) => keep(at));
  const lines = [
    {
      lng: kept(line.lng),
      lat: kept(line.lat.map((lat, at) => lat + north(at))),
      time: kept(line.time.map((time) => time + later)),
      altitude: kept(line.altitude),
    },
  ];
  return cleanTrack({ ...ride, startedAt: null, lines });
}
