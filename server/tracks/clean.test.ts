import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../testing/fast-check.ts';
import { recordedOuting } from '../testing/track-files.ts';
import { cleanTrack } from './clean.ts';
import { emptyLine, type RawActivity, type RawLine, type Track } from './recording.ts';

const START = 1_717_142_400;
const METRE = 1 / 111_195;

test('a sound recording loses nothing', () => {
  for (const sport of ['Ride', 'Run', 'Hike']) {
    const raw = recordedOuting({ points: 3000, sport, noise: 0.8 });
    const track = cleanTrack(raw);
    assert.equal(track.lines.length, 1);
    assert.equal(track.pointCount, 3000);
    assert.equal(track.startedAt, raw.startedAt);
    assert.equal(track.elapsed, 2999);
    assert.deepEqual(
      [...track.lines[0].lng],
      raw.lines[0].lng.map((lng) => Math.round(lng * 1e7)),
    );
    assert.deepEqual([...track.lines[0].time], raw.lines[0].time);
  }
});

test('points without or with impossible positions go', () => {
  const bad = [
    [Number.NaN, 48],
    [11, Number.NaN],
    [0, 0],
    [11, 91],
    [11, -90.1],
    [400, 48],
    [180, 180],
    [Number.POSITIVE_INFINITY, 48],
  ];
  const line = going(20);
  for (const [at, [lng, lat]] of bad.entries()) {
    line.lng.splice(at * 2, 0, lng);
    line.lat.splice(at * 2, 0, lat);
    line.time.splice(at * 2, 0, START);
    line.altitude.splice(at * 2, 0, 1e9);
  }
  line.time = line.time.map((_, at) => START + at);
  const track = clean([line]);
  assert.equal(track.pointCount, 20);
  assert.equal(track.lines.length, 1);
});

test('longitudes beyond 180° go on around the Earth', () => {
  const line = going(3);
  line.lng = [179.9999, 180.0001, 180.0003];
  const { lines, distance } = clean([line]);
  assert.deepEqual([...lines[0].lng], [1_799_999_000, -1_799_999_000, -1_799_997_000]);
  assert.ok(distance < 100);
});

test('a recording in coordinates of its own, around 0°, 0°, has no track', () => {
  const line = going(100);
  line.lat = line.lat.map((lat) => lat - 48 + 0.0001);
  line.lng = line.lng.map((lng) => lng - 11 + 0.0001);
  const track = clean([line]);
  assert.deepEqual(track.lines, []);
  assert.equal(track.elapsed, 99);
});

test('indoors there is no track, but a start and a duration', () => {
  const line = going(100);
  line.lat.fill(Number.NaN);
  const { lines, startedAt, elapsed, pointCount, distance } = clean([line]);
  assert.deepEqual(
    { lines, startedAt, elapsed, pointCount, distance },
    { lines: [], startedAt: START, elapsed: 99, pointCount: 0, distance: 0 },
  );
});

test('a pause does not break the line, however long', () => {
  for (const pause of [45, 600, 20_000]) {
    const line = going(40);
    for (let at = 20; at < 40; at++) line.time[at] += pause;
    assert.equal(clean([line]).lines.length, 1);
  }
});

test('a real jump breaks it: far away after a while, or at once', () => {
  const while_ = shifted(going(40), 20, { metres: 300, seconds: 120 });
  const atOnce = shifted(going(40), 20, { metres: 5000, seconds: 1 });
  const untimed = shifted(going(40), 20, { metres: 5000, seconds: 1 });
  untimed.time.fill(Number.NaN);
  for (const line of [while_, atOnce, untimed]) {
    const track = clean([line]);
    assert.deepEqual(
      track.lines.map(({ lat }) => lat.length),
      [20, 20],
    );
    assert.ok(track.distance < 250, `${track.distance} m`);
  }
});

test('a recorder that writes seldom does not jump, nor does a train', () => {
  const seldom = going(50, { metres: 800, seconds: 600 });
  const fast = going(50, { metres: 80, seconds: 1 });
  const flight = going(50, { metres: 7000, seconds: 30 });
  assert.equal(clean([seldom], 'Hike').lines.length, 1);
  assert.equal(clean([fast], 'Run').lines.length, 1);
  assert.equal(clean([flight], null).lines.length, 1);
});

test('a spike goes, a real there-and-back stays', () => {
  for (const [far, points] of [
    [80, 1],
    [3000, 1],
    [30_000, 4],
  ]) {
    const line = going(60, { metres: 3, seconds: 1 });
    for (let at = 30; at < 30 + points; at++) line.lat[at] += far * METRE;
    const track = clean([line], 'Run');
    assert.equal(track.lines.length, 1, `${far} m`);
    assert.equal(track.pointCount, 60 - points);
    assert.ok(track.distance < 200);
  }
  const line = going(100, { metres: 9, seconds: 1 });
  for (let at = 50; at < 100; at++) line.lat[at] = line.lat[99 - at];
  assert.equal(clean([line], 'Ride').pointCount, 100);
});

