import type { Knex } from 'knex';
import type { Config } from '../config.ts';
import { FolderInUse, takeFolder } from '../data-folder.ts';
import { connect } from '../database/connect.ts';
import { startEmbedded } from '../database/embedded.ts';
import { runningServer } from './handover.ts';

/** Runs `body` on the database that is configured: the embedded one too, be a server running on it or not. */
export async function withDatabase<T>(config: Config, body: (db: Knex) => Promise<T>): Promise<T> {
  if (config.databaseUrl !== null) return onUrl(config.databaseUrl, body);
  try {
    return await withOwnDatabase(config, body);
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error;
    return onUrl(await (await runningServer(config.dataDir, error)).database(), body);
  }
}

/** The same, while no server runs on the data folder. Throws FolderInUse. */
export async function withOwnDatabase<T>(config: Config, body: (db: Knex) => Promise<T>): Promise<T> {
  const folder = await takeFolder(config.dataDir);
  try {
    if (config.databaseUrl !== null) return await onUrl(config.databaseUrl, body);
    const embedded = await startEmbedded(folder.path);
    try {
      return await onUrl(embedded.url, body);
    } finally {
      await embedded.stop();
    }
  } finally {
    await folder.release();
  }
}

async function onUrl<T>(url: string, body: (db: Knex) => Promise<T>): Promise<T> {
  const db = connect(url);
  try {
    return await body(db);
  } finally {
    await db.destroy();
  }
}
