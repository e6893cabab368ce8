import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { Tile, TileSize } from '../geo/tile.ts';
import { drawVisits } from '../heat/raster.ts';
import type { IndexedActivity } from '../index/athlete-index.ts';
import { AthleteIndex } from '../index/athlete-index.ts';
import type { Filter } from '../index/filter.ts';
import { EVERYTHING, matches } from '../index/filter.ts';
import fc from '../testing/fast-check.ts';
import { sampleActivity, seeded, tileAt } from '../testing/sample-activities.ts';
import { AddressTable, EMPTY } from './address.ts';

const secret = Buffer.alloc(32, 7);
const sizes: TileSize[] = [256, 512];
const RIDES: Filter = { ...EVERYTHING, sports: ['Ride'] };
const WALKS: Filter = { ...EVERYTHING, sports: ['Run'] };
const filters = [EVERYTHING, RIDES, { ...EVERYTHING, from: 1.64e9, commute: false }];

type Asked = { tile: Tile; size: TileSize; filter: Filter };

/** Tiles of all zooms around the place, more of the middle ones, where lines cross tiles' edges. */
function someTiles(random: () => number, count: number): Asked[] {
  return Array.from({ length: count }, () => ({
    tile: tileAt(Math.floor(random() * 21), random),
    size: sizes[Math.floor(random() * 2)],
    filter: filters[Math.floor(random() * filters.length)],
  }));
}

function visitsOf(index: AthleteIndex, { tile, size, filter }: Asked): Uint32Array {
  const { drawing } = new AddressTable(index, secret).draw(tile, size, filter);
  return drawing
    ? drawVisits(tile, size, drawing.blocks, drawing.refs).slice()
    : new Uint32Array(size * size);
}

function digest(visits: Uint32Array): string {
  return createHash('sha1').update(visits).digest('hex');
}

function loaded(activities: Iterable<IndexedActivity>): AthleteIndex {
  const index = new AthleteIndex();
  for (const activity of activities) index.append({ ...activity, fine: null });
  for (const _ of index.plant('coarse'));
  for (const { activityId, tag, fine } of activities) index.appendFine(activityId, tag, fine!);
  for (const _ of index.plant('fine'));
  return index;
}

test('equal addresses mean equal pixels, and only touched tiles change theirs', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const random = seeded(seed);
      const index = new AthleteIndex();
      const table = new AddressTable(index, secret);
      const there = new Map<string, IndexedActivity>();
      for (let id = 1; id <= 12; id++) there.set(String(id), sampleActivity(String(id), random));
      for (const activity of there.values()) index.add(activity);
      const asked = someTiles(random, 25);
      const pixels = new Map<string, string>();
      const before = new Map<Asked, string>();

      const look = () => {
        for (const one of asked) {
          const address = table.find(one.tile, one.size, one.filter);
          const seen = `${one.size} ${digest(visitsOf(index, one))}`;
          const known = pixels.get(address);
          if (address !== EMPTY) assert.equal(known ?? seen, seen, 'one address, two pictures');
          pixels.set(address, seen);
          before.set(one, address);
        }
      };
      look();

      for (let step = 0; step < 6; step++) {
        const id = String(1 + Math.floor(random() * 14));
        const gone = there.get(id);
        const come = random() < 0.3 ? undefined : sampleActivity(id, random);
        const earlier = new Map(before);
        if (come) there.set(id, come);
        else there.delete(id);
        if (come) index.add(come);
        else index.remove(id);
        look();
        const concerned = [gone, come].filter((activity) => activity !== undefined);
        const alone = concerned.map((activity) => ({ activity, index: loaded([activity]) }));
        for (const one of asked) {
          const counting = alone.filter(({ activity }) => matches(one.filter, activity));
          const changed = earlier.get(one) !== before.get(one);
          const drawn = counting.some(({ index }) => visitsOf(index, one).some(Boolean));
          if (drawn) assert.ok(changed, 'pixels changed under an address that did not');
          const { tile, size, filter } = one;
          const touched = counting.some(
            ({ index }) => new AddressTable(index, secret).find(tile, size, filter) !== EMPTY,
          );
          if (!touched) assert.ok(!changed, 'an address changed though nothing touched its tile');
        }
      }
    }),
    { numRuns: 5 },
  );
});