test('a stale first position is no line to where the recording is', () => {
  const line = going(50);
  line.lat[0] += 2;
  const track = clean([line]);
  assert.deepEqual(
    track.lines.map(({ lat }) => lat.length),
    [49],
  );
});

test('segments of the file stay apart, a lone point beside them goes, alone it stays', () => {
  const single = { lng: [11], lat: [48], time: [START], altitude: [500] };
  assert.equal(clean([going(5), going(7), single]).lines.length, 2);
  assert.equal(clean([single]).pointCount, 1);
});

test('absurd times are unknown, those of a clock set late too', () => {
  const line = going(10);
  line.time[3] = Date.UTC(7605, 10, 10) / 1000;
  line.time[0] = 631_065_600;
  const { startedAt, elapsed, lines } = clean([line], null, 631_065_600);
  assert.equal(startedAt, START + 1);
  assert.equal(elapsed, 8);
  assert.ok(Number.isNaN(lines[0].time[3]) && Number.isNaN(lines[0].time[0]));
});

test('a clock that was set back costs times, not points or their order', () => {
  const line = going(100);
  for (let at = 30; at < 100; at++) line.time[at] -= 3600;
  const { lines, pointCount } = clean([line]);
  assert.equal(pointCount, 100);
  assert.deepEqual(
    [...lines[0].lat],
    line.lat.map((lat) => Math.round(lat * 1e7)),
  );
  assert.equal(lines[0].time.filter((time) => !Number.isNaN(time)).length, 70);
});

test('points that were written out of order are put in the order of their times', () => {
  const line = going(100);
  const mixed = emptyLine();
  for (let at = 0; at < 100; at++) {
    const from = (at * 37) % 100;
    for (const column of ['lng', 'lat', 'time', 'altitude'] as const) mixed[column].push(line[column][from]);
  }
  assert.deepEqual(clean([mixed]).lines, clean([line]).lines);
});

test('times never run backwards, positions lie on Earth, nothing is made up, whatever comes in', () => {
  const number = fc.oneof(
    fc.double(),
    fc.constantFrom(Number.NaN, 0, 90, 180, -180, 360, START),
    fc.double({ min: -180, max: 180, noNaN: true }),
  );
  const point = fc.tuple(
    number,
    number,
    fc.oneof(number, fc.double({ min: START, max: START + 1e5, noNaN: true })),
    number,
  );
  fc.assert(
    fc.property(
      fc.array(fc.array(point, { maxLength: 30 }), { maxLength: 4 }),
      fc.constantFrom('Run', 'Ride', null),
      (lines, sport) => {
        const raw = lines.map((points) => {
          const line = emptyLine();
          for (const [lng, lat, time, altitude] of points) {
            line.lng.push(lng);
            line.lat.push(lat);
            line.time.push(time);
            line.altitude.push(altitude);
          }
          return line;
        });
        const track = clean(raw, sport);
        assert.equal(
          track.pointCount,
          track.lines.reduce((sum, { lat }) => sum + lat.length, 0),
        );
        assert.ok(track.pointCount <= lines.flat().length);
        assert.ok(track.distance >= 0);
        assert.ok(track.elapsed === null || track.elapsed >= 0);
        for (const { lng, lat, time } of track.lines) {
          assert.ok(lat.length > 0 && lng.length === lat.length && time.length === lat.length);
          assert.ok(lat.every((at) => Math.abs(at) <= 9e8) && lng.every((at) => at >= -18e8 && at < 18e8));
          const known = time.filter((at) => !Number.isNaN(at));
          assert.ok(known.every((at, index) => index === 0 || at >= known[index - 1]));
        }
      },
    ),
    { numRuns: 300 },
  );
});

/** Northward along 11° E, so many metres and seconds from point to point. */
function going(points: number, { metres = 5, seconds = 1 } = {}): RawLine {
  const line = emptyLine();
  for (let at = 0; at < points; at++) {
    line.lng.push(11);
    line.lat.push(48 + at * metres * METRE);
    line.time.push(START + at * seconds);
    line.altitude.push(500);
  }
  return line;
}

/** Everything from a point on, further away and later. */
function shifted(
  line: RawLine,
  from: number,
  { metres, seconds }: { metres: number; seconds: number },
): RawLine {
  for (let at = from; at < line.lat.length; at++) {
    line.lat[at] += metres * METRE;
    line.time[at] += seconds;
  }
  return line;
}

function clean(lines: RawLine[], sport: string | null = 'Ride', startedAt: number | null = null): Track {
  const raw: RawActivity = { sport, name: null, startedAt, lines, virtual: false, planned: false, notes: [] };
  return cleanTrack(raw);
}
