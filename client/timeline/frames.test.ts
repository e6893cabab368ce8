import assert from 'node:assert/strict';
import { test } from 'node:test';
import { monthOf } from '../calendar.ts';
import { frameAfter, framesOf } from './frames.ts';

const span = { from: monthOf('2019-11-01'), to: monthOf('2021-02-01') };

test('the map grows month by month, from the first on', () => {
  const frames = framesOf(span, 'growing', false);
  assert.equal(frames.length, 16);
  assert.deepEqual(frames[0], { from: '2019-11-01', to: '2019-11-30' });
  assert.deepEqual(frames.at(-1), { from: '2019-11-01', to: '2021-02-28' });
});

test('or one year moves along', () => {
  const frames = framesOf(span, 'year', false);
  assert.deepEqual(frames[3], { from: '2019-11-01', to: '2020-02-29' });
  assert.deepEqual(frames.at(-1), { from: '2020-03-01', to: '2021-02-28' });
});

test('decades take larger steps; without motion a frame is a year', () => {
  const long = framesOf({ from: 0, to: 12 * 40 - 1 }, 'growing', false);
  assert.equal(long.length, 120);
  const still = framesOf(span, 'growing', true);
  assert.deepEqual(
    still.map(({ to }) => to),
    ['2020-02-29', '2021-02-28'],
  );
});

test('what was paused goes on from there; from the end it begins again', () => {
  const months = { first: span.from, counts: new Array<number>(16).fill(1) };
  const frames = framesOf(span, 'growing', false);
  assert.equal(frameAfter(frames, { from: null, to: null }, months), 0);
  assert.equal(frameAfter(frames, { from: '2019-11-01', to: '2020-01-31' }, months), 3);
  assert.equal(frameAfter(frames, { from: null, to: '2021-02-28' }, months), 0);
});
