import type { App } from '../app.ts';
import { makeApp } from '../app.ts';
import type { Config } from '../config.ts';
import { FolderInUse } from '../data-folder.ts';
import { runningServer } from './handover.ts';
import { showImport } from './progress.ts';

/** Imports files and folders: by the running server if there is one, else here. Answers whether all went well. */
export async function importFiles(
  config: Config,
  paths: readonly string[],
  stopped: AbortSignal,
): Promise<boolean> {
  let app: App;
  try {
    app = await makeApp(config);
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error;
    const server = await runningServer(config.dataDir, error);
    const id = await server.import(paths);
    // Ctrl-C stops watching; the server goes on
    return showImport(() => server.report(id), { signal: stopped });
  }
  try {
    const id = await app.importPaths(paths);
    return await showImport(() => app.reportOf(id), { signal: stopped });
  } finally {
    await app.close();
  }
}
