import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SPORTS } from '../tracks/sports.ts';
import { GROUPS, grouped, groupOf, inOrder, layersBySport } from './by-sport.ts';

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

test('a layer for each group with anything chosen, where its place is by all that there is', () => {
  const sports = [
    { sport: 'Run', count: 5 },
    { sport: 'GravelRide', count: 3 },
    { sport: 'Ride', count: 4 },
    { sport: 'Hike', count: 1 },
  ];
  assert.deepEqual(layersBySport(sports, null), [
    { group: 'rides', sports: ['Ride', 'GravelRide'] },
    { group: 'runs', sports: ['Run'] },
    { group: 'walks', sports: ['Hike'] },
  ]);
  assert.deepEqual(layersBySport(sports, ['GravelRide', 'Hike', 'Run', 'Swim']), [
    { group: 'rides', sports: ['GravelRide'] },
    { group: 'runs', sports: ['Run'] },
    { group: 'walks', sports: ['Hike'] },
  ]);
  assert.deepEqual(layersBySport(sports, []), []);
});

test('where only their order is told, the group of the first sport is lowest', () => {
  const layers = layersBySport(inOrder(['Run', 'Ride', 'GravelRide', 'Hike', 'TrailRun']), null);
  assert.deepEqual(
    layers.map(({ group }) => group),
    ['runs', 'rides', 'walks'],
  );
});
