import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundsOf, coverOf, marginsOf } from './cover.ts';

const none = { left: 0, top: 0, right: 0, bottom: 0 };
const map = { left: 0, top: 0, right: 1000, bottom: 800 };

test('what lies at a side takes all up to its inner edge', () => {
  const box = { top: 16, bottom: 700 };
  assert.deepEqual(coverOf(map, { ...box, left: 16, right: 446 }), { ...none, left: 446 });
  assert.deepEqual(coverOf(map, { ...box, left: 600, right: 940 }), { ...none, right: 400 });
});

test('a sheet across the map takes all below its top', () => {
  const sheet = { left: 0, top: 500, right: 1000, bottom: 760 };
  assert.deepEqual(coverOf(map, sheet), { ...none, bottom: 300 });
});

test('a card across its upper edge takes all above its lower one, on a phone, where little would be left beside it', () => {
  const phone = { left: 0, top: 0, right: 390, bottom: 780 };
  const card = { left: 12, top: 12, right: 320, bottom: 260 };
  assert.deepEqual(coverOf(phone, card), { ...none, top: 260 });
  // nor would there be below it, above an open sheet
  assert.deepEqual(coverOf({ ...phone, bottom: 364 }, card), none);
});

test('what lies outside of the map takes nothing of it', () => {
  const beside = { left: 300, top: 0, right: 1000, bottom: 800 };
  assert.deepEqual(coverOf(beside, { left: 0, top: 0, right: 250, bottom: 800 }), none);
});

test('room is kept at all sides: for buttons, for what covers the map, and for a legend across a narrow one', () => {
  const around = { left: 48, top: 48, right: 64, bottom: 48 };
  assert.deepEqual(marginsOf(1000, null), around);
  assert.deepEqual(marginsOf(390, { ...none, top: 260 }), { ...around, top: 308, bottom: 90 });
  assert.deepEqual(marginsOf(390, { ...none, bottom: 300 }), { ...around, bottom: 348 });
});

test('lines have bounds together, none have none', () => {
  assert.deepEqual(
    boundsOf([
      [
        [1, 2],
        [3, -4],
      ],
      [[-5, 0]],
    ]),
    [-5, -4, 3, 2],
  );
  assert.equal(boundsOf([]), null);
  assert.equal(boundsOf([[]]), null);
});

test('lines across the antimeridian have narrow bounds, past 180, as they are cut there', () => {
  const taveuni = [
    [
      [179.9, -16.8],
      [180, -16.85],
    ],
    [
      [-180, -16.85],
      [-179.9, -16.9],
    ],
  ] as const;
  const [west, south, east, north] = boundsOf(taveuni)!;
  assert.deepEqual([west, south, north], [179.9, -16.9, -16.8]);
  assert.ok(Math.abs(east - 180.1) < 1e-9);
  // all in the western half, or around the world: as they are
  assert.deepEqual(boundsOf([[[-180, 0]], [[-170, 1]]]), [-180, 0, -170, 1]);
  assert.deepEqual(boundsOf([[[-100, 0]], [[0, 0]], [[100, 1]]]), [-100, 0, 100, 1]);
});
