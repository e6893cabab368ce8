import { join } from 'node:path';
import type { Knex } from 'knex';
import type { ImportDeps } from './activities/import.ts';
import { makeImportPool } from './activities/import-pool.ts';
import { Imports } from './activities/imports.ts';
import { Spool } from './activities/spool.ts';
import { StatusFeed } from './activities/status.ts';
import type { WriteDeps } from './activities/write.ts';
import { makeMetrics } from './admin/metrics.ts';
import { deleteAthlete, type ErasureDeps, type OnlyIf } from './athletes/deletion.ts';
import { endAccess } from './athletes/end-access.ts';
import { Keyring } from './athletes/keyring.ts';
import { masterKeyIn } from './athletes/master-key.ts';
import { localOwner } from './athletes/owner.ts';
import { OwnerKeys } from './athletes/owner-keys.ts';
import { requireAthlete, signIn } from './athletes/routes.ts';
import { registerSessions } from './athletes/sessions.ts';
import type { Config } from './config.ts';
import { isLoopback } from './config.ts';
import type { DataFolder } from './data-folder.ts';
import { takeFolder } from './data-folder.ts';
import { connect, migrate } from './database/connect.ts';
import { type EmbeddedDatabase, startEmbedded } from './database/embedded.ts';
import { footprintsOf } from './database/footprint.ts';
import { makeServer } from './http/server.ts';
import { listenForNotices } from './index/notices.ts';
import { IndexPool } from './index/pool.ts';
import { countJobs, dropJobs, enqueue } from './jobs/jobs.ts';
import { startPublishing } from './privacy/publish.ts';
import { settingsOf } from './settings.ts';
import { mapOf, Shares } from './shares/shares.ts';
import { type Clock, WORLD_CLOCK } from './strava/clock.ts';
import { makeStrava, type Strava } from './strava/strava.ts';
import { TileCache } from './tiles/cache.ts';
import { DiskStore } from './tiles/disk-store.ts';
import { type OpenKey, ownMap } from './tiles/map.ts';
import { RedisStore } from './tiles/redis-store.ts';
import { RenderQueue, timed } from './tiles/render-queue.ts';
import { renderThreads } from './tiles/render-threads.ts';
import { type TileRequest, TileService } from './tiles/service.ts';
import { Popularity } from './warmup/popularity.ts';
import { makeWarmup } from './warmup/warmup.ts';

/** Tiles that may wait to be drawn; further ones are answered 503. */
const MOST_WAITING = 400;

/** Milliseconds that a request waits for its turn in the mean of a second, above which tiles are answered 503. */
export const LONGEST_DELAY = 500;

/** What tests put in the place of the world's. */
export interface AppOptions {
  /** What all that is read from Strava goes by. */
  clock?: Clock;
  /** See LONGEST_DELAY; 0: tiles never give way. */
  longestDelay?: number;
}

/** Ends, in reverse, what was begun. */
export type Opened = (() => Promise<unknown>)[];

/** Everything that lives as long as the process. */
export type Parts = Awaited<ReturnType<typeof makeParts>>;

