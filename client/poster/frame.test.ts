import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Layout, layOut } from '../../server/posters/layout.ts';
import fc from '../../server/testing/fast-check.ts';
import { areaOf } from '../map/area.ts';
import { type Frame, MOST_WIDER, moved, shiftBetween, zoomed } from './frame.ts';

const layoutOf = ({ place, wider }: Frame): Layout =>
  layOut({
    paper: 'a4',
    landscape: false,
    dpi: 60,
    area: areaOf(place, { width: 1000, height: 800 }, wider),
    hasWords: true,
  });

const pixels = fc.double({ min: -300, max: 300, noNaN: true });
const frames = fc.record({
  place: fc.record({
    lng: fc.double({ min: -180, max: 180, noNaN: true }),
    lat: fc.double({ min: -70, max: 70, noNaN: true }),
    zoom: fc.double({ min: 6, max: 16, noNaN: true }),
  }),
  wider: fc.double({ min: -1, max: 1, noNaN: true }),
});

const near = (a: number, b: number, what: string) => assert.ok(Math.abs(a - b) < 1e-3, `${what}: ${a}, ${b}`);

test('what was moved under the hand is where the hand is', () => {
  fc.assert(
    fc.property(frames, pixels, pixels, (frame, right, down) => {
      const before = layoutOf(frame);
      const shift = shiftBetween(before, layoutOf(moved(frame, before, right, down)));
      near((shift?.x ?? 0) * before.map.width, right, 'right');
      near((shift?.y ?? 0) * before.map.height, down, 'down');
      near(shift?.scale ?? 1, 1, 'scale');
    }),
  );
});

test('what is zoomed keeps the point under the hand', () => {
  fc.assert(
    fc.property(
      frames,
      fc.double({ min: -1, max: 1, noNaN: true }),
      pixels,
      pixels,
      (frame, steps, right, down) => {
        const before = layoutOf(frame);
        const shift = shiftBetween(before, layoutOf(zoomed(frame, before, steps, right, down)));
        const { x, y, scale } = shift ?? { x: 0, y: 0, scale: 1 };
        const { map } = before;
        near(scale, 2 ** -steps, 'scale');
        near((map.width / 2 + right) * scale + x * map.width, map.width / 2 + right, 'right');
        near((map.height / 2 + down) * scale + y * map.height, map.height / 2 + down, 'down');
      },
    ),
  );
});

test('it is zoomed to an end, and moved no further than the world goes', () => {
  const frame = { place: { lng: 179.99, lat: 10, zoom: 9 }, wider: 0 };
  assert.equal(zoomed(frame, layoutOf(frame), 100).wider, MOST_WIDER);
  assert.equal(zoomed(frame, layoutOf(frame), -100).wider, -MOST_WIDER);
  const east = moved(frame, layoutOf(frame), -200, 0);
  assert.ok(east.place.lng < -179, String(east.place.lng));
  const north = moved(frame, layoutOf(frame), 0, 1e9);
  assert.ok(north.place.lat > 85 && north.place.lat < 86);
});

test('on other paper nothing is shifted', () => {
  const frame = { place: { lng: 11, lat: 48, zoom: 9 }, wider: 0 };
  const options = {
    landscape: false,
    dpi: 60,
    area: areaOf(frame.place, { width: 1000, height: 800 }),
    hasWords: true,
  };
  const [a3, a4] = (['a3', 'a4'] as const).map((paper) => layOut({ ...options, paper }));
  assert.equal(shiftBetween(a3, a4), null);
  assert.equal(shiftBetween(a4, a4), null);
});
