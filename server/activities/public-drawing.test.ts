import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachChunk } from '../geo/chunks.ts';
import { EARTH_RADIUS, groundDistance } from '../geo/ground.ts';
import { levelFor } from '../geo/levels.ts';
import { latToWorldY, lngToWorldX, WORLD_SIZE } from '../geo/mercator.ts';
import { bounds, MAX_ZOOM, type TileSize } from '../geo/tile.ts';
import { drawVisits } from '../heat/raster.ts';
import fc from '../testing/fast-check.ts';
import { unpackGeometry } from '../tracks/levels.ts';
import type { Track, TrackLine } from '../tracks/recording.ts';
import { drawPublic, type HiddenPlace, type Hiding } from './public-drawing.ts';

const TAG_KEY = Buffer.alloc(32, 3);
const RADIANS = Math.PI / 180;

/** East and north in metres of a place, as positions are kept. */
type Step = [east: number, north: number];

interface Place {
  lng: number;
  lat: number;
  radius: number;
}

const places = fc.record({
  lng: fc.oneof(fc.double({ min: -180, max: 180, noNaN: true }), fc.constantFrom(-180, 179.9995)),
  lat: fc.oneof(fc.double({ min: -80, max: 80, noNaN: true }), fc.constantFrom(84.6, -84.9)),
  radius: fc.oneof(fc.double({ min: 100, max: 5000, noNaN: true }), fc.constantFrom(100, 5000)),
});
const jitters = fc.record({
  angle: fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
  offset: fc.double({ min: 0, max: 0.5, noNaN: true }),
});
const share = fc.double({ min: 0, max: 1, noNaN: true });
const angle = fc.double({ min: 0, max: 2 * Math.PI, noNaN: true });

function position({ lng, lat }: Place, [east, north]: Step): [lng: number, lat: number] {
  const metre = 1 / EARTH_RADIUS / RADIANS;
  const at = lng + (east * metre) / Math.cos(lat * RADIANS);
  return [
    Math.round((at - 360 * Math.floor((at + 180) / 360)) * 1e7),
    Math.round((lat + north * metre) * 1e7),
  ];
}

function trackOf(place: Place, lines: Step[][]): Track {
  const cleaned = lines.map((steps): TrackLine => {
    const positions = steps.map((step) => position(place, step));
    return {
      lng: Int32Array.from(positions, ([lng]) => (lng >= 1_800_000_000 ? -1_800_000_000 : lng)),
      lat: Int32Array.from(positions, ([, lat]) => lat),
      time: new Float64Array(steps.length).fill(Number.NaN),
      altitude: new Float32Array(steps.length).fill(Number.NaN),
    };
  });
  return { lines: cleaned, pointCount: lines.flat().length, distance: 0, startedAt: null, elapsed: null };
}

/** A place hidden by a circle which contains the one asked for, off its centre. */
function hidden(place: Place, { angle, offset }: { angle: number; offset: number }): HiddenPlace {
  const off = offset * place.radius;
  const [lng, lat] = position(place, [Math.cos(angle) * off, Math.sin(angle) * off]);
  return { cut: { lng: lng / 1e7, lat: lat / 1e7, radius: place.radius * 1.02 + off }, asked: place.radius };
}

const ring = (radius: number, at: number): Step => [radius * Math.cos(at), radius * Math.sin(at)];

/** From far outside straight in until the last step is inside the circle that is cut. */
function inward(radius: number, at: number): Step[] {
  return [8, 4.1, 3, 2.2, 1.8, 0.9].map((radii) => ring(radius * radii, at));
}

test('what is inside a place changes no byte of what others see', () => {
  fc.assert(
    fc.property(
      places,
      jitters,
      fc.tuple(angle, angle),
      fc.array(fc.tuple(share, angle), { maxLength: 40 }),
      fc.array(fc.tuple(share, angle), { maxLength: 40 }),
      fc.constantFrom(0, 150, 2000),
      (place, jitter, [from, to], one, other, metres) => {
        const { radius } = place;
        const hiding: Hiding = { places: [hidden(place, jitter)], first: metres, last: metres };
        const wander = (steps: [number, number][]): Step[] =>
          steps.map(([out, at]) => ring(radius * 0.99 * out, at));
        const through = (steps: [number, number][]): Step[] => [
          ...inward(radius, from),
          ...wander(steps),
          ...inward(radius, to).reverse(),
        ];
        const begins = (steps: [number, number][]): Step[] => [
          ...wander(steps),
          ...inward(radius, to).reverse(),
        ];
        for (const way of [through, begins]) {
          const seen = [one, other].map((steps) =>
            drawPublic(trackOf(place, [way(steps as [number, number][])]), hiding, TAG_KEY),
          );
          assert.deepEqual(seen[0], seen[1]);
          if (metres === 0) assert.ok(seen[0], 'something is left to compare');
        }
      },
    ),
    { numRuns: 150 },
  );
});

