import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitSport, isVirtualSport, knownSport, SPORTS, sameFamily, sportOf } from './sports.ts';

test('what devices, apps and languages call a sport becomes one word', () => {
  const words: Record<string, string> = {
    cycling: 'Ride',
    Biking: 'Ride',
    Radfahrt: 'Ride',
    'Sortie à vélo': 'Ride',
    '1': 'Ride',
    road_biking: 'Ride',
    'Mountain Biking': 'MountainBikeRide',
    mountain_biking: 'MountainBikeRide',
    'E-Bike-Fahrt': 'EBikeRide',
    running: 'Run',
    '9': 'Run',
    'Course à pied': 'Run',
    COURSE_A_PIED: 'Run',
    Løb: 'Run',
    跑步: 'Run',
    trail_running: 'TrailRun',
    Wanderung: 'Hike',
    Spaziergang: 'Walk',
    cross_country_skiing_ws: 'NordicSki',
    'Virtuelle Radfahrt': 'VirtualRide',
    other: 'Workout',
  };
  for (const [word, sport] of Object.entries(words)) assert.equal(sportOf(word), sport, word);
  for (const sport of SPORTS) assert.equal(sportOf(sport), sport);
});

test('a word nobody knows is kept as one that filters can name, or is none', () => {
  assert.equal(sportOf('ice climbing'), 'IceClimbing');
  assert.equal(sportOf('Jeu de paume'), 'JeuDePaume');
  for (const word of ['', null, undefined, '  ', '17', '何か', 'x'.repeat(200)])
    assert.equal(sportOf(word), null);
  assert.equal(knownSport('ice climbing'), null);
});

test('FIT numbers name sports together', () => {
  assert.equal(fitSport(1, 0), 'Run');
  assert.equal(fitSport(1, 3), 'TrailRun');
  assert.equal(fitSport(2, 8), 'MountainBikeRide');
  assert.equal(fitSport(2, 58), 'VirtualRide');
  assert.equal(fitSport(2, 200), 'Ride');
  assert.equal(fitSport(0, 0), null);
  assert.equal(fitSport(Number.NaN, Number.NaN), null);
});

test('families hold what is mistaken for each other; an unknown sport goes with any', () => {
  assert.ok(
    sameFamily('Ride', 'GravelRide') && sameFamily('Walk', 'TrailRun') && sameFamily('Workout', 'Swim'),
  );
  assert.ok(sameFamily('IceClimbing', 'IceClimbing'));
  assert.ok(
    !sameFamily('Ride', 'Run') && !sameFamily('IceClimbing', 'JeuDePaume') && !sameFamily('Swim', 'Yoga'),
  );
  assert.ok(isVirtualSport('VirtualRow') && !isVirtualSport('Rowing'));
});
