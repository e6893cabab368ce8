import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { EMPTY_TILE } from '../heat/png.ts';
import { EVERYTHING } from '../index/filter.ts';
import { testAthlete, testDatabase } from '../testing/database.ts';
import { PLACE, sampleActivity, seeded, tileAt } from '../testing/sample-activities.ts';
import type { Athlete } from '../testing/store-activities.ts';
import { removeActivity, storeActivity } from '../testing/store-activities.ts';
import { testTiles } from '../testing/tile-service.ts';
import { until } from '../testing/until.ts';
import { renderTile } from './render.ts';
import { Busy } from './render-queue.ts';
import { renderThreads } from './render-threads.ts';
import type { TileRequest } from './service.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let athlete: Athlete;

before(async () => {
  database = await testDatabase();
  athlete = await testAthlete(database.db);
  const random = seeded(21);
  for (let at = 0; at < 30; at++) await storeActivity(database.db, athlete, sampleActivity('', random));
});
after(() => database.drop());

const filter = EVERYTHING;
const middle = () => 0.5;
const own = () => ({ athleteId: athlete.id, geometry: 'own' as const });
const at = (z: number): TileRequest => ({
  ...own(),
  tile: tileAt(z, middle),
  size: 256,
  filter,
});
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A render whose jobs end when the test lets them. */
function heldRender() {
  const held: { z: number; release(): void; fail(): void }[] = [];
  const render: Parameters<typeof testTiles>[1]['render'] = (job) => {
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    held.push({
      z: job.tile.z,
      release: () => resolve(renderTile(job)),
      fail: () => reject(new Error('broken')),
    });
    return promise;
  };
  const reached = (count: number) => until(() => held.length >= count);
  return { held, render, reached };
}

test('a tile is rendered once, then comes from memory, and from disk after a restart', async (t) => {
  const { db } = database;
  const first = await testTiles(t, { db, athletes: [athlete] });
  const rendered = await first.tiles.get(at(10));
  assert.equal(rendered.from, 'render');
  const again = await first.tiles.get(at(10));
  assert.equal(again.from, 'memory');
  assert.equal(await first.tiles.address(at(10)), rendered.address);
  await first.close();
  const second = await testTiles(t, { db, athletes: [athlete], folder: first.folder });
  const stored = await second.tiles.get(at(10));
  assert.equal(stored.from, 'disk');
  assert.deepEqual(stored.png, rendered.png);
  assert.equal(stored.address, rendered.address);
  assert.deepEqual([...first.warnings, ...second.warnings], []);
});

test('a tile without heat is the shared empty one', async (t) => {
  const { tiles } = await testTiles(t, { db: database.db, athletes: [athlete] });
  const found = await tiles.get({ ...at(10), tile: { z: 10, x: 3, y: 3 } });
  assert.deepEqual([found.from, found.png], ['empty', EMPTY_TILE]);
});

test('threads draw what this thread draws', async (t) => {
  const { render, close } = renderThreads(2);
  const threaded = await testTiles(t, { db: database.db, athletes: [athlete], render });
  const here = await testTiles(t, { db: database.db, athletes: [athlete] });
  try {
    await Promise.all(
      [0, 6, 11, 14, 17, 20].flatMap((z) =>
        ([256, 512] as const).map(async (size) => {
          const [a, b] = await Promise.all(
            [threaded, here].map(({ tiles }) => tiles.get({ ...at(z), size })),
          );
          assert.deepEqual(a, b);
        }),
      ),
    );
  } finally {
    await close();
  }
});

test('who joins a render under way is not answered with what it draws of another moment', async (t) => {
  const { db } = database;
  const somebody = await testAthlete(db);
  const random = seeded(33);
  await storeActivity(db, somebody, sampleActivity('', random));
  const { held, render, reached } = heldRender();
  const { tiles, cache, indexes } = await testTiles(t, { db, athletes: [somebody], render });
  const asked = { ...at(4), athleteId: somebody.id };
  const address = await tiles.address(asked);
  const change = async (made: Promise<unknown>) => {
    await made;
    indexes.compareAll();
    return tiles.address(asked);
  };

  // while the disk is asked for the tile, an activity comes that the render then draws, and goes again
  const reading = Promise.withResolvers<undefined>();
  const asking = Promise.withResolvers<void>();
  t.mock.method(cache, 'read', () => {
    asking.resolve();
    return reading.promise;
  });
  const before = tiles.get(asked);
  await asking.promise;
  const passing = storeActivity(db, somebody, sampleActivity('', random));
  assert.notEqual(await change(passing), address);
  reading.resolve(undefined);
  await reached(1);
  assert.equal(await change(removeActivity(db, somebody, await passing)), address);
  const joined = tiles.get(asked);
  await turn();
  held[0].release();
  await reached(2);
  held[1].release();
  for (const found of await Promise.all([before, joined])) assert.equal(found.address, address);
});

