import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeApp } from '../app.ts';
import type { Config } from '../config.ts';
import { FolderInUse } from '../data-folder.ts';
import { runningServer } from './handover.ts';

/** Writes everything the owner has into a new zip file: asked of the running server if there is one. */
export async function exportFile(config: Config, path: string, stopped: AbortSignal): Promise<void> {
  if (existsSync(path)) throw new Error(`there is already a file ${path}`);
  try {
    const app = await makeApp(config);
    try {
      await write(await app.exportOwner(), path, stopped);
    } finally {
      await app.close();
    }
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error;
    const server = await runningServer(config.dataDir, error);
    await write(Readable.from(await server.export(), { objectMode: false }), path, stopped);
  }
  console.log(`Everything is in ${path}.`);
}

/** Under its name only when it is whole. */
async function write(bytes: Readable, path: string, signal: AbortSignal): Promise<void> {
  const part = `${path}.part`;
  try {
    await pipeline(bytes, createWriteStream(part, { mode: 0o600 }), { signal });
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