test('a line inside a place, and one more visit there, change nothing either', () => {
  const place = { lng: 11.25, lat: 47.98, radius: 300 };
  const hiding = { places: [hidden(place, { angle: 1, offset: 0.4 })], first: 0, last: 0 };
  const outing = inward(300, 1);
  const alone = drawPublic(trackOf(place, [outing]), hiding, TAG_KEY);
  const inside: Step[] = [ring(250, 1), ring(100, 4), ring(280, 2)];
  assert.deepEqual(drawPublic(trackOf(place, [inside, outing, inside]), hiding, TAG_KEY), alone);
  assert.equal(drawPublic(trackOf(place, [inside]), hiding, TAG_KEY), null);
});

test('what is within the hidden ends changes no byte of what others see', () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: -60, max: 60 }), fc.integer({ min: -60, max: 60 })), {
    minLength: 2,
    maxLength: 30,
  });
  fc.assert(
    fc.property(places, steps, steps, (anywhere, start, end) => {
      // a line is cut at the 180th meridian, and a unit shorter for it: the mirrored one may not be
      const place = { ...anywhere, lng: anywhere.lng * 0.9 };
      const sum = (parts: Step[]): Step[] => {
        let [x, y] = [0, 0];
        return parts.map(([east, north]) => {
          x += east;
          y += north;
          return [x, y];
        });
      };
      const middle: Step[] = Array.from({ length: 40 }, (_, at) => [at * 100, (at % 5) * 30]);
      const begin = sum(start as Step[]).reverse();
      const finish = sum(end as Step[]).map(([x, y]): Step => [x + 3900, y + 120]);
      const track = trackOf(place, [[...begin, ...middle, ...finish]]);
      // the same steps to the other side are exactly as long
      const mirrored = structuredClone(track);
      const { lng } = mirrored.lines[0];
      mirror(lng, begin.length, 0, -1);
      mirror(lng, begin.length + middle.length - 1, lng.length - 1, 1);
      const hiding = { places: [], first: ground(track, 0, begin.length) + 50, last: 0 };
      hiding.last = ground(track, begin.length + middle.length - 1, lng.length - 1) + 50;
      const seen = [track, mirrored].map((one) => drawPublic(one, hiding, TAG_KEY));
      assert.deepEqual(seen[0], seen[1]);
      assert.ok(seen[0]);
    }),
  );
});

/** Turns the longitudes from a pivot to an end about the pivot's. */
function mirror(lng: Int32Array, pivot: number, end: number, step: 1 | -1) {
  const turn = (value: number) => {
    const turned = 2 * lng[pivot] - value;
    return turned - 3_600_000_000 * Math.floor((turned + 1_800_000_000) / 3_600_000_000);
  };
  for (let at = pivot + step; step > 0 ? at <= end : at >= end; at += step) lng[at] = turn(lng[at]);
}

function ground({ lines: [{ lng, lat }] }: Track, from: number, to: number): number {
  let metres = 0;
  for (let at = from + 1; at <= to; at++) {
    metres += groundDistance(
      lngToWorldX(lng[at - 1] / 1e7),
      latToWorldY(lat[at - 1] / 1e7),
      lngToWorldX(lng[at] / 1e7),
      latToWorldY(lat[at] / 1e7),
    );
  }
  return metres;
}

