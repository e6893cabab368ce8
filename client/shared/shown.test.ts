import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Shared } from '../api/shared.ts';
import { DEFAULT_STATE, filterQuery } from '../state.ts';
import { shownOf } from './shown.ts';

const shared: Shared = {
  name: 'Alps',
  filter: { from: '2020-01-01' },
  palette: { color: 'glacier' },
  viewerFilters: false,
  tiles: '/tiles/token/key',
  view: null,
  sports: [],
  commutes: false,
  firstDay: null,
  lastDay: null,
  days: [],
};
const chosen = { ...DEFAULT_STATE, sports: ['Run'], from: '2024-01-01', color: 'orchid', light: 2 } as const;

test('a visitor who may not choose sees what is shared, in its colours, whatever the address says', () => {
  const shown = shownOf(shared, { ...chosen, sports: ['Run'] });
  assert.equal(filterQuery(shown), '');
  assert.deepEqual([shown.color, shown.light], ['glacier', 0]);
});

test('a visitor sees it as bright, as opaque and in such colours as its owner saw it', () => {
  const palette = { gradient: '1:f00;9:ff0', light: -1.5, opacity: 0.4, by: 'sport' } as const;
  const { gradient, light, opacity, bySport, from } = shownOf({ ...shared, palette }, DEFAULT_STATE);
  assert.deepEqual({ gradient, light, opacity, by: bySport && 'sport' }, palette);
  assert.equal(from, null);
});

test('a visitor who may choose sees that, and virtual ones where they are shared', () => {
  const free = { ...shared, viewerFilters: true };
  assert.equal(
    filterQuery(shownOf(free, { ...chosen, sports: ['Run'], commute: false })),
    'sport=Run&from=2024-01-01&commute=false',
  );
  assert.equal(filterQuery(shownOf({ ...free, filter: { virtual: 'true' } }, DEFAULT_STATE)), 'virtual=true');
});
