import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../testing/fast-check.ts';
import { recordedOuting } from '../testing/track-files.ts';
import { cleanTrack } from './clean.ts';
import { decodeTrack, encodeTrack } from './codec.ts';
import type { Track, TrackLine } from './recording.ts';

const time = fc.oneof(
  fc.constant(Number.NaN),
  fc.integer({ min: 0, max: 4e12 }).map((at) => at / 1000),
);
const altitude = fc.oneof(
  fc.constant(Number.NaN),
  fc.integer({ min: -120_000, max: 600_000 }).map((at) => Math.fround(at / 10)),
);
const point = fc.record({
  lng: fc.integer({ min: -1_800_000_000, max: 1_799_999_999 }),
  lat: fc.integer({ min: -900_000_000, max: 900_000_000 }),
  time,
  altitude,
});
const line = fc.array(point, { minLength: 1, maxLength: 40 }).map(
  (points): TrackLine => ({
    lng: Int32Array.from(points, ({ lng }) => lng),
    lat: Int32Array.from(points, ({ lat }) => lat),
    time: Float64Array.from(points, ({ time }) => time),
    altitude: Float32Array.from(points, ({ altitude }) => altitude),
  }),
);
const orNothing = (values: fc.Arbitrary<number>) => fc.oneof(fc.constant(null), values);
const track = fc
  .record({
    lines: fc.array(line, { maxLength: 5 }),
    distance: fc.double({ min: 0, max: 1e9, noNaN: true }),
    startedAt: orNothing(fc.double({ min: 0, max: 4e9, noNaN: true })),
    elapsed: orNothing(fc.double({ min: 0, max: 1e9, noNaN: true })),
  })
  .map(
    (parts): Track => ({ ...parts, pointCount: parts.lines.reduce((sum, { lng }) => sum + lng.length, 0) }),
  );

test('a track comes back as it went in', () => {
  fc.assert(
    fc.property(track, (one) => assert.deepEqual(decodeTrack(encodeTrack(one)), one)),
    { numRuns: 300 },
  );
});

test('a recorded second takes less than 4 bytes with its time and altitude', () => {
  for (const [sport, noise] of [
    ['Run', 0.3],
    ['Ride', 0.3],
    ['Ride', 1],
  ] as const) {
    const outing = cleanTrack(recordedOuting({ points: 4000, sport, noise }));
    const bytes = encodeTrack(outing);
    assert.deepEqual(decodeTrack(bytes), outing);
    assert.ok(bytes.length / 4000 < 4, `${bytes.length / 4000} bytes a point`);
  }
});

test('damaged bytes are a RangeError, never another track', () => {
  const bytes = Buffer.from(encodeTrack(cleanTrack(recordedOuting({ points: 100 }))));
  const sound = decodeTrack(bytes);
  // version, start, elapsed, length: no check sum of their own, the seal around them is one
  const head = 26;
  fc.assert(
    fc.property(
      fc.integer({ min: head, max: bytes.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      fc.boolean(),
      (at, change, cut) => {
        const damaged = Buffer.from(cut ? bytes.subarray(0, at) : bytes);
        if (!cut) damaged[at] ^= change;
        try {
          assert.deepEqual(decodeTrack(damaged), sound);
        } catch (error) {
          assert.ok(error instanceof RangeError, `${error}`);
        }
      },
    ),
    { numRuns: 500 },
  );
  assert.throws(() => decodeTrack(new Uint8Array(0)), RangeError);
  assert.throws(() => decodeTrack(Uint8Array.of(9, ...bytes.subarray(1))), /version 9/);
  assert.throws(() => decodeTrack(Buffer.concat([bytes, Buffer.of(0)])), RangeError);
});