test('one render in flight per address, however many ask', async (t) => {
  const { held, render, reached } = heldRender();
  const { tiles } = await testTiles(t, { db: database.db, athletes: [athlete], render });
  const answers = Array.from({ length: 20 }, () => tiles.get(at(12)));
  await reached(1);
  answers.push(tiles.get(at(12)));
  await turn();
  assert.equal(held.length, 1);
  held[0].release();
  const found = await Promise.all(answers);
  assert.equal(new Set(found.map(({ address }) => address)).size, 1);
  assert.equal(held.length, 1);
});

test('a queued render is cancelled when every asker has gone, not before', async (t) => {
  const { held, render, reached } = heldRender();
  const { tiles } = await testTiles(t, { db: database.db, athletes: [athlete], render, concurrency: 1 });
  const first = tiles.get(at(5));
  await reached(1);
  const gone = [new AbortController(), new AbortController()];
  const left = gone.map(({ signal }) => tiles.get(at(6), signal));
  const wanted = tiles.get(at(7), new AbortController().signal);
  const alsoLeft = tiles.get(at(7), gone[0].signal);
  await until(() => tiles.figures().queue.waiting >= 2);
  gone[0].abort(new Error('panned on'));
  await assert.rejects(left[0], /panned on/);
  await assert.rejects(alsoLeft, /panned on/);
  assert.equal(tiles.figures().queue.waiting, 2);
  gone[1].abort(new Error('panned on'));
  await assert.rejects(left[1], /panned on/);
  assert.equal(tiles.figures().queue.waiting, 1);
  held[0].release();
  await first;
  await reached(2);
  held[1].release();
  await wanted;
  assert.deepEqual(
    held.map(({ z }) => z),
    [5, 7],
  );
});

test('cached tiles are answered while renders are held up, and a full queue says so', async (t) => {
  const { held, render, reached } = heldRender();
  const { tiles } = await testTiles(t, {
    db: database.db,
    athletes: [athlete],
    render,
    concurrency: 1,
    queueLimit: 1,
  });
  const cached = tiles.get(at(4));
  await reached(1);
  held[0].release();
  await cached;
  const slow = tiles.get(at(5));
  await reached(2);
  const waiting = tiles.get(at(6));
  await until(() => tiles.figures().queue.waiting >= 1);
  const newest = tiles.get(at(7));
  await assert.rejects(waiting, Busy);
  assert.equal((await tiles.get(at(4))).from, 'memory');
  held[1].release();
  await slow;
  await reached(3);
  held[2].release();
  await newest;
});

test('a render that fails is tried again by the next asker', async (t) => {
  const { held, render, reached } = heldRender();
  const { tiles } = await testTiles(t, { db: database.db, athletes: [athlete], render });
  const failed = tiles.get(at(9));
  await reached(1);
  held[0].fail();
  await assert.rejects(failed, /broken/);
  const next = tiles.get(at(9));
  await reached(2);
  held[1].release();
  assert.equal((await next).from, 'render');
});

test('an activity that comes while its tile is being drawn is in the next answer, never lost', async (t) => {
  const { held, render, reached } = heldRender();
  const { tiles, indexes } = await testTiles(t, { db: database.db, athletes: [athlete], render });
  const early = tiles.get(at(0));
  await reached(1);
  await storeActivity(database.db, athlete, sampleActivity('', seeded(77)));
  indexes.compareAll();
  const late = tiles.get(at(0));
  await reached(2);
  held[1].release();
  held[0].release();
  const [before, afterwards] = await Promise.all([early, late]);
  assert.notEqual(before.address, afterwards.address);
  assert.equal((await tiles.get(at(0))).address, afterwards.address);
});

