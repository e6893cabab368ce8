import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SPORTS } from '../server/tracks/sports.ts';
import { GROUPS, grouped, groupOf, toggled } from './sports.ts';

test('every sport has its group', () => {
  const of = (group: string) => SPORTS.filter((sport) => groupOf(sport) === group);
  assert.deepEqual(of('runs'), ['Run', 'TrailRun', 'VirtualRun']);
  assert.deepEqual(of('walks'), ['Hike', 'Walk', 'Wheelchair']);
  assert.deepEqual(of('winter'), [
    'AlpineSki',
    'BackcountrySki',
    'IceSkate',
    'NordicSki',
    'Snowboard',
    'Snowshoe',
  ]);
  assert.ok(of('rides').includes('GravelRide') && of('rides').includes('Handcycle'));
  assert.ok(of('water').includes('Windsurf') && of('water').includes('Surfing'));
  assert.ok(of('others').includes('Yoga') && of('others').includes('RollerSki'));
  for (const group of GROUPS) assert.ok(of(group).length > 0);
});

test('groups have counts, and come in one order', () => {
  const sports = [
    { sport: 'Run', count: 5 },
    { sport: 'GravelRide', count: 1 },
    { sport: 'Ride', count: 3 },
  ];
  assert.deepEqual(
    grouped(sports).map(({ group, count, sports }) => [group, count, sports[0].sport]),
    [
      ['rides', 4, 'Ride'],
      ['runs', 5, 'Run'],
    ],
  );
});

test('a group is chosen and left as one; all of them are no choice', () => {
  const all = ['GravelRide', 'Ride', 'Run', 'Walk'];
  const rides = ['GravelRide', 'Ride'];
  assert.deepEqual(toggled([], rides, all), rides);
  assert.deepEqual(toggled(['Ride'], rides, all), rides, 'a part of it becomes the whole');
  assert.deepEqual(toggled(['GravelRide', 'Ride', 'Run'], rides, all), ['Run']);
  assert.deepEqual(toggled(['Run', 'Walk'], rides, all), []);
});
