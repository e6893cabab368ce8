import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundsOf, coverOf } from './cover.ts';

const map = { left: 0, top: 0, right: 1000, bottom: 800 };

test('what lies at a side takes all up to its inner edge', () => {
  const box = { top: 16, bottom: 700 };
  assert.deepEqual(coverOf(map, { ...box, left: 16, right: 446 }), { left: 446, right: 0, bottom: 0 });
  assert.deepEqual(coverOf(map, { ...box, left: 600, right: 940 }), { left: 0, right: 400, bottom: 0 });
});

test('a sheet across the map takes all below its top', () => {
  const sheet = { left: 0, top: 500, right: 1000, bottom: 760 };
  assert.deepEqual(coverOf(map, sheet), { left: 0, right: 0, bottom: 300 });
});

test('what lies outside of the map takes nothing of it', () => {
  const beside = { left: 300, top: 0, right: 1000, bottom: 800 };
  assert.deepEqual(coverOf(beside, { left: 0, top: 0, right: 250, bottom: 800 }), {
    left: 0,
    right: 0,
    bottom: 0,
  });
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