/** Makes every long-lived object, once. What has to be ended is added to `opened` as soon as it is there. */
export async function makeParts(
  config: Config,
  { clock = WORLD_CLOCK, longestDelay = LONGEST_DELAY }: AppOptions,
  opened: Opened,
) {
  const folder = await takeFolder(config.dataDir);
  opened.push(() => folder.release());
  const database = config.databaseUrl === null ? await embedded(folder, opened) : null;
  const url = config.databaseUrl ?? database!.url;
  const db = connect(url);
  opened.push(() => db.destroy());
  await migrate(db);

  const masterKey = config.masterKey ?? (await masterKeyIn(folder.path));
  const keyring = new Keyring(db, masterKey);
  await keyring.check();
  const dataKey = (athleteId: string) => keyring.dataKey(athleteId);
  const owner = () => localOwner(db, keyring);
  await owner();

  const { publicUrl, shareStravaApiData: shareStravaApi } = config;
  const hosts = isLoopback(config.host) ? new Set<string>() : null;
  const server = await makeServer({
    logLevel: config.logLevel,
    trustProxy: config.trustProxy,
    basemap: config.basemap,
    withGoogle: config.googleMapsKey !== null,
    publicUrl,
    hosts,
  });
  opened.push(() => server.close());
  const cookieName = `pathglow_${config.port || process.pid}`;
  const isSignedIn = await registerSessions(server, {
    db,
    cookieName,
  });
  const warn = (message: string, details: Record<string, unknown>) => server.log.warn(details, message);
  database?.keepUp(warn);

  const imports = new Imports(db, dataKey);
  let strava: Strava | null = null;
  const status = new StatusFeed(db, imports, {
    sync: async (athleteId) => (await strava?.status(athleteId)) ?? null,
    warming: (athleteId) => warmup.progress(athleteId),
  });
  const indexes = new IndexPool({ db, dataKey, shareStravaApi, memoryLimit: config.indexMemory, warn });
  const onRevision = (athleteId: string, revision: string) => {
    indexes.noticed(athleteId, revision);
    status.changed(athleteId);
    warmup.changed(athleteId);
  };
  const spool = new Spool(join(folder.path, 'spool'));
  const onDeleted = (athleteId: string, importId: string | null) => {
    keyring.forget(athleteId);
    indexes.forget(athleteId);
    warmup.forget(athleteId);
    status.changed(athleteId);
    if (importId !== null)
      spool.remove(importId).catch((error) => warn('uploads were not removed', { error }));
  };
  const onResumed = () => indexes.compareAll();

  const cache = new TileCache({
    memoryLimit: config.cacheMemory,
    store: storeOf(config, join(folder.path, 'tiles.sqlite'), warn),
    warn,
  });
  opened.push(() => cache.close());
  const threads = renderThreads(config.renderWorkers);
  opened.push(() => threads.close());
  const metrics = makeMetrics({
    figures: () => tiles.figures(),
    jobs: () => countJobs(db),
    imports: () => imports.countByState(),
  });
  const queue = new RenderQueue({
    render: timed(threads.render, (job, seconds) => metrics.rendered(job.tile.z, seconds)),
    concurrency: config.renderWorkers,
    limit: MOST_WAITING,
  });
  const popularity = new Popularity({ db, dataKey, warn });
  opened.push(() => popularity.close());
  const onAsked = (request: TileRequest) => popularity.count(request);
  const tiles = new TileService({ indexes, cache, queue, dataKey, onAsked });
  const enqueuePublishing = (trx: Knex, athleteId: string, delay = 0) =>
    enqueue(trx, 'publish', { athleteId }, `publish:${athleteId}`, { delay });
  const ownerKeys = new OwnerKeys({ db, dataKey, warn });
  opened.push(() => ownerKeys.close());
  const publishFor = (trx: Knex, athleteId: string) => startPublishing(trx, athleteId, enqueuePublishing);
  const shares = new Shares({ db, dataKey, publish: publishFor, warn });
  opened.push(() => shares.close());
  const openKey: OpenKey = async (key) => {
    const athleteId = await ownerKeys.open(key);
    if (athleteId !== null) return ownMap(athleteId);
    const share = await shares.open(key);
    return share && mapOf(share);
  };

  const pool = makeImportPool();
  opened.push(() => pool.close());
  const footprints = await footprintsOf(db);
  const warmup = makeWarmup({
    db,
    dataKey,
    footprints,
    indexes,
    tiles,
    popularity,
    isArriving: (athleteId) => imports.isUnderWay(athleteId),
    onChange: (athleteId) => status.changed(athleteId),
    warn,
  });
  opened.push(async () => warmup.close());
  opened.push(listenForNotices({ url, onRevision, onDeleted, onResumed, warn }));
  const writeDeps: WriteDeps = { db, keyring, footprints, enqueuePublishing };
  const importDeps: ImportDeps = { ...writeDeps, imports, spool, pool, log: server.log };
  const erasure: ErasureDeps = { db, dropJobs, removeUploads: (importId) => spool.remove(importId) };
  const enqueueErasure = (trx: Knex, athleteId: string) =>
    enqueue(trx, 'erasure', { athleteId }, `erasure:${athleteId}`);
  const removeAthlete = (athleteId: string, onlyIf?: OnlyIf) =>
    deleteAthlete({ db, enqueueErasure, erasure }, athleteId, onlyIf);
  if (config.strava) {
    strava = makeStrava({
      ...writeDeps,
      app: config.strava,
      keyring,
      pool,
      clock,
      publicUrl,
      cookieName,
      pictures: join(folder.path, 'strava'),
      shareable: shareStravaApi,
      owner,
      deleteAthlete: removeAthlete,
      endAccess: (athleteId, onlyIf) => endAccess(db, athleteId, onlyIf),
      signIn,
      requireAthlete,
      enqueue: (delay) => enqueue(db, 'strava', {}, 'strava', { delay: delay / 1000 }),
      log: server.log,
    });
  }
  const settings = (athleteId: string) => settingsOf({ db, dataKey, shares }, athleteId);
  return {
    config,
    longestDelay,
    folder,
    url,
    db,
    keyring,
    dataKey,
    owner,
    hosts,
    server,
    isSignedIn,
    imports,
    status,
    indexes,
    spool,
    threads,
    metrics,
    tiles,
    enqueuePublishing,
    ownerKeys,
    publishFor,
    shares,
    openKey,
    footprints,
    warmup,
    writeDeps,
    importDeps,
    erasure,
    removeAthlete,
    settings,
    publicUrl,
    shareStravaApi,
    strava,
  };
}

async function embedded(folder: DataFolder, opened: (() => Promise<unknown>)[]): Promise<EmbeddedDatabase> {
  const database = await startEmbedded(folder.path);
  opened.push(() => database.stop());
  return database;
}

/** Where tiles are kept below memory: with several processes where all find them, else on this machine's disk. */
function storeOf(
  { redisUrl, cacheDisk }: Config,
  path: string,
  warn: (message: string, details: Record<string, unknown>) => void,
): DiskStore | RedisStore | undefined {
  if (redisUrl !== null) return new RedisStore({ url: redisUrl, warn });
  return cacheDisk > 0 ? new DiskStore({ path, limit: cacheDisk, warn }) : undefined;
}
