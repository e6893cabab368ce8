import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../testing/until.ts';
import { manualClock, runningClock } from './clock.ts';

test('a clock that stands runs what falls due when it is moved, in order, at its time', () => {
  const clock = manualClock(1000);
  const ran: [string, number][] = [];
  const run = (name: string) => () => ran.push([name, clock.now()]);
  clock.after(300, run('late'));
  clock.after(100, () => {
    run('early')();
    clock.after(50, run('started by another'));
  });
  clock.after(200, run('called off'))();
  clock.advance(250);
  assert.deepEqual(ran, [
    ['early', 1100],
    ['started by another', 1150],
  ]);
  assert.equal(clock.now(), 1250);
  clock.advance(1000);
  assert.deepEqual(ran.at(-1), ['late', 1300]);
});

test('a fast clock runs by itself', async () => {
  const clock = runningClock({ speed: 3_600_000, start: 5 });
  // an hour of it is a millisecond
  await new Promise<void>((resolve) => clock.after(3_600_000, resolve));
  // timers may fire a little early, and the world's time is told in whole milliseconds
  await until(() => clock.now() >= 3_600_000, 1);
});
