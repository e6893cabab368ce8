import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toggled } from './sports.ts';

test('a group is chosen and left as one; all of them are no choice', () => {
  const all = ['GravelRide', 'Ride', 'Run', 'Walk'];
  const rides = ['GravelRide', 'Ride'];
  assert.deepEqual(toggled([], rides, all), rides);
  assert.deepEqual(toggled(['Ride'], rides, all), rides, 'a part of it becomes the whole');
  assert.deepEqual(toggled(['GravelRide', 'Ride', 'Run'], rides, all), ['Run']);
  assert.deepEqual(toggled(['Run', 'Walk'], rides, all), []);
});
