import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SPORTS } from '../server/tracks/sports.ts';
import { formatDistance, formatDuration, formatShort, formatVisits } from './numbers.ts';
import { sportName } from './words.ts';

test('every sport has a name that reads well', () => {
  assert.equal(sportName('TrailRun'), 'Trail run');
  assert.equal(sportName('EBikeRide'), 'E-bike ride');
  assert.equal(sportName('Workout'), 'Other');
  for (const sport of SPORTS) assert.match(sportName(sport), /^[A-Z][a-z-]+( [a-z]+)*$/);
});

test('numbers are short and not more exact than they are', () => {
  // in whose English they are told depends on the machine: some write small letters
  const short = [999, 12_345, 2_400_000].map((count) => formatShort(count).toUpperCase());
  assert.deepEqual(short, ['999', '12.3K', '2.4M']);
  assert.deepEqual(
    [0, 300, 4200, 31_402_123].map((metres) => formatDistance(metres, 'metric')),
    ['0 km', '300 m', '4.2 km', '31,402 km'],
  );
  assert.deepEqual(
    [0, 300, 4200, 31_402_123].map((metres) => formatDistance(metres, 'imperial')),
    ['0 mi', '980 ft', '2.61 mi', '19,512 mi'],
  );
  assert.deepEqual([0.2, 40, 90, 7200, 600_000].map(formatDuration), [
    '1 s',
    '40 s',
    '2 min',
    '2 h',
    '7 days',
  ]);
  assert.deepEqual([1, 2.5, 362].map(formatVisits), ['1', '2.5', '362']);
});
