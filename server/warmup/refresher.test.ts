import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { EVERYTHING } from '../index/filter.ts';
import { testDatabase } from '../testing/database.ts';
import { PLACE, sampleActivity, seeded } from '../testing/sample-activities.ts';
import { removeActivity, storeActivity } from '../testing/store-activities.ts';
import { until } from '../testing/until.ts';
import { warmupPeers } from '../testing/warmup-peers.ts';
import { heatTiles } from './heat-tiles.ts';

const database = await testDatabase();
after(() => database.drop());
const { athlete, peer, ended } = await warmupPeers(database, 77);

test('after one activity only the popular tiles that it touches are drawn', async (t) => {
  const one = await peer(t);
  for (const z of [12, 13]) {
    const side = 2 ** (31 - z);
    const tile = { z, x: Math.floor(PLACE.x / side), y: Math.floor(PLACE.y / side) };
    one.popularity.count({ athleteId: athlete.id, geometry: 'own', tile, size: 256, filter: EVERYTHING });
  }
  await one.popularity.flush();
  const signal = new AbortController().signal;
  const refresh = () => one.kinds['warmup-refresh'].handle({ athleteId: athlete.id }, signal);
  const latest = async () => (await one.warmups.list()).find(({ origin }) => origin === 'change');

  // the first time it is not known what changed, and all that is popular is gone through
  await refresh();
  const first = await latest();
  assert.ok(first);
  await ended(one, first.id);
  const index = await one.indexes.current(athlete.id, 'fine');
  const layers = await Promise.all(
    [12, 13].map(async (zoom) => {
      const areas = (await one.popularity.popular(athlete.id)).find((layer) => layer.zoom === zoom)!.areas;
      return { zoom, size: 256 as const, areas };
    }),
  );
  const addresses = async () => {
    const found = new Map<string, string>();
    for (const layer of layers) {
      const list = await heatTiles(index, layer, { boxes: null, limit: 1e6 });
      for (let at = 0; at < list.length; at += 2) {
        const tile = { z: layer.zoom, x: list[at], y: list[at + 1] };
        const own = { athleteId: athlete.id, geometry: 'own' as const };
        const address = await one.tiles.address({ ...own, tile, size: 256, filter: EVERYTHING });
        found.set(`${tile.z}/${tile.x}/${tile.y}/256`, address);
      }
    }
    return found;
  };
  const before = await addresses();
  assert.ok(before.size > 10);
  one.drawn.length = 0;
  await refresh();
  assert.deepEqual(one.drawn, [], 'nothing changed');

  const id = await storeActivity(database.db, athlete, sampleActivity('', seeded(2)));
  one.indexes.compareAll();
  await refresh();
  const now = await addresses();
  const changed = [...now].filter(([name, address]) => before.get(name) !== address).map(([name]) => name);
  assert.ok(changed.length > 0 && changed.length < now.size);
  assert.deepEqual(one.drawn.toSorted(), changed.toSorted());
  assert.equal((await latest())!.id, first.id, 'no warm-up was planned for it');
  assert.ok(one.changes.includes(athlete.id));

  await removeActivity(database.db, athlete, id);
  one.indexes.compareAll();
  one.drawn.length = 0;
  await refresh();
  assert.deepEqual(one.drawn, [], 'the tiles before it are kept still');
});

test('while more arrives nothing is drawn in vain, and changes are gathered into one job', async (t) => {
  const one = await peer(t, { jobs: false });
  one.arriving.now = true;
  const waiting = (athleteId = athlete.id) =>
    database
      .db('graphile_worker.jobs')
      .where({ key: `warmup-refresh:${athleteId}` })
      .first('run_at');
  await one.kinds['warmup-refresh'].handle({ athleteId: athlete.id }, new AbortController().signal);
  assert.ok((await waiting()).run_at > new Date(Date.now() + 1000));
  assert.deepEqual(one.drawn, []);
  await database.db.raw('select graphile_worker.remove_job(?)', [`warmup-refresh:${athlete.id}`]);
  const deleted = '424242';
  one.changed(deleted);
  one.forget(deleted);
  for (let at = 0; at < 5; at++) one.changed(athlete.id);
  await until(() => waiting());
  assert.equal(await waiting(deleted), undefined);
  await database.db.raw('select graphile_worker.remove_job(?)', [`warmup-refresh:${athlete.id}`]);
});
