import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import type { Knex } from 'knex';
import { calendarRoutes } from './activities/calendar-routes.ts';
import { fromStrava } from './activities/credit.ts';
import { exportActivities } from './activities/export.ts';
import { exportRoutes } from './activities/export-routes.ts';
import { type ImportDeps, runImport } from './activities/import.ts';
import { alone } from './activities/import-lock.ts';
import { makeImportPool } from './activities/import-pool.ts';
import { importRoutes } from './activities/import-routes.ts';
import { Imports } from './activities/imports.ts';
import { nearRoutes } from './activities/near-routes.ts';
import { hasOutdatedTracks, type RebuildProgress, rebuildTracks } from './activities/rebuild.ts';
import { activityRoutes } from './activities/routes.ts';
import { Spool } from './activities/spool.ts';
import { StatusFeed } from './activities/status.ts';
import { resumeImports, submitPaths } from './activities/submit.ts';
import type { WriteDeps } from './activities/write.ts';
import { makeMetrics, metricsRoutes } from './admin/metrics.ts';
import { adminRoutes } from './admin/routes.ts';
import { accountRoutes } from './athletes/account-routes.ts';
import { deleteAthlete, type ErasureDeps, erase } from './athletes/deletion.ts';
import { endAccess } from './athletes/end-access.ts';
import { keyRoutes } from './athletes/key-routes.ts';
import { Keyring, UnknownAthlete } from './athletes/keyring.ts';
import { masterKeyIn, renewMasterKey } from './athletes/master-key.ts';
import { localOwner, makeLinkKey } from './athletes/owner.ts';
import { OwnerKeys } from './athletes/owner-keys.ts';
import { forgetOthers, rotate } from './athletes/rotation.ts';
import { athleteRoutes, requireAthlete, signIn, signInByLink } from './athletes/routes.ts';
import { registerSessions } from './athletes/sessions.ts';
import { controlRoutes, type ImportReport } from './commands/control.ts';
import type { Config } from './config.ts';
import { isLoopback } from './config.ts';
import type { DataFolder } from './data-folder.ts';
import { takeFolder } from './data-folder.ts';
import { connect, migrate } from './database/connect.ts';
import { startEmbedded } from './database/embedded.ts';
import { footprintsOf } from './database/footprint.ts';
import { healthRoutes } from './http/health.ts';
import { describeRoutes } from './http/reference.ts';
import { makeServer } from './http/server.ts';
import { viewerRoutes } from './http/viewer.ts';
import { listenForNotices } from './index/notices.ts';
import { IndexPool } from './index/pool.ts';
import { countJobs, dropJobs, enqueue, type Kinds, startJobs } from './jobs/jobs.ts';
import { posterRoutes } from './posters/routes.ts';
import { publish, resumePublishing, startPublishing } from './privacy/publish.ts';
import { privacyRoutes } from './privacy/routes.ts';
import { shareRoutes } from './shares/routes.ts';
import { mapOf, Shares } from './shares/shares.ts';
import { visitorRoutes } from './shares/visitor-routes.ts';
import { type Clock, WORLD_CLOCK } from './strava/clock.ts';
import { makeStrava, type Strava } from './strava/strava.ts';
import { TileCache } from './tiles/cache.ts';
import { DiskStore } from './tiles/disk-store.ts';
import { type OpenKey, ownMap, type Subject } from './tiles/map.ts';
import { RedisStore } from './tiles/redis-store.ts';
import { RenderQueue, timed } from './tiles/render-queue.ts';
import { renderThreads } from './tiles/render-threads.ts';
import { tileRoutes } from './tiles/routes.ts';
import { type TileRequest, TileService } from './tiles/service.ts';
import { version } from './version.ts';
import { Popularity } from './warmup/popularity.ts';
import { makeWarmup, type Warmup } from './warmup/warmup.ts';

/** Tiles that may wait to be drawn; further ones are answered 503. */
const MOST_WAITING = 400;
/** Milliseconds that a request waits for its turn in the mean of a second, above which tiles are answered 503. */
const LONGEST_DELAY = 500;
/** The zoom (of 512-px tiles, as MapLibre counts) at which a town and its surroundings fill a screen. */
const HOME_ZOOM = 10.5;

/** Seconds after which public geometry is looked for again that another job may have missed. */
const PUBLISH_AGAIN = 2;

/** Where links to activities lead that came with Strava's ids in files. */
const STRAVA_WEBSITE = 'https://www.strava.com';

