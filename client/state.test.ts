import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../server/testing/fast-check.ts';
import {
  BASE_NAMES,
  DEFAULT_STATE,
  faultOfGradient,
  filterQuery,
  formatState,
  PALETTE_NAMES,
  parseState,
  type ViewState,
} from './state.ts';

const day = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

const states: fc.Arbitrary<ViewState> = fc
  .record({
    place: fc.constant(null),
    sports: fc
      .uniqueArray(fc.constantFrom('Ride', 'Run', 'TrailRun', 'VirtualRide'))
      .map((sports) => sports.sort()),
    days: fc.tuple(fc.option(day), fc.option(day)),
    commute: fc.constantFrom(true, false, null),
    virtual: fc.boolean(),
    visibility: fc.constantFrom('public', 'private', null),
    bySport: fc.boolean(),
    base: fc.constantFrom(null, ...BASE_NAMES),
    color: fc.constantFrom(...PALETTE_NAMES),
    gradient: fc.constantFrom(null, '1:c22a4f;10:#fff', 'f00;ff0', '1:f008;2.5:00ff00aa'),
    light: fc.integer({ min: -8, max: 8 }).map((half) => half / 2),
    opacity: fc.constantFrom(0.1, 0.55, 1),
  })
  .map(({ days: [a, b], ...rest }) => {
    const [from, to] = a !== null && b !== null && a > b ? [b, a] : [a, b];
    return { ...rest, from, to };
  });

test('a state is read back from its address as it was', () => {
  fc.assert(fc.property(states, (state) => assert.deepEqual(parseState(formatState(state)), state)));
});

test('an address is read back as it was, so that it does not change by being opened', () => {
  fc.assert(
    fc.property(states, (state) => {
      const address = formatState(state);
      assert.equal(formatState(parseState(`?${address}`)), address);
    }),
  );
});

test('the address is short and readable', () => {
  assert.equal(formatState(DEFAULT_STATE), '');
  const place = { zoom: 12.34567, lat: 47.98123456, lng: -11.25123456 };
  const state = { ...DEFAULT_STATE, place, sports: ['Run', 'Ride'], gradient: '1:c22a4f;10:#fff' };
  assert.equal(formatState(state), 'map=12.35/47.9812/-11.2512&sport=Ride,Run&gradient=1:c22a4f;10:%23fff');
});

test('a place is kept to less than a pixel', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 20, noNaN: true }),
      fc.double({ min: -85, max: 85, noNaN: true }),
      fc.double({ min: -180, max: 180, noNaN: true }),
      (zoom, lat, lng) => {
        const read = parseState(formatState({ ...DEFAULT_STATE, place: { zoom, lat, lng } })).place;
        assert.ok(read);
        assert.ok(Math.abs(read.lng - lng) <= 360 / (512 * 2 ** zoom));
      },
    ),
  );
});

test('what cannot be meant is left out', () => {
  const odd =
    'map=99/0/0&sport=a%20b,Ride&from=2024-02-30&to=yesterday&commute=maybe&visibility=all&color=mud&gradient=x&light=99&opacity=0';
  assert.deepEqual(parseState(odd), { ...DEFAULT_STATE, sports: ['Ride'] });
  assert.deepEqual(parseState('map=3//'), DEFAULT_STATE);
  assert.deepEqual(parseState('from=2024-02-01&to=2024-01-01'), DEFAULT_STATE);
});

test('the same choice asks for the same tiles, however it was made', () => {
  const both: ViewState = { ...DEFAULT_STATE, commute: false, visibility: 'public' };
  const one = { ...both, sports: ['Run', 'Ride'] };
  const other = { ...both, sports: ['Ride', 'Run'] };
  assert.equal(filterQuery(one), filterQuery(other));
  assert.equal(filterQuery(one), 'sport=Ride%2CRun&commute=false&visibility=public');
});

test('virtual rides are asked for by who chooses them, and by nobody else', () => {
  assert.equal(filterQuery(DEFAULT_STATE), '');
  assert.equal(filterQuery({ ...DEFAULT_STATE, sports: ['VirtualRide'] }), 'sport=VirtualRide&virtual=true');
  assert.equal(filterQuery({ ...DEFAULT_STATE, virtual: true }), 'virtual=true');
});

test('a gradient is judged in words', () => {
  assert.equal(faultOfGradient('1:f00;10:ff0'), null);
  assert.match(faultOfGradient('1:f00;1:ff0') ?? '', /^Counts must grow: 1 comes after 1\.$/);
});
