import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tilesInView } from './tiles-in-view.ts';

test('a view has the tiles that it touches, row by row', () => {
  assert.deepEqual(tilesInView([-1, -1, 1, 1], 1), ['2/1/1', '2/2/1', '2/1/2', '2/2/2']);
  assert.deepEqual(tilesInView([1, 1, 2, 2], 0.6), ['2/2/1']);
});

test('beyond the world’s edge it goes on at the other, and each tile is there once', () => {
  assert.deepEqual(tilesInView([179, 1, 181, 2], 1), ['2/3/1', '2/0/1']);
  assert.deepEqual(tilesInView([-181, 1, -179, 2], 1), ['2/3/1', '2/0/1']);
  assert.equal(tilesInView([-700, -90, 700, 90], 0).length, 4);
});

test('tiles are no finer than there are', () => {
  assert.match(tilesInView([0.1, 0.1, 0.1, 0.1], 22)[0], /^20\//);
});
