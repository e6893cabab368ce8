import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { erase } from '../athletes/deletion.ts';
import { UnknownAthlete } from '../athletes/keyring.ts';
import { footprintsOf } from '../database/footprint.ts';
import { worldXToLng, worldYToLat } from '../geo/mercator.ts';
import { EVERYTHING } from '../index/filter.ts';
import { dropJobs } from '../jobs/jobs.ts';
import { testAthlete, testDatabase } from '../testing/database.ts';
import { PLACE, tileAt } from '../testing/sample-activities.ts';
import type { TestTilesOptions } from '../testing/tile-service.ts';
import { until } from '../testing/until.ts';
import { warmupPeers } from '../testing/warmup-peers.ts';
import { renderTile } from '../tiles/render.ts';
import type { WarmupRequest } from './warmup.ts';

const database = await testDatabase();
after(() => database.drop());
const { athlete, peer, begin, ended, countOf, asking } = await warmupPeers(database, 77);

test('a warm-up draws every tile with heat once, and then skips them as kept', async (t) => {
  const one = await peer(t);
  const first = await ended(one, await begin(one));
  const planned = await countOf(one, [8, 12, 13]);
  assert.deepEqual(
    { ...first, skipped: 0, rate: null, createdAt: null, startedAt: null, finishedAt: null },
    {
      id: first.id,
      athleteId: athlete.id,
      origin: 'asked',
      state: 'done',
      planned,
      done: planned,
      skipped: 0,
      failed: 0,
      rate: null,
      secondsLeft: null,
      createdAt: null,
      startedAt: null,
      finishedAt: null,
    },
  );
  // three of a zoom were drawn before, to tell its exposure
  assert.ok(first.skipped <= 9 && first.rate! > 0 && first.startedAt! <= first.finishedAt!);
  assert.equal(one.drawn.length, planned);
  assert.equal(new Set(one.drawn).size, planned);
  const second = await ended(one, await begin(one));
  assert.deepEqual([second.done, second.skipped], [planned, planned]);
  assert.equal(new Set(one.drawn).size, one.drawn.length);
});

test('what was on its way when a batch ended changes nothing any more', async (t) => {
  const one = await peer(t);
  const { id, planned } = await ended(one, await begin(one, { zooms: [12] }));
  const batch = await database.db('warmup_batches').where({ warmup_id: id }).first<{ id: string }>('id');
  assert.equal(await one.warmups.advance(batch!.id, { done: 1, skipped: 0, failed: 0 }), false);
  assert.equal((await one.warmups.find(id))!.done, planned);
});

test('only in the box, only so many, only in these sizes', async (t) => {
  const one = await peer(t);
  const west = worldXToLng(PLACE.x);
  const box = (east: number): WarmupRequest['box'] => [
    west,
    worldYToLat(PLACE.y + 50_000),
    east,
    worldYToLat(PLACE.y - 50_000),
  ];
  // no activity in the sample tells its footprint, so this is asked of the one athlete
  await database.db('activities').update({
    footprint: (await footprintsOf(database.db)).value({
      minX: PLACE.x,
      minY: PLACE.y,
      maxX: PLACE.x,
      maxY: PLACE.y,
    }),
  });
  const near = await ended(one, await begin(one, { zooms: [13], box: box(west + 0.001) }));
  const all = await countOf(one, [13]);
  assert.ok(near.planned > 0 && near.planned < all, `${near.planned} of ${all}`);
  const wrapped = await ended(one, await begin(one, { zooms: [13], box: box(west - 0.001) }));
  assert.ok(wrapped.planned > near.planned, 'across the antimeridian is nearly everywhere');
  const none = await ended(one, await begin(one, { zooms: [13], box: [-100, 0, -99, 1] }));
  assert.deepEqual([none.state, none.planned], ['done', 0]);
  const few = await ended(one, await begin(one, { limit: 7 }));
  assert.deepEqual([few.planned, few.done], [7, 7]);
  const both = await ended(one, await begin(one, { zooms: [5], sizes: [256, 512] }));
  assert.ok(one.drawn.some((name) => name.startsWith('5/') && name.endsWith('/512')));
  assert.ok(both.planned >= 2);
  assert.equal(await one.start(asking({ athlete: '999999' })), null);
});

test('of whom nobody knows what they look at zooms 3 to 14 are drawn; once it is known, that', async (t) => {
  const one = await peer(t);
  const planned = async () => {
    const id = await begin(one, { zooms: 'popular' });
    await until(async () => (await one.warmups.find(id))!.planned > 0);
    await one.warmups.cancel(id);
    return (await one.warmups.find(id))!.planned;
  };
  assert.equal(await planned(), await countOf(one, [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]));
  const tile = tileAt(5, () => 0.5);
  const looked = { athleteId: athlete.id, geometry: 'own', tile, size: 256, filter: EVERYTHING } as const;
  one.popularity.count(looked);
  await one.popularity.flush();
  assert.equal(await planned(), await countOf(one, [5]));
  await database.db('tile_requests').delete();
});