test('a damaged or foreign entry on disk is a miss, said once, and replaced', async (t) => {
  const { db } = database;
  const first = await testTiles(t, { db, athletes: [athlete] });
  const requests = [at(8), at(13), at(16)];
  const pictures = await Promise.all(requests.map((request) => first.tiles.get(request)));
  await first.close();
  const store = new DatabaseSync(join(first.folder, 'tiles.sqlite'));
  const bytesOf = (address: string) =>
    store.prepare('select value from tiles where address = ?').get(address)!.value as Uint8Array;
  const put = store.prepare('update tiles set value = ? where address = ?');
  const [flipped, truncated, foreign] = pictures.map(({ address }) => address);
  const bytes = bytesOf(flipped);
  const kept = Uint8Array.from(bytes);
  bytes[40] ^= 1;
  put.run(bytes, flipped);
  put.run(bytesOf(truncated).subarray(0, 20), truncated);
  put.run(kept, foreign);
  store.close();

  const second = await testTiles(t, { db, athletes: [athlete], folder: first.folder });
  for (const [number, request] of requests.entries()) {
    const found = await second.tiles.get(request);
    assert.equal(found.from, 'render');
    assert.deepEqual(found.png, pictures[number].png);
  }
  assert.equal(second.warnings.length, 3);
  await second.close();
  const third = await testTiles(t, { db, athletes: [athlete], folder: first.folder });
  for (const request of requests) assert.equal((await third.tiles.get(request)).from, 'disk');
  assert.deepEqual(third.warnings, []);
});

test('the exposure is the same for all tiles of a zoom and grows as more of the map is in a pixel', async (t) => {
  const { tiles } = await testTiles(t, { db: database.db, athletes: [athlete] });
  const exposures = await tiles.exposures(own(), filter);
  assert.equal(exposures.length, 21);
  assert.ok(exposures.every((exposure) => exposure >= 2));
  assert.ok(exposures[0] >= exposures[20]);
  assert.equal(await tiles.exposure(own(), filter, 7), exposures[7]);
  const nothing = await tiles.exposures(own(), { ...filter, sports: ['Sail'] });
  assert.ok(nothing.every((exposure) => exposure >= 2));
});

test('the extent holds the place, and nothing has none', async (t) => {
  const { tiles } = await testTiles(t, { db: database.db, athletes: [athlete] });
  const extent = (await tiles.extent(own(), filter))!;
  assert.ok(extent.minX < PLACE.x && PLACE.x < extent.maxX && extent.minY < PLACE.y && PLACE.y < extent.maxY);
  assert.equal(await tiles.extent(own(), { ...filter, sports: ['Sail'] }), null);
});

test('what was drawn before it was asked for is there, and is drawn once', async (t) => {
  const { tiles, cache } = await testTiles(t, { db: database.db, athletes: [athlete] });
  assert.equal(await tiles.warm(at(11)), 'drawn');
  assert.equal(await tiles.warm(at(11)), 'kept');
  assert.equal(await tiles.warm({ ...at(11), tile: { z: 11, x: 3, y: 3 } }), 'empty');
  assert.equal((await tiles.get(at(11))).from, 'memory');
  assert.equal(cache.figures().memoryTiles, 1);
  const { warmed, render, memory } = tiles.figures().tiles;
  assert.deepEqual({ warmed, render, memory }, { warmed: 1, render: 0, memory: 1 });
});

test('what has settled lies on the disk', async (t) => {
  const { tiles, folder } = await testTiles(t, { db: database.db, athletes: [athlete] });
  for (const z of [10, 11, 12]) await tiles.warm(at(z));
  await tiles.settled();
  const onDisk = new DatabaseSync(join(folder, 'tiles.sqlite'), { readOnly: true });
  t.after(() => onDisk.close());
  assert.equal(onDisk.prepare('select count(*) as count from tiles').get()!.count, 3);
});

test('in the background nothing is pushed out of memory', async (t) => {
  const small = await testTiles(t, { db: database.db, athletes: [athlete], memoryLimit: 1 });
  assert.equal(await small.tiles.warm(at(11)), 'drawn');
  assert.equal(small.cache.figures().memoryTiles, 0);
  assert.equal((await small.tiles.get(at(11))).from, 'disk');
});

test('a live request joins a render in the background and brings it forward', async (t) => {
  const { held, render, reached } = heldRender();
  const { tiles } = await testTiles(t, { db: database.db, athletes: [athlete], render, concurrency: 1 });
  const warming = [9, 10, 11].map((z) => tiles.warm(at(z)));
  await reached(1);
  await until(() => tiles.figures().queue.background >= 2);
  const live = tiles.get(at(11));
  await until(() => tiles.figures().queue.waiting >= 1);
  held[0].release();
  await reached(2);
  assert.equal(held[1].z, 11);
  held[1].release();
  assert.equal((await live).from, 'render');
  await reached(3);
  held[2].release();
  assert.deepEqual((await Promise.all(warming)).sort(), ['drawn', 'drawn', 'drawn']);
});