test('no pixel whose centre is in a place has heat, wherever the place is at least 8 pixels wide', () => {
  let looked = 0;
  let heated = 0;
  fc.assert(
    fc.property(
      places,
      jitters,
      fc.array(fc.tuple(fc.double({ min: 0.9, max: 2.5, noNaN: true }), angle), {
        minLength: 2,
        maxLength: 12,
      }),
      fc.integer({ min: 0, max: 6 }),
      fc.constantFrom<TileSize>(256, 512),
      (place, jitter, walk, deeper, size) => {
        // around, along and through, in steps short enough for its edge to be followed
        const steps = walk.flatMap(([out, at], which) => {
          const [toOut, toAt] = walk[which + 1] ?? [out, at];
          return Array.from({ length: 40 }, (_, part) =>
            ring(place.radius * (out + ((toOut - out) * part) / 40), at + ((toAt - at) * part) / 40),
          );
        });
        const track = trackOf(place, [steps]);
        const seen = drawPublic(track, { places: [hidden(place, jitter)], first: 0, last: 0 }, TAG_KEY);
        if (!seen) return;
        const x = lngToWorldX(place.lng);
        const y = latToWorldY(place.lat);
        const metre = WORLD_SIZE / (2 * Math.PI * EARTH_RADIUS * Math.cos(place.lat * RADIANS));
        // the zoom from which on it is 8 pixels wide, and some beyond
        const first = Math.ceil(Math.log2((WORLD_SIZE * 8) / size / (2 * place.radius * metre)));
        const z = Math.min(MAX_ZOOM, Math.max(0, first) + deeper);
        const level = levelFor(size === 512 ? z + 1 : z);
        const side = WORLD_SIZE / 2 ** z;
        const reach = place.radius * metre;
        for (const east of [-reach, reach]) {
          for (const south of [-reach, reach]) {
            const tile = { z, x: Math.floor((x + east) / side), y: Math.floor((y + south) / side) };
            tile.x = (tile.x + 2 ** z) % 2 ** z;
            const visits = drawVisits(tile, size, ...chunksOf(seen, level));
            const { minX, minY } = bounds(tile);
            const pixel = side / size;
            for (let at = 0; at < visits.length; at++) {
              if (visits[at] === 0) continue;
              heated++;
              const centreX = minX + ((at % size) + 0.5) * pixel;
              const centreY = minY + (Math.floor(at / size) + 0.5) * pixel;
              const away = groundDistance(centreX, centreY, x, y);
              assert.ok(away > place.radius, `${away} of ${place.radius} m at zoom ${z}, ${size} px`);
            }
            looked++;
          }
        }
      },
    ),
    { numRuns: 400 },
  );
  assert.ok(looked > 400 && heated > 10_000, 'there was something to see');
});

/** One level of a drawing, as the raster takes it. */
function chunksOf(
  seen: { coarse: Uint8Array; fine: Uint8Array },
  level: number,
): [SharedArrayBuffer[], Uint32Array] {
  const geometry = Buffer.concat([unpackGeometry(seen.coarse), unpackGeometry(seen.fine)]);
  const block = new SharedArrayBuffer(Math.max(4, geometry.length));
  new Uint8Array(block).set(geometry);
  const refs = [0];
  forEachChunk(new Uint8Array(geometry), (offset, of) => {
    if (of !== level) return;
    refs[0]++;
    refs.push(0, offset);
  });
  return [[block], Uint32Array.from(refs[0] > 0 ? refs : [])];
}

test('a line ends at the circle that was cut, and further from it where it is drawn wide', () => {
  const place = { lng: 11.25, lat: 47.98, radius: 1000 };
  const seen = drawPublic(
    trackOf(place, [[ring(9000, 0), ring(10, 0)]]),
    { places: [hidden(place, { angle: 0, offset: 0 })], first: 0, last: 0 },
    TAG_KEY,
  )!;
  const ends = Array.from({ length: 7 }, (_, level) => {
    let nearest = Number.POSITIVE_INFINITY;
    const [[block], refs] = chunksOf(seen, level);
    const bytes = new Uint8Array(block).slice();
    forEachChunk(bytes, (_, of, __, { minX, minY }) => {
      if (of !== level) return;
      nearest = Math.min(nearest, groundDistance(minX, minY, lngToWorldX(11.25), latToWorldY(47.98)));
    });
    assert.ok(refs.length > 0);
    return nearest;
  });
  assert.ok(Math.abs(ends[6] - 1020) < 20, `${ends[6]}`);
  assert.ok(Math.min(...ends) > 1000 && Math.max(...ends) > 1200, `${ends}`);
});