test('only so many, also where two processes plan for two athletes at once', async (t) => {
  const { warmups } = await peer(t, { jobs: false });
  const { db } = database;
  const second = await testAthlete(db);
  const athletes = [athlete.id, second.id];
  const all = { zooms: [15], sizes: null, boxes: null };
  const id = await warmups.create({ ...all, athleteId: null, athletes, origin: 'asked', limit: 600 });
  t.after(async () => {
    await warmups.cancel(id);
    await db('athletes').where({ id: second.id }).delete();
  });
  const begun = await Promise.all(athletes.map((one) => warmups.beginPlan(id, one)));
  assert.deepEqual(
    begun.map((plan) => plan?.left),
    [600, 600],
  );
  const layer = { zoom: 15, size: 256 as const, areas: null };
  const batches = [0, 250].map((first) => ({ zoom: 15, size: 256 as const, first, tiles: 250 }));
  const plan = { selection: { layers: [layer], boxes: null }, batches };
  await Promise.all(athletes.map((one) => warmups.endPlan(id, one, plan)));
  assert.equal((await warmups.find(id))!.planned, 600);
});

test('what is stored of a warm-up while its athlete is deleted, and the deletion, never stop each other', async (t) => {
  const { warmups } = await peer(t, { jobs: false });
  const { db } = database;
  const layer = { zoom: 15, size: 256 as const, areas: null };
  const plan = {
    selection: { layers: [layer], boxes: null },
    batches: [{ zoom: 15, size: 256 as const, first: 0, tiles: 250 }],
  };
  const waiting = async (count: number) => {
    const { rows } = await db.raw<{ rows: unknown[] }>(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return rows.length === count;
  };
  for (const step of ['plan', 'batch']) {
    for (const deletedFirst of [true, false]) {
      const { id: athleteId } = await testAthlete(db);
      const about = { athleteId, athletes: [athleteId], zooms: [15], sizes: null, boxes: null };
      const id = await warmups.create({ ...about, origin: 'asked', limit: 600 });
      await warmups.beginPlan(id, athleteId);
      if (step === 'batch') await warmups.endPlan(id, athleteId, plan);
      const batch = await db('warmup_batches').where({ warmup_id: id }).first('id');
      const stores = () =>
        step === 'plan'
          ? warmups.endPlan(id, athleteId, plan)
          : warmups.endBatch(batch.id, athleteId, { done: 250, skipped: 0, failed: 0 });
      const deletes = () => erase({ db, dropJobs, removeUploads: async () => {} }, athleteId);
      const held = await db.transaction();
      await held('warmups').where({ id }).forUpdate().first('id');
      const under: Promise<void>[] = [];
      for (const begin of deletedFirst ? [deletes, stores] : [stores, deletes]) {
        under.push(begin());
        await until(() => waiting(under.length));
      }
      await held.commit();
      const ends = await Promise.allSettled(under);
      for (const end of ends) {
        if (end.status === 'rejected') assert.ok(end.reason instanceof UnknownAthlete, String(end.reason));
      }
      assert.equal(ends.filter(({ status }) => status === 'rejected').length, deletedFirst ? 1 : 0);
      assert.equal(await db('athletes').where({ id: athleteId }).first('id'), undefined);
    }
  }
});

test('of a warm-up for many, who is deleted meanwhile is passed over; for one, there is nobody', async (t) => {
  const { warmups } = await peer(t, { jobs: false });
  const gone = '424242';
  const asked = { zooms: [15], sizes: null, boxes: null, origin: 'asked' as const, limit: 600 };
  const id = await warmups.create({ ...asked, athleteId: null, athletes: [gone, athlete.id] });
  assert.deepEqual(await database.db('warmup_parts').where({ warmup_id: id }).pluck('athlete_id'), [
    athlete.id,
  ]);
  await warmups.cancel(id);
  const forOne = warmups.create({ ...asked, athleteId: gone, athletes: [gone] });
  await assert.rejects(forOne, UnknownAthlete);
});

test('a cancelled warm-up ends between two tiles and draws nothing more', async (t) => {
  const gates: (() => void)[] = [];
  const one = await peer(t, {
    concurrency: 1,
    render: async (job) => {
      await new Promise<void>((resolve) => gates.push(resolve));
      return renderTile(job);
    },
  });
  const id = await begin(one);
  await until(() => gates.length > 0);
  assert.equal(await one.warmups.cancel(id), true);
  gates[0]();
  // the batch hears of it within moments, and the others begin with asking
  const queued = () =>
    database.db('graphile_worker.jobs').where('task_identifier', 'warmup-batch').first('id');
  while (await queued()) {
    for (const open of gates) open();
    await sleep(5);
  }
  const drawn = one.drawn.length;
  const cancelled = await ended(one, id);
  assert.equal(cancelled.state, 'cancelled');
  assert.ok(cancelled.done < cancelled.planned);
  const next = await begin(one, { zooms: [3] });
  while ((await one.warmups.find(next))!.state !== 'done') {
    for (const open of gates) open();
    await sleep(20);
  }
  const after = one.drawn.slice(drawn).filter((name) => !name.startsWith('3/'));
  assert.deepEqual(after, [], 'what was queued of it does nothing');
  assert.equal(await one.warmups.cancel('00000000-0000-4000-8000-000000000000'), false);
});

test('two processes share a warm-up, and one alone ends what the other left', async (t) => {
  let slow = true;
  const render: TestTilesOptions['render'] = async (job) => {
    if (slow) await sleep(20);
    return renderTile(job);
  };
  const one = await peer(t, { render, jobs: false });
  const two = await peer(t, { render, jobs: false, folder: one.folder });
  const zooms = [15, 16];
  const planned = await countOf(one, zooms);
  assert.ok(planned > 750, `${planned} tiles are some batches`);
  const id = await begin(one, { zooms });
  await Promise.all([one.takeJobs(), two.takeJobs()]);
  await until(() => one.drawn.length > 0 && two.drawn.length > 0);
  // told to stop in the middle of a batch, which is begun anew by the other
  await one.leaveJobs();
  slow = false;
  const done = await ended(two, id);
  assert.deepEqual([done.state, done.done, done.failed], ['done', planned, 0]);
  const reached = new Set([...one.drawn, ...two.drawn]);
  const names = zooms.map((zoom) => `${zoom}/`);
  assert.equal([...reached].filter((name) => names.some((start) => name.startsWith(start))).length, planned);
});

test('a tile that cannot be drawn is counted, and the others are drawn', async (t) => {
  const one = await peer(t, {
    render: async (job) => {
      if (job.tile.z === 12 && one.drawn.length % 2 === 0) throw new Error('broken');
      return renderTile(job);
    },
  });
  const done = await ended(one, await begin(one, { zooms: [12] }));
  assert.equal(done.state, 'done');
  assert.ok(done.failed > 0);
  assert.equal(done.done, done.planned);
});

test('nothing that is stored or queued tells where', async (t) => {
  const one = await peer(t, { jobs: false });
  const box: WarmupRequest['box'] = [11.2512345, 47.9712345, 11.2712345, 47.9912345];
  const id = await begin(one, { zooms: [14], box });
  const { db } = database;
  const text = async () => {
    const tables = ['warmups', 'warmup_parts', 'warmup_batches', 'graphile_worker._private_jobs'];
    const rows = await Promise.all(tables.map((table) => db(table)));
    return JSON.stringify(rows, (_key, value) =>
      value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
    );
  };
  const before = await text();
  for (const part of ['11.2512', '47.9712', '11.2712', 'boxes', 'minX'])
    assert.ok(!before.includes(part), part);
  // planned, not drawn: what is queued now are batches
  await one.kinds['warmup-plan'].handle(
    { warmupId: id, athleteId: athlete.id },
    new AbortController().signal,
  );
  const planned = await text();
  const batch = await db('warmup_batches').where({ warmup_id: id }).first();
  assert.deepEqual(Object.keys(batch).sort(), [
    'athlete_id',
    'done',
    'failed',
    'finished',
    'first',
    'id',
    'size',
    'skipped',
    'tiles',
    'warmup_id',
    'zoom',
  ]);
  for (const part of ['11.2512', 'layers', 'areas', 'minX']) assert.ok(!planned.includes(part), part);
  await one.warmups.cancel(id);
});

test('a page is told how far it is', async (t) => {
  const gates: (() => void)[] = [];
  const one = await peer(t, {
    concurrency: 1,
    render: async (job) => {
      await new Promise<void>((resolve) => gates.push(resolve));
      return renderTile(job);
    },
  });
  assert.equal(await one.progress(athlete.id), null);
  const id = await begin(one, { zooms: [11] });
  await until(async () => (await one.progress(athlete.id))?.total);
  const { done, total } = (await one.progress(athlete.id))!;
  assert.ok(done < total);
  while ((await one.warmups.find(id))!.state !== 'done') {
    for (const open of gates) open();
    await sleep(10);
  }
  assert.equal(await one.progress(athlete.id), null);
});

test('whose athlete is deleted in the middle of it, a warm-up ends without them', async (t) => {
  const one = await peer(t, { jobs: false });
  const { db } = database;
  const gone = await testAthlete(db);
  const id = await begin(one, { athlete: 'all', zooms: [4] });
  await one.takeJobs();
  await until(async () => (await one.warmups.find(id))!.planned !== 0);
  await db('athletes').where({ id: gone.id }).delete();
  const done = await ended(one, id);
  assert.deepEqual([done.state, done.athleteId, done.failed], ['done', null, 0]);
});
