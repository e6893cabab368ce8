/** Whole servers over HTTP: what a new activity changes, and how soon every process knows of it. */
import assert from 'node:assert/strict';
import { after, before, mock, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { chunkPoints, forEachChunk } from '../geo/chunks.ts';
import { levelFor } from '../geo/levels.ts';
import type { Tile, TileSize } from '../geo/tile.ts';
import { bounds } from '../geo/tile.ts';
import { touches } from '../geo/touch.ts';
import { reach } from '../heat/width.ts';
import type { IndexedActivity } from '../index/athlete-index.ts';
import { EVERYTHING } from '../index/filter.ts';
import { type TestServer, testServer } from '../testing/app.ts';
import {
  TEST_MASTER_KEY,
  type TestDatabase,
  testAthlete,
  testDatabase,
  testOwner,
} from '../testing/database.ts';
import { sampleActivity, seeded, tileAt } from '../testing/sample-activities.ts';
import { type Athlete, storeActivity } from '../testing/store-activities.ts';
import { testTiles } from '../testing/tile-service.ts';

let database: TestDatabase;
/** Two processes on one database, but for the process: nothing is shared but PostgreSQL. */
let servers: { server: TestServer; cookie: string }[];
let owner: Athlete;
const random = seeded(41);

before(async () => {
  database = await testDatabase();
  const env = {
    LOG_LEVEL: 'silent',
    DATABASE_URL: database.url,
    PATHGLOW_MASTER_KEY: TEST_MASTER_KEY.toString('hex'),
  };
  servers = [];
  for (let at = 0; at < 2; at++) {
    const server = await testServer(env);
    servers.push({ server, ...(await server.signIn()) });
  }
  owner = await testOwner(database.db);
  for (let at = 0; at < 40; at++) await storeActivity(database.db, owner, sampleActivity('', random));
});
after(async () => {
  for (const { server } of servers) await server.close();
  await database.drop();
});

interface Asked {
  tile: Tile;
  size: TileSize;
}

async function get({ tile: { z, x, y }, size }: Asked, { server, cookie } = servers[0], known = '') {
  const path = `/tiles/me/${z}/${x}/${y}${size === 512 ? '@2x' : ''}.png?hot=16`;
  let answer: Response;
  // who waits while newer ones keep coming is told to come again, on a slow machine
  do answer = await fetch(server.origin + path, { headers: { cookie, 'if-none-match': known } });
  while (answer.status === 503);
  return {
    status: answer.status,
    etag: answer.headers.get('etag') ?? '',
    bytes: Buffer.from(await answer.arrayBuffer()),
  };
}

/** One answer after the other from each of a few connections. */
async function getAll(asked: Asked[], known: string[] = []) {
  const answers: Awaited<ReturnType<typeof get>>[] = [];
  let next = 0;
  const ask = async () => {
    for (let at = next++; at < asked.length; at = next++) {
      answers[at] = await get(asked[at], servers[0], known[at]);
    }
  };
  await Promise.all(Array.from({ length: 8 }, ask));
  return answers;
}

/** The tiles of a zoom around the place, `across` by `across`. */
function block(z: number, across: number, size: TileSize): Asked[] {
  const { x, y } = tileAt(z, () => 0.5);
  const first = Math.floor(across / 2);
  return Array.from({ length: across * across }, (_, at) => ({
    tile: { z, x: x - first + (at % across), y: y - first + Math.floor(at / across) },
    size,
  })).filter(({ tile }) => Math.min(tile.x, tile.y) >= 0 && Math.max(tile.x, tile.y) < 2 ** z);
}

/** Whether a drawn line of the activity comes near enough to colour a pixel: every segment against the tile. */
function isTouched({ tile, size }: Asked, { coarse, fine }: IndexedActivity): boolean {
  const wanted = levelFor(size === 512 ? tile.z + 1 : tile.z);
  let touched = false;
  for (const geometry of [coarse, fine!]) {
    forEachChunk(geometry, (at, level) => {
      touched ||= level === wanted && touches(chunkPoints(geometry, at), bounds(tile), reach(tile.z, size));
    });
  }
  return touched;
}

test('of thousands of tiles only those that a new activity touches change their ETag and their bytes', async () => {
  const asked = [
    ...[0, 3, 6, 9].flatMap((z) => [...block(z, 2, 256), ...block(z, 2, 512)]),
    ...[11, 12, 13, 14].flatMap((z) => [...block(z, 7, 256), ...block(z, 7, 512)]),
    ...[15, 16].flatMap((z) => [...block(z, 14, 256), ...block(z, 14, 512)]),
    ...[17, 18].flatMap((z) => block(z, 22, 256)),
  ];
  assert.ok(asked.length > 2000);
  const before = await getAll(asked);
  assert.ok(before.every(({ status, etag }) => status === 200 && etag !== ''));

  const activity = sampleActivity('', seeded(5));
  await storeActivity(database.db, owner, activity);
  await sleep(1100);
  const afterwards = await getAll(asked);
  const touched = asked.map((one) => isTouched(one, activity));
  let same = 0;
  for (const [at, { etag, bytes }] of afterwards.entries()) {
    const { z, x, y } = asked[at].tile;
    const which = `${z}/${x}/${y}, ${asked[at].size} px`;
    assert.equal(etag !== before[at].etag, touched[at], which);
    if (!touched[at]) assert.ok(bytes.equals(before[at].bytes), which);
    else if (bytes.equals(before[at].bytes)) same++;
  }
  const changed = touched.filter(Boolean).length;
  assert.ok(changed > 50 && changed < asked.length / 4, `${changed} of ${asked.length} changed`);
  assert.ok(same <= changed * 0.05, `${same} of ${changed} changed no pixel`);

  const some = Array.from({ length: Math.floor(asked.length / 5) }, (_, at) => at * 5);
  const conditional = await getAll(
    some.map((at) => asked[at]),
    some.map((at) => before[at].etag),
  );
  for (const [at, { status, bytes }] of conditional.entries()) {
    assert.equal(status, touched[some[at]] ? 200 : 304);
    assert.equal(bytes.length === 0, status === 304);
  }
});

test('what one process changes, the other answers afresh a second later, with the notice and without it', async () => {
  const [first, second] = servers;
  // wherever an activity is, it is in this one
  const asked: Asked = { tile: { z: 0, x: 0, y: 0 }, size: 256 };
  const etags = new Set<string>();
  const bothAnswer = async () => {
    const [{ etag, status }, other] = await Promise.all([get(asked, first), get(asked, second)]);
    assert.deepEqual([status, other.status, other.etag], [200, 200, etag]);
    assert.ok(!etags.has(etag), 'it has changed');
    etags.add(etag);
  };
  await bothAnswer();

  // by a notice
  await storeActivity(database.db, owner, sampleActivity('', random));
  await sleep(1100);
  await bothAnswer();

  // the server's own write path, on one of them
  const { activities } = await (
    await fetch(`${first.server.origin}/api/activities`, { headers: { cookie: first.cookie } })
  ).json();
  const gone = await fetch(`${first.server.origin}/api/activities/${activities[0].id}`, {
    method: 'DELETE',
    headers: { cookie: first.cookie, origin: first.server.origin },
  });
  assert.equal(gone.status, 204);
  await sleep(1100);
  await bothAnswer();

  // while nobody can listen: the connections are cut, and cut again as soon as they are made anew
  const cutting = setInterval(cutListeners, 20);
  try {
    await cutListeners();
    await storeActivity(database.db, owner, sampleActivity('', random));
    await sleep(1100);
    await bothAnswer();
  } finally {
    clearInterval(cutting);
  }

  // no notice at all, though everybody listens
  const { db } = database;
  await db.transaction(async (trx) => {
    const [{ revision }] = await trx('athletes')
      .where('id', owner.id)
      .increment('revision', 1)
      .returning('revision');
    const [{ id }] = await trx('activities').where('athlete_id', owner.id).min('id as id');
    await trx('activities').where({ id }).delete();
    await trx('removed_activities').insert({ athlete_id: owner.id, activity_id: id, revision });
  });
  await sleep(1100);
  await bothAnswer();
});

/** Ends every connection that listens for notices on the tests' database. */
async function cutListeners(): Promise<void> {
  await database.db.raw(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where query like 'listen %' and datname = current_database()`,
  );
}

test('an automatic exposure seldom moves while activities arrive one by one, and never back', async (t) => {
  const athlete = await testAthlete(database.db);
  const { tiles } = await testTiles(t, { db: database.db, athletes: [athlete] });
  const zooms = [2, 8, 12, 16];
  const moves = new Map<number, number[]>(zooms.map((zoom) => [zoom, []]));
  const arrivals = 100;
  const random = seeded(43);
  // each arrives long after the one before, without anybody waiting for it
  let later = 0;
  const now = performance.now.bind(performance);
  const clock = mock.method(performance, 'now', () => now() + later);
  try {
    for (let at = 0; at < arrivals; at++) {
      await storeActivity(database.db, athlete, sampleActivity('', random));
      later += 2000;
      for (const [zoom, steps] of moves) {
        const exposure = await tiles.exposure({ athleteId: athlete.id, geometry: 'own' }, EVERYTHING, zoom);
        if (steps.at(-1) !== exposure) steps.push(exposure);
      }
    }
  } finally {
    clock.mock.restore();
  }
  for (const [zoom, steps] of moves) {
    // from one step to the next is √2: it cannot grow from 2 to all activities in fewer
    const fewest = Math.round(2 * Math.log2(steps.at(-1)! / steps[0]));
    assert.ok(steps.length - 1 <= fewest, `z ${zoom}: ${steps}`);
    assert.deepEqual(
      steps,
      steps.toSorted((a, b) => a - b),
    );
  }
});
