import { makeApp } from '../app.ts';
import type { Config } from '../config.ts';
import { showImport } from './progress.ts';

/** Serves until it is told to stop; imports the given paths while it already answers. */
export async function serve(config: Config, paths: readonly string[], stopped: AbortSignal): Promise<void> {
  const app = await makeApp(config);
  try {
    await app.listen();
    if (!stopped.aborted) {
      console.log('\nPathglow is running. Open this link to see your map; it works once:\n');
      console.log(await app.signInLink());
      console.log('\nCtrl-C stops it.\n');
      if (paths.length > 0) {
        const id = await app.importPaths(paths);
        await showImport(() => app.reportOf(id), { signal: stopped });
      }
    }
    await stopping(stopped);
  } finally {
    await app.close();
  }
}

/** Resolves once it is told to stop. */
export function stopping(stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stopped.aborted) resolve();
    else stopped.addEventListener('abort', () => resolve(), { once: true });
  });
}
