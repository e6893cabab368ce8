import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Knex } from 'knex';
import { deriveKey } from '../athletes/seal.ts';
import { latToWorldY, WORLD_SIZE } from '../geo/mercator.ts';
import { EVERYTHING } from '../index/filter.ts';
import { testAthlete, testDatabase } from '../testing/database.ts';
import { type TestImports, testImports } from '../testing/import-deps.ts';
import type { Athlete } from '../testing/store-activities.ts';
import { testTiles } from '../testing/tile-service.ts';
import { recordedOuting } from '../testing/track-files.ts';
import { prepare } from './prepare.ts';
import { type RebuildProgress, rebuildTracks } from './rebuild.ts';
import { saveActivities } from './save.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Knex;
let deps: TestImports;
/** Where the outings begin. */
const TILE = { z: 8, x: 136, y: Math.floor((latToWorldY(47.98) / WORLD_SIZE) * 256) };
const never = new AbortController().signal;

before(async () => {
  database = await testDatabase();
  ({ db } = database);
  deps = await testImports(db);
});
after(async () => {
  await deps.close();
  await database.drop();
});

async function athleteWith(count: number): Promise<Athlete> {
  const athlete = await testAthlete(db);
  const tagKey = deriveKey(athlete.key, 'map');
  const prepared = Array.from({ length: count }, (_, seed) =>
    prepare(recordedOuting({ seed, startedAt: 1.6e9 + seed * 86_400 }), {
      digest: createHash('sha256').update(`${seed}`).digest(),
      tagKey,
      provenance: 'upload',
    }),
  );
  await saveActivities(deps, athlete.id, prepared);
  return athlete;
}

const tracksOf = (athlete: Athlete) =>
  db('tracks')
    .where({ athlete_id: athlete.id })
    .orderBy('activity_id')
    .select('activity_id', 'tag', 'pipeline', 'point_count');

test('tracks of another pipeline are drawn anew, to the same tags; the tiles come back', async (t) => {
  const athlete = await athleteWith(40);
  const before = await tracksOf(athlete);
  const tile = async () => {
    const { tiles, close } = await testTiles(t, { db, athletes: [athlete] });
    const asked = {
      athleteId: athlete.id,
      geometry: 'own' as const,
      tile: TILE,
      size: 256 as const,
      filter: EVERYTHING,
    };
    const address = await tiles.address(asked);
    await close();
    return address;
  };
  const drawn = await tile();
  await db('tracks').where({ athlete_id: athlete.id }).update({ pipeline: 0 });
  assert.notEqual(await tile(), drawn);
  const progress: RebuildProgress[] = [];
  await rebuildTracks(deps, { athleteId: athlete.id }, never, (now) => progress.push({ ...now }));
  assert.deepEqual(await tracksOf(athlete), before);
  assert.equal(await tile(), drawn);
  assert.deepEqual(progress.at(0), { total: 40, done: 0, failed: 0 });
  assert.deepEqual(progress.at(-1), { total: 40, done: 40, failed: 0 });
  // nothing is left to do, unless all are asked for
  assert.equal((await rebuildTracks(deps, { athleteId: athlete.id }, never)).total, 0);
  assert.equal((await rebuildTracks(deps, { athleteId: athlete.id, all: true }, never)).done, 40);
  assert.deepEqual(await tracksOf(athlete), before);
});

test('stopped, a rebuild goes on where it was; a damaged recording keeps its track', async () => {
  const athlete = await athleteWith(70);
  await db('tracks').where({ athlete_id: athlete.id }).update({ pipeline: 0 });
  const [{ id }] = await db('recordings').where({ athlete_id: athlete.id }).orderBy('id', 'desc').limit(1);
  await db('recordings')
    .where({ id })
    .update({ source: Buffer.from('damaged') });
  const stopping = new AbortController();
  const stopped = rebuildTracks(deps, { athleteId: athlete.id }, stopping.signal, ({ done }) => {
    if (done > 0) stopping.abort();
  });
  await assert.rejects(stopped);
  const rest = await rebuildTracks(deps, { athleteId: athlete.id }, never);
  assert.deepEqual(rest, { total: 38, done: 38, failed: 1 });
  assert.equal((await tracksOf(athlete)).filter(({ pipeline }) => pipeline === 0).length, 1);
});

test('all athletes at once, each with their own key', async () => {
  const athletes = [await athleteWith(3), await athleteWith(3)];
  const before = await Promise.all(athletes.map(tracksOf));
  assert.notDeepEqual(before[0][0].tag, before[1][0].tag);
  await db('tracks').update({ pipeline: 0 });
  await rebuildTracks(deps, {}, never);
  assert.deepEqual(await Promise.all(athletes.map(tracksOf)), before);
});
