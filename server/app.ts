import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { Knex } from 'knex';
import { exportActivities } from './activities/export.ts';
import { type RebuildProgress, rebuildTracks } from './activities/rebuild.ts';
import { submitPaths } from './activities/submit.ts';
import { masterKeyIn, renewMasterKey } from './athletes/master-key.ts';
import { makeLinkKey } from './athletes/owner.ts';
import { forgetOthers, rotate } from './athletes/rotation.ts';
import { controlRoutes, type ImportReport } from './commands/control.ts';
import type { Config } from './config.ts';
import { type AppOptions, makeParts, type Opened } from './parts.ts';
import { registerRoutes } from './routes.ts';
import type { Strava } from './strava/strava.ts';
import type { Warmup } from './warmup/warmup.ts';
import { startWork } from './work.ts';

/**
 * Connections that may wait to be taken up: beyond, the system breaks them off after some time, where a map's tiles
 * come in masses on a machine that does much at once. The system may allow fewer.
 */
const BACKLOG = 4096;

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

/** Builds the product from its settings. Rejects, with nothing left running, when a part cannot start. */
export async function makeApp(config: Config, options: AppOptions = {}): Promise<App> {
  const opened: Opened = [];
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
  options: AppOptions,
  opened: Opened,
  close: () => Promise<void>,
): Promise<App> {
  const parts = await makeParts(config, options, opened);
  const work = await startWork(parts, opened);
  await registerRoutes(parts, work);
  const {
    folder,
    url,
    db,
    keyring,
    dataKey,
    owner,
    hosts,
    server,
    imports,
    warmup,
    importDeps,
    settings,
    publicUrl,
    strava,
  } = parts;
  const { enqueueImport, enqueueRebuild } = work;

  let reachedAt = publicUrl ?? '';
  const signInLink = async () => `${reachedAt}/?key=${await makeLinkKey(db, await owner())}`;
  const importPaths = async (paths: readonly string[]) =>
    submitPaths(imports, await owner(), paths, enqueueImport);
  const reportOf = async (importId: string) => {
    const athleteId = await owner();
    const found = await imports.find(athleteId, importId);
    return found && { ...found, failures: await imports.failures(athleteId, found) };
  };
  const rotateMasterKey = async () => {
    if (config.masterKey !== null || config.databaseUrl !== null) return false;
    keyring.adopt(
      await renewMasterKey(folder.path, async (before, after) => void (await rotate(db, before, after))),
    );
    await forgetOthers(db, await masterKeyIn(folder.path));
    return true;
  };
  const exportOwner = async () => exportActivities({ db, dataKey, settings }, await owner());
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
      await server.listen({ host: config.host, port: config.port, backlog: BACKLOG });
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

/** Whether an address stands for all of this machine's. */
function isAny(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}
