import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Import } from './api.ts';
import { justQueued, paceOf, shownImports } from './imports.ts';

const running: Import = {
  ...justQueued('a'),
  state: 'running',
  startedAt: 100,
  done: 5,
  total: 20,
  points: 4000,
};
const done: Import = { ...running, state: 'done', done: 20, finishedAt: 120 };

test('an import is shown from its course on, and its end stays until dismissed', () => {
  assert.deepEqual(shownImports([], [running]), [running]);
  assert.deepEqual(shownImports([running], [done]), [done]);
  assert.deepEqual(shownImports([done], []), [done]);
});

test('one that ended before the page was opened is not news', () => {
  assert.deepEqual(shownImports([], [done]), []);
});

test('one just uploaded is shown before the server tells of it', () => {
  const queued = justQueued('b');
  assert.deepEqual(shownImports([queued], []), [queued]);
  assert.deepEqual(shownImports([queued], [running]), [queued, running]);
});

test('one whose end was missed goes', () => {
  assert.deepEqual(shownImports([running], []), []);
});

test('pace and time left are told as soon as they mean something', () => {
  assert.equal(paceOf(running, 100.5), null);
  assert.deepEqual(paceOf(running, 104), { rate: 1000, left: 12 });
  assert.deepEqual(paceOf({ ...done, points: 40_000 }, 999), { rate: 2000, left: 0 });
});
