import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { Knex } from 'knex';
import { runImport } from '../activities/import.ts';
import { submitPaths } from '../activities/submit.ts';
import { Keyring, WrongMasterKey } from '../athletes/keyring.ts';
import { OwnerKeys } from '../athletes/owner-keys.ts';
import { gpxFile } from '../demo/gpx-writer.ts';
import { EVERYTHING } from '../index/filter.ts';
import { TEST_MASTER_KEY, testAthlete, testDatabase } from '../testing/database.ts';
import { testImports } from '../testing/import-deps.ts';
import { seeded, tileAt } from '../testing/sample-activities.ts';
import type { Athlete } from '../testing/store-activities.ts';
import { testTiles } from '../testing/tile-service.ts';
import { recordedOuting } from '../testing/track-files.ts';
import { backUp } from './backup.ts';
import { readLines, UnusableBackup } from './backup-folder.ts';
import { connect, migrate } from './connect.ts';
import { startEmbedded } from './embedded.ts';
import { NotEmpty, restore } from './restore.ts';

/** The two kinds of database: an embedded one, and the tests' (PostgreSQL with PostGIS where there is one). */
let embedded: { db: Knex; stop(): Promise<void> };
let database: Awaited<ReturnType<typeof testDatabase>>;
let folder: string;
let made = 0;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pathglow-backup-'));
  await chmod(folder, 0o755);
  database = await testDatabase();
  embedded = await newEmbedded();
});
after(async () => {
  await embedded.stop();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** An embedded database that nobody has used. */
async function newEmbedded() {
  const own = await mkdtemp(join(tmpdir(), 'pathglow-embedded-'));
  const { url, stop } = await startEmbedded(own, { settings: ['fsync=off'] });
  const db = connect(url);
  return {
    db,
    async stop() {
      await db.destroy();
      await stop();
      await rm(own, { recursive: true, force: true });
    },
  };
}

/** An athlete with some of everything. */
async function fill(db: Knex): Promise<Athlete> {
  const imports = await testImports(db);
  const athlete = await testAthlete(db);
  const paths: string[] = [];
  for (let seed = 0; seed < 3; seed++) {
    const path = join(imports.folder, `${seed}.gpx`);
    await writeFile(
      path,
      gpxFile(recordedOuting({ seed, startedAt: 1.6e9 + seed * 86_400, name: `Ünö ${seed}\n"\\N"` })),
    );
    paths.push(path);
  }
  await writeFile(join(imports.folder, 'bad.gpx'), 'no track');
  const id = await submitPaths(
    imports.imports,
    athlete.id,
    [...paths, join(imports.folder, 'bad.gpx')],
    async () => {},
  );
  await runImport(imports, id, new AbortController().signal);
  const keys = new OwnerKeys({ db, dataKey: async () => athlete.key, warn: () => {} });
  await keys.create(athlete.id, 'a key');
  await imports.close();
  return athlete;
}

/** Whole tiles with their addresses: equal only with the same data key, tags and pixels. */
async function tilesOf(t: TestContext, db: Knex, athlete: Athlete) {
  const key = await new Keyring(db, TEST_MASTER_KEY).dataKey(athlete.id);
  const { tiles, close } = await testTiles(t, { db, athletes: [{ id: athlete.id, key }] });
  const random = seeded(3);
  const found: [string, string][] = [];
  for (let z = 0; z <= 20; z += 2) {
    const subject = { athleteId: athlete.id, geometry: 'own' as const };
    const { address, png } = await tiles.get({
      ...subject,
      tile: tileAt(z, random),
      size: 256,
      filter: EVERYTHING,
    });
    found.push([address, png.toString('hex')]);
  }
  await close();
  return found;
}

const check = (trx: Knex.Transaction) => new Keyring(trx, TEST_MASTER_KEY).check();
const linesOf = async (path: string) => {
  const lines: string[] = [];
  for await (const line of readLines(path)) lines.push(line);
  return lines.sort();
};
const path = () => join(folder, `backup-${made++}`);
const backUpInto = async (db: Knex, onTable?: (name: string) => Promise<void>) => {
  const into = path();
  return { into, manifest: await backUp(db, { folder: into, version: 'test', onTable }) };
};
const footprints = async (db: Knex, postgis: boolean) =>
  (await db.raw(`select ${postgis ? 'footprint::box3d' : 'footprint'}::text from activities order by id`))
    .rows;
const hasPostgis = async (db: Knex) =>
  (await db.raw(`select 1 from pg_extension where extname = 'postgis'`)).rows.length > 0;

test('from one kind of database to the other and back, every tile is the same, byte by byte', async (t) => {
  const athlete = await fill(database.db);
  const before = await tilesOf(t, database.db, athlete);
  assert.ok(new Set(before.map(([address]) => address)).size > 4);
  const first = await backUpInto(database.db);
  const rows = await restore(embedded.db, { folder: first.into, check });
  assert.equal(
    rows,
    first.manifest.tables.reduce((sum, table) => sum + table.rows, 0),
  );
  assert.deepEqual(await tilesOf(t, embedded.db, athlete), before);

  const second = await backUpInto(embedded.db);
  const back = await testDatabase();
  t.after(() => back.drop());
  await restore(back.db, { folder: second.into, check });
  assert.deepEqual(await tilesOf(t, back.db, athlete), before);
  const postgis = await hasPostgis(back.db);
  assert.deepEqual(await footprints(back.db, postgis), await footprints(database.db, postgis));
  const third = await backUpInto(back.db);
  for (const { file } of first.manifest.tables) {
    const [there, here] = [await linesOf(join(first.into, file)), await linesOf(join(third.into, file))];
    assert.deepEqual(here, there, `every value of every row of ${file}`);
  }

  // what is written next has a number of its own
  const next = await fill(back.db);
  assert.notEqual(next.id, athlete.id);
});

test('it is of one moment, whatever is deleted while it is made', async (t) => {
  const own = await testDatabase();
  t.after(() => own.drop());
  const athlete = await fill(own.db);
  let deleted = false;
  const { manifest } = await backUpInto(own.db, async () => {
    if (!deleted) await own.db('athletes').where({ id: athlete.id }).delete();
    deleted = true;
  });
  const rows = Object.fromEntries(manifest.tables.map(({ name, rows }) => [name, rows]));
  assert.equal(rows.activities, 3);
  assert.equal(rows.tracks, 3);
  assert.equal(rows.data_keys, 1);
  assert.equal((await own.db('tracks').select()).length, 0);
});

test('nobody is signed in by a backup, and no name or key stands in it', async () => {
  const { manifest, into } = await backUpInto(database.db);
  const names = manifest.tables.map(({ name }) => name);
  for (const name of ['sessions', 'sign_in_links', 'knex_migrations', 'spatial_ref_sys']) {
    assert.ok(!names.includes(name), name);
  }
  assert.equal(manifest.tables.find(({ name }) => name === 'data_keys')?.file, join('keys', 'data_keys.zst'));
  assert.ok(!(await readFile(join(into, 'manifest.json'), 'utf8')).includes(TEST_MASTER_KEY.toString('hex')));
});

test('what is cut off, damaged, taken apart or no backup is refused, and nothing is restored', async (t) => {
  const { into, manifest } = await backUpInto(database.db);
  const target = await testDatabase();
  t.after(() => target.drop());
  const refused = (message: RegExp) =>
    assert.rejects(restore(target.db, { folder: into, check }), (error) => {
      assert.ok(error instanceof UnusableBackup);
      assert.match(error.message, message);
      return true;
    });
  const file = (name: string) => join(into, name);
  const text = await readFile(file('manifest.json'), 'utf8');

  await rename(file('manifest.json'), file('manifest.json.new'));
  await refused(/never finished/);
  await writeFile(file('manifest.json'), text.slice(0, 100));
  await refused(/damaged/);
  await writeFile(file('manifest.json'), JSON.stringify({ ...manifest, migrations: ['29991231_future.ts'] }));
  await refused(/newer version/);
  await writeFile(file('manifest.json'), text);

  await rename(file('keys'), file('elsewhere'));
  await refused(/keys.* is missing/);
  await rename(file('elsewhere'), file('keys'));

  const tracks = await readFile(file('tables/tracks.zst'));
  await writeFile(file('tables/tracks.zst'), tracks.subarray(0, tracks.length - 7));
  await refused(/damaged/);
  await writeFile(file('tables/tracks.zst'), tracks);

  const otherKey = (trx: Knex.Transaction) => new Keyring(trx, Buffer.alloc(32, 8)).check();
  await assert.rejects(restore(target.db, { folder: into, check: otherKey }), WrongMasterKey);
  assert.deepEqual(await target.db('athletes').select(), []);
  await restore(target.db, { folder: into, check });
  await assert.rejects(restore(target.db, { folder: into, check }), NotEmpty);
});

test('a backup is written into an empty folder only', async () => {
  const { into } = await backUpInto(database.db);
  await assert.rejects(backUp(database.db, { folder: into, version: 'test' }), UnusableBackup);
});

test('a backup of an older schema is restored as far as that, then brought up to date', async (t) => {
  const old = await newEmbedded();
  const fresh = await newEmbedded();
  t.after(() => old.stop());
  t.after(() => fresh.stop());
  await migrate(old.db, ['20261101_first.ts']);
  const athlete = await testAthlete(old.db);
  const { into } = await backUpInto(old.db);
  await restore(fresh.db, { folder: into, check });
  assert.ok(await new Keyring(fresh.db, TEST_MASTER_KEY).dataKey(athlete.id));
  assert.ok(await fresh.db.schema.hasTable('owner_keys'));
  // one that is in use already is of another schema
  await fresh.db('athletes').delete();
  await assert.rejects(restore(fresh.db, { folder: into, check }), /older version/);
});
