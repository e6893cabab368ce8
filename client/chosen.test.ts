import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  coloursInWords,
  filterAsked,
  filterInWords,
  lookInWords,
  shareable,
  stateOf,
  tileQuery,
} from './chosen.ts';
import { DEFAULT_STATE, lookParameters, type ViewState } from './state.ts';

test('what is chosen is told in a line', () => {
  const told = (part: Partial<typeof DEFAULT_STATE>) => filterInWords({ ...DEFAULT_STATE, ...part });
  assert.equal(told({}), 'All activities');
  assert.equal(
    told({ sports: ['Ride', 'TrailRun'], from: '2024-01-01' }),
    'Ride, Trail run, since 2024-01-01',
  );
  assert.equal(
    told({ sports: ['Hike', 'Ride', 'Run', 'Sail', 'Swim', 'Walk'] }),
    'Hike, Ride, Run, Sailing, 2 more',
  );
  assert.equal(
    told({ from: '2024-01-01', to: '2024-06-30', commute: false, virtual: true }),
    'All activities, 2024-01-01 to 2024-06-30, without commutes, virtual ones too',
  );
  assert.equal(told({ visibility: 'private' }), 'All activities, only what others may not see');
  assert.equal(told({ sports: ['VirtualRide'], to: '2020-12-31' }), 'Virtual ride, until 2020-12-31');
});

test('colours are told by their name', () => {
  assert.equal(coloursInWords({ color: 'glacier', gradient: null }), 'in Glacier');
  assert.equal(coloursInWords({ color: 'glacier', gradient: 'f00;ff0' }), 'in your own colours');
});

test('what is only for the athlete is no part of what is shared', () => {
  const chosen = { ...DEFAULT_STATE, sports: ['Run'], visibility: 'private' } as const;
  assert.deepEqual(filterAsked(shareable({ ...chosen, sports: ['Run'] })), { sport: 'Run' });
});

test('how it is drawn is told in a line', () => {
  const told = (part: Partial<ViewState>) => lookInWords({ ...DEFAULT_STATE, ...part });
  assert.equal(told({}), 'in Fire');
  assert.equal(told({ light: 0.5, opacity: 0.4 }), 'in Fire, brighter, 40% opaque');
  assert.equal(told({ bySport: true, light: -1 }), 'each sport in its own colour, darker');
});

test('what is made a share of is read back from it', () => {
  const state: ViewState = {
    ...DEFAULT_STATE,
    sports: ['Ride', 'Run'],
    from: '2024-01-01',
    to: '2024-12-31',
    commute: false,
    virtual: true,
    visibility: null,
    color: 'glacier',
    gradient: '1:f00;9:ff0',
    light: -1.5,
    opacity: 0.4,
    bySport: true,
  };
  assert.deepEqual(stateOf({ filter: filterAsked(state), palette: lookParameters(state) }), state);
  assert.deepEqual(stateOf({ filter: {}, palette: {} }), DEFAULT_STATE);
});

test('a tile elsewhere is asked for as it is drawn here', () => {
  assert.equal(tileQuery(DEFAULT_STATE), '');
  assert.equal(
    tileQuery({ ...DEFAULT_STATE, sports: ['Run', 'Ride'], color: 'glacier' }),
    'sport=Ride%2CRun&color=glacier',
  );
  assert.equal(tileQuery({ ...DEFAULT_STATE, gradient: '1:f00;9:ff0' }), 'gradient=1%3Af00%3B9%3Aff0');
});
