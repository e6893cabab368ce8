import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heatOf, isPinned } from './heat.ts';
import { DEFAULT_STATE, type ViewState } from './state.ts';

const queriesOf = (state: Partial<ViewState>) =>
  heatOf({
    state: { ...DEFAULT_STATE, ...state },
    sports: [
      { sport: 'Ride', count: 4 },
      { sport: 'Run', count: 9 },
      { sport: 'VirtualRide', count: 7 },
    ],
    drawn: { exposure: [8], fromStrava: false, tiles: '/tiles/me' },
    ground: 'dark',
    revision: '1',
  }).layers.map(({ query }) => query);

test('by sport just those activities are drawn that are drawn by visits', () => {
  assert.deepEqual(
    queriesOf({ bySport: true }),
    ['sport=Ride%2CVirtualRide', 'sport=Run'],
    'none in virtual worlds',
  );
  assert.deepEqual(queriesOf({ bySport: true, virtual: true, from: '2020-01-01' }), [
    'sport=Ride%2CVirtualRide&from=2020-01-01&virtual=true',
    'sport=Run&from=2020-01-01&virtual=true',
  ]);
  // who chooses a virtual sport by name wants to see it
  assert.deepEqual(queriesOf({ bySport: true, sports: ['Run', 'VirtualRide'] }), [
    'sport=VirtualRide&virtual=true',
    'sport=Run&virtual=true',
  ]);
  assert.deepEqual(queriesOf({ sports: ['Run', 'VirtualRide'] }), ['sport=Run%2CVirtualRide&virtual=true']);
});

test('brightness is nothing to colours that say how many visits each is, all of them', () => {
  const pinned = (gradient: string | null, bySport = false) => isPinned({ gradient, bySport });
  assert.equal(pinned('1:c22a4f;10:fb8b1e'), true);
  assert.equal(pinned('c22a4f;fb8b1e'), false);
  assert.equal(pinned(null), false);
  assert.equal(pinned('1:c22a4f;10:fb8b1e', true), false, 'not used by sport');
});
