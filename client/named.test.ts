import assert from 'node:assert/strict';
import { test } from 'node:test';
import { named, nameOf } from './named.ts';

const ACTIVITIES = [
  { name: 'Über die Höhe', sport: 'Ride' },
  { name: 'Morning run', sport: 'Run' },
  { name: null, sport: 'TrailRun' },
  { name: ' ', sport: 'Swim' },
];

test('what has no name goes by its sport', () => {
  assert.deepEqual(ACTIVITIES.map(nameOf), ['Über die Höhe', 'Morning run', 'Trail run', 'Swim']);
});

test('names are found by a part of them, whatever its case and accents', () => {
  assert.deepEqual(named(ACTIVITIES, 'HOHE'), [ACTIVITIES[0]]);
  assert.deepEqual(named(ACTIVITIES, ' run '), [ACTIVITIES[1], ACTIVITIES[2]]);
  assert.deepEqual(named(ACTIVITIES, 'nowhere'), []);
  assert.equal(named(ACTIVITIES, '  '), ACTIVITIES);
});