test('the incremental index equals the freshly loaded one', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const random = seeded(seed);
      const index = new AthleteIndex();
      const table = new AddressTable(index, secret);
      const there = new Map<string, IndexedActivity>();
      const asked = someTiles(random, 40);
      for (let step = 0; step < 40; step++) {
        const id = String(1 + Math.floor(random() * 20));
        const dice = random();
        if (dice < 0.2) {
          there.delete(id);
          index.remove(id);
        } else if (dice < 0.4 && there.has(id)) {
          const relabelled = { ...there.get(id)!, sport: 'Run', commute: true };
          there.set(id, relabelled);
          assert.ok(index.relabel(relabelled));
        } else {
          const activity = sampleActivity(id, random);
          there.set(id, activity);
          index.add(activity);
        }
        for (const { tile, size, filter } of asked.slice(0, 10)) table.find(tile, size, filter);
      }
      const fresh = loaded([...there.values()]);
      const freshTable = new AddressTable(fresh, secret);
      assert.equal(index.activityCount, fresh.activityCount);
      for (const one of asked) {
        const { tile, size, filter } = one;
        assert.equal(table.find(tile, size, filter), freshTable.find(tile, size, filter));
        assert.deepEqual(visitsOf(index, one), visitsOf(fresh, one));
      }
      for (const filter of filters) assert.deepEqual(index.extent(filter), fresh.extent(filter));
    }),
    { numRuns: 8 },
  );
});

test("a filter's tiles and its complement's add up to the unfiltered ones", () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const random = seeded(seed);
      const index = loaded(Array.from({ length: 15 }, (_, id) => sampleActivity(String(id), random)));
      for (const one of someTiles(random, 20)) {
        const rides = visitsOf(index, { ...one, filter: RIDES });
        const walks = visitsOf(index, { ...one, filter: WALKS });
        assert.deepEqual(
          rides.map((visits, at) => visits + walks[at]),
          visitsOf(index, { ...one, filter: EVERYTHING }),
        );
      }
    }),
    { numRuns: 8 },
  );
});

test('what an address hides is keyed: another athlete has other addresses for the same lines', () => {
  const index = loaded([sampleActivity('1', seeded(5))]);
  const tile = { z: 0, x: 0, y: 0 };
  const mine = new AddressTable(index, secret).find(tile, 256, EVERYTHING);
  const theirs = new AddressTable(index, Buffer.alloc(32, 8)).find(tile, 256, EVERYTHING);
  assert.match(mine, /^[\w-]{22}$/);
  assert.notEqual(mine, theirs);
  assert.notEqual(mine, new AddressTable(index, secret).find(tile, 512, EVERYTHING));
});

test('damaged geometry leaves nothing half there', () => {
  const index = new AthleteIndex();
  const whole = sampleActivity('1', seeded(5));
  const damaged = { ...sampleActivity('2', seeded(6)), activityId: '2' };
  damaged.fine = damaged.fine!.subarray(0, damaged.fine!.length - 4);
  index.add(whole);
  assert.throws(() => index.add(damaged), RangeError);
  assert.equal(index.activityCount, 1);
  const table = new AddressTable(index, secret);
  const alone = new AddressTable(loaded([whole]), secret);
  for (let z = 0; z <= 20; z++) {
    const tile = tileAt(z, () => 0.5);
    assert.equal(table.find(tile, 256, EVERYTHING), alone.find(tile, 256, EVERYTHING));
  }
});

test('a change is remembered until too many followed', () => {
  const index = new AthleteIndex();
  const random = seeded(3);
  const { generation } = index;
  for (let id = 0; id < 600; id++) index.add(sampleActivity(String(id), random));
  assert.equal(index.changesSince(generation), null);
  assert.equal(index.changesSince(index.generation)?.length, 0);
  assert.equal(index.changesSince(index.generation - 100)?.length, 100);
});