/** Everything that lives as long as the process, made once. */
export interface App {
  db: Knex;
  server: FastifyInstance;
  /** Where browsers reach it, without a slash at the end; once it listens. */
  url(): string;
  /** Listens, and says so in the data folder. */
  listen(): Promise<void>;
  /** A link that signs the owner in, once. */
  signInLink(): Promise<string>;
  /** Queues files and folders of this machine for import as the owner; answers the import's id. */
  importPaths(paths: readonly string[]): Promise<string>;
  /** How an import of the owner's goes on; null when there is none of that id. */
  reportOf(importId: string): Promise<ImportReport | null>;
  /** Everything the owner has, as a zip file. */
  exportOwner(): Promise<Readable>;
  /** What is read from Strava; null where nobody connects. */
  strava: Strava | null;
  /** Draws tiles ahead. */
  warmup: Pick<Warmup, 'start' | 'warmups'>;
  /** Draws every track anew from its recording. */
  rebuild(signal: AbortSignal, onProgress: (progress: RebuildProgress) => void): Promise<RebuildProgress>;
  close(): Promise<void>;
}

/** What tests put in the place of the world's. */
export interface AppOptions {
  /** What all that is read from Strava goes by. */
  clock?: Clock;
}

/** Builds the product from its settings. Rejects, with nothing left running, when a part cannot start. */
export async function makeApp(config: Config, options: AppOptions = {}): Promise<App> {
  const opened: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const end of opened.splice(0).reverse()) await end();
  };
  try {
    return await build(config, options, opened, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function build(
  config: Config,
  { clock = WORLD_CLOCK }: AppOptions,
  opened: (() => Promise<unknown>)[],
  close: () => Promise<void>,
): Promise<App> {
  const folder = await takeFolder(config.dataDir);
  opened.push(() => folder.release());
  const url = config.databaseUrl ?? (await embedded(folder, opened));
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
  const removeAthlete = (athleteId: string) => deleteAthlete({ db, enqueueErasure, erasure }, athleteId);
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
      owner,
      deleteAthlete: removeAthlete,
      endAccess: (athleteId) => endAccess(db, athleteId),
      signIn,
      requireAthlete,
      enqueue: (delay) => enqueue(db, 'strava', {}, 'strava', { delay: delay / 1000 }),
      log: server.log,
    });
  }
  const kinds: Kinds = {
    ...warmup.kinds,
    import: {
      handle: ({ importId }, signal) => runImport(importDeps, importId, signal),
      // one keeps all threads busy
      concurrency: 1,
    },
    rebuild: {
      handle: async ({ all }, signal) => {
        await alone(db, 'rebuild', async () => {
          await rebuildTracks(importDeps, { all }, signal);
        });
      },
      concurrency: 1,
    },
    erasure: { handle: ({ athleteId }) => erase(erasure, athleteId), concurrency: 1 },
    publish: {
      handle: async ({ athleteId }, signal) => {
        const deps = { ...importDeps, shareStravaApi };
        const made = await alone(db, `publish:${athleteId}`, () => publish(deps, athleteId, signal));
        // another job makes it, and may just have missed what this one is for
        if (!made) await enqueuePublishing(db, athleteId, PUBLISH_AGAIN);
      },
      concurrency: 2,
    },
    strava: {
      handle: async (_payload, signal) => {
        await strava?.run(signal);
      },
      // one process at a time does what there is
      concurrency: 1,
      // finds what a process that was killed left
      ...(strava && { schedule: { match: '* * * * *', payload: {} } }),
    },
  };
  const jobs = await startJobs({
    url,
    kinds,
    // whose it was is deleted
    isMoot: (error) => error instanceof UnknownAthlete,
    log: server.log,
  });
  opened.push(() => jobs.stop());
  const enqueueImport = (trx: Knex, importId: string) =>
    enqueue(trx, 'import', { importId }, `import:${importId}`);
  const enqueueRebuild = (all: boolean) => enqueue(db, 'rebuild', { all }, 'rebuild');
  if (await hasOutdatedTracks(db)) await enqueueRebuild(false);
  await resumePublishing(db, enqueuePublishing);
  await strava?.wake();
  await resumeImports({ db, imports, spool, enqueue: enqueueImport });

  await describeRoutes(server, version);
  await server.register(healthRoutes, { db });
  await server.register(athleteRoutes, {
    owner,
    ownerPassword: config.ownerPassword,
    strava: async () => (await strava?.seats()) ?? null,
  });
  await strava?.register(server);
  await server.register(accountRoutes, {
    db,
    requireAthlete,
    async remove(athleteId) {
      await strava?.revoke(athleteId);
      await removeAthlete(athleteId);
    },
  });
  await server.register(viewerRoutes, {
    basemap: config.basemap,
    googleMapsKey: config.googleMapsKey,
    version,
    signInByLink: (request, key) => signInByLink(db, request, key),
  });
  const stravaWebsite = config.strava?.websiteUrl ?? STRAVA_WEBSITE;
  await server.register(activityRoutes, {
    ...writeDeps,
    requireAthlete,
    home: async (athleteId) => {
      const place = await tiles.home({ athleteId, geometry: 'own' });
      return place && { ...place, zoom: HOME_ZOOM };
    },
    stravaWebsite,
    connection: async (athleteId) => (await strava?.connection(athleteId)) ?? null,
  });
  await server.register(nearRoutes, { db, indexes, dataKey, stravaWebsite, requireAthlete });
  await server.register(calendarRoutes, { db, requireAthlete });
  await server.register(importRoutes, {
    keyring,
    imports,
    spool,
    status,
    enqueue: enqueueImport,
    requireAthlete,
    isSignedIn,
  });
  await server.register(privacyRoutes, { ...writeDeps, requireAthlete });
  await server.register(keyRoutes, { keys: ownerKeys, requireAthlete });
  await server.register(shareRoutes, {
    db,
    shares,
    shareStravaApi,
    publish: (athleteId) => publishFor(db, athleteId),
    requireAthlete,
    publicUrl,
  });
  await server.register(visitorRoutes, {
    db,
    shares,
    shareStravaApi,
    tiles,
    publicIndexOf: (athleteId) => indexes.current(athleteId, 'fine', 'public'),
    drawTones: threads.renderTones,
    publicUrl,
    withGoogle: config.googleMapsKey !== null,
    homeZoom: HOME_ZOOM,
  });
  const drawsStrava = async ({ athleteId, geometry }: Subject) =>
    (geometry === 'own' || shareStravaApi) && fromStrava(db, athleteId);
  // tiles come in masses: where there are more than can be answered in time, they give way to all else
  await server.register(async (masses) => {
    await masses.register(underPressure, { maxEventLoopDelay: LONGEST_DELAY, retryAfter: 1 });
    await masses.register(tileRoutes, {
      tiles,
      publicUrl,
      requireAthlete,
      openKey,
      fromStrava: drawsStrava,
    });
  });
  await server.register(exportRoutes, { db, dataKey, requireAthlete });
  await server.register(posterRoutes, {
    requireAthlete,
    indexOf: (athleteId) => indexes.current(athleteId, 'fine'),
    exposure: (athleteId, filter, zoom) => tiles.exposure({ athleteId, geometry: 'own' }, filter, zoom),
    drawTones: threads.renderTones,
  });

  await server.register(metricsRoutes, { registry: metrics.registry, token: config.adminToken });
  await server.register(adminRoutes, {
    token: config.adminToken,
    warmup,
    athletesIn: (box) => footprints.athletesIn(db, box),
    stats: async () => ({ ...tiles.figures(), jobs: await countJobs(db) }),
  });

  let reachedAt = publicUrl ?? '';
  const signInLink = async () => `${reachedAt}/?key=${await makeLinkKey(db, await owner())}`;
  const importPaths = async (paths: readonly string[]) =>
    submitPaths(imports, await owner(), paths, enqueueImport);
  const reportOf = async (importId: string) => {
    const athleteId = await owner();
    const found = await imports.find(athleteId, importId);
    return found && { ...found, failures: await imports.failures(athleteId, importId) };
  };
  const rotateMasterKey = async () => {
    if (config.masterKey !== null || config.databaseUrl !== null) return false;
    keyring.adopt(
      await renewMasterKey(folder.path, async (before, after) => void (await rotate(db, before, after))),
    );
    await forgetOthers(db, await masterKeyIn(folder.path));
    return true;
  };
  const exportOwner = async () => exportActivities({ db, dataKey }, await owner());
  const secret = randomBytes(32).toString('base64url');
  await server.register(controlRoutes, {
    secret,
    signInLink,
    importPaths,
    reportOf,
    enqueueRebuild: () => enqueueRebuild(true),
    exportOwner,
    startWarmup: (request) => warmup.start(request),
    warmupOf: (id) => warmup.warmups.find(id),
    stravaWebhook: async (action) =>
      (await strava?.changeSubscription(action)) ?? { done: false, message: 'STRAVA_CLIENT_ID is not set.' },
    databaseUrl: url,
    rotateMasterKey,
  });

  return {
    db,
    server,
    url: () => reachedAt,
    async listen() {
      // who started it is told by the command, in its own words
      server.log.level = 'warn';
      await server.listen({ host: config.host, port: config.port });
      server.log.level = config.logLevel;
      const { port } = server.server.address() as AddressInfo;
      const bound = isAny(config.host) ? '127.0.0.1' : config.host;
      const reached = bound.includes(':') ? `[${bound}]` : bound;
      reachedAt ||= `http://${reached}:${port}`;
      for (const name of ['127.0.0.1', 'localhost', '[::1]', reached]) hosts?.add(`${name}:${port}`);
      hosts?.add(new URL(reachedAt).host);
      await folder.announce({ pid: process.pid, url: `http://${reached}:${port}`, secret });
    },
    signInLink,
    importPaths,
    reportOf,
    exportOwner,
    strava,
    warmup,
    rebuild: (signal, onProgress) => rebuildTracks(importDeps, { all: true }, signal, onProgress),
    close,
  };
}

async function embedded(folder: DataFolder, opened: (() => Promise<unknown>)[]): Promise<string> {
  const database = await startEmbedded(folder.path);
  opened.push(() => database.stop());
  return database.url;
}

/** Whether an address stands for all of this machine's. */
function isAny(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
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
