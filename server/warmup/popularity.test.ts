import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Tile, TileSize } from '../geo/tile.ts';
import { EVERYTHING } from '../index/filter.ts';
import { testAthlete, testDatabase } from '../testing/database.ts';
import fc from '../testing/fast-check.ts';
import type { TileRequest } from '../tiles/service.ts';
import { type Counts, popularLayers } from './counts.ts';
import { Popularity } from './popularity.ts';

const { db, drop } = await testDatabase();
after(drop);
const athletes = [await testAthlete(db), await testAthlete(db)];
const dataKey = async (id: string) => athletes.find((one) => one.id === id)!.key;

function counting(t: { after(end: () => unknown): void }, overrides = {}) {
  const warnings: string[] = [];
  const popularity = new Popularity({
    db,
    dataKey,
    warn: (message) => warnings.push(message),
    flushEvery: 1e9,
    ...overrides,
  });
  t.after(() => popularity.close());
  return { popularity, warnings };
}

const request = (athleteId: string, tile: Tile, size: TileSize = 512): TileRequest => ({
  athleteId,
  geometry: 'own',
  tile,
  size,
  filter: EVERYTHING,
});

test('what carried nine of ten requests is popular, of several processes together', async (t) => {
  const [{ id }, other] = athletes;
  const one = counting(t).popularity;
  const two = counting(t).popularity;
  assert.deepEqual(await one.popular(id), []);
  for (let at = 0; at < 50; at++) one.count(request(id, { z: 14, x: 8800 + (at % 8), y: 5600 }));
  for (let at = 0; at < 45; at++) two.count(request(id, { z: 11, x: 1100, y: 700 }, 256));
  for (let at = 0; at < 5; at++) one.count(request(id, { z: 19, x: 300_000, y: 200_000 }));
  for (let at = 0; at < 90; at++) two.count({ ...request(id, { z: 2, x: 1, y: 1 }), geometry: 'public' });
  two.count(request(other.id, { z: 5, x: 1, y: 1 }));
  await Promise.all([one.flush(), two.flush()]);
  assert.deepEqual(await two.popular(id), [
    { zoom: 14, size: 512, areas: [{ z: 11, x: 1100, y: 700 }] },
    { zoom: 11, size: 256, areas: [{ z: 8, x: 137, y: 87 }] },
  ]);
  assert.deepEqual(await one.popular(other.id), [{ zoom: 5, size: 512, areas: [{ z: 2, x: 0, y: 0 }] }]);
});

test('what is older than a month counts no more, and goes', async (t) => {
  const athlete = await testAthlete(db);
  athletes.push(athlete);
  const { popularity } = counting(t);
  popularity.count(request(athlete.id, { z: 9, x: 1, y: 1 }));
  await popularity.flush();
  await db('tile_requests')
    .where({ athlete_id: athlete.id })
    .update({ day: db.raw(`day - 30`) });
  assert.deepEqual(await popularity.popular(athlete.id), []);
  await popularity.flush();
  assert.deepEqual(await db('tile_requests').where({ athlete_id: athlete.id }), []);
  popularity.count(request(athlete.id, { z: 4, x: 1, y: 1 }));
  await popularity.flush();
  assert.equal((await popularity.popular(athlete.id))[0].zoom, 4);
});

test('nothing of where somebody looks lies in the clear', async (t) => {
  const athlete = await testAthlete(db);
  athletes.push(athlete);
  const { popularity } = counting(t);
  popularity.count(request(athlete.id, { z: 17, x: 70_123, y: 45_987 }));
  await popularity.flush();
  const row = await db('tile_requests').where({ athlete_id: athlete.id }).first();
  assert.deepEqual(Object.keys(row).sort(), ['athlete_id', 'counts', 'day']);
  const text = row.counts.toString('latin1');
  for (const part of [String(70_123 >> 3), String(45_987 >> 3), '17/512']) {
    assert.ok(!text.includes(part));
  }
});

test('what cannot be stored is stored later, and whose key is gone is forgotten', async (t) => {
  const athlete = await testAthlete(db);
  let away = true;
  const { popularity, warnings } = counting(t, {
    dataKey: async () => {
      if (away) throw new Error('the database is away');
      return athlete.key;
    },
  });
  popularity.count(request(athlete.id, { z: 9, x: 1, y: 1 }));
  await popularity.flush();
  assert.equal(warnings.length, 1);
  away = false;
  popularity.count(request(athlete.id, { z: 9, x: 2, y: 1 }));
  await popularity.flush();
  assert.equal((await popularity.popular(athlete.id)).length, 1);
});

test('popular is as little as carries nine of ten', () => {
  const counts = fc
    .array(
      fc.tuple(
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 0, max: 50 }),
        fc.integer({ min: 1, max: 99 }),
      ),
      {
        minLength: 1,
      },
    )
    .map((rows): Counts => new Map(rows.map(([z, x, count]) => [`${z}/512/${x}/0`, count])));
  fc.assert(
    fc.property(counts, (all) => {
      const total = [...all.values()].reduce((sum, count) => sum + count, 0);
      const chosen = popularLayers(all)
        .flatMap(({ zoom, areas }) => areas!.map(({ x }) => all.get(`${zoom}/512/${x}/0`)!))
        .sort((a, b) => a - b);
      const carried = chosen.reduce((sum, count) => sum + count, 0);
      assert.ok(carried >= 0.9 * total - 1e-9);
      assert.ok(carried - chosen[0] < 0.9 * total, 'without the least of them it would not do');
    }),
  );
});
