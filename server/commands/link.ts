import { makeApp } from '../app.ts';
import type { Config } from '../config.ts';
import { FolderInUse } from '../data-folder.ts';
import { runningServer } from './handover.ts';

/** Prints another link that signs the owner in, once. */
export async function printLink(config: Config): Promise<void> {
  try {
    await (await makeApp(config)).close();
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error;
    console.log(await (await runningServer(config.dataDir, error)).link());
    return;
  }
  throw new Error('The server is not running. `npm start` starts it and prints a link.');
}
