import { SingleBar } from 'cli-progress';
import type { App } from '../app.ts';
import { makeApp } from '../app.ts';
import type { Config } from '../config.ts';
import { FolderInUse } from '../data-folder.ts';
import { runningServer } from './handover.ts';

/** Makes everything drawn anew from the recordings: in the running server's background if there is one, else here. */
export async function rebuild(config: Config, stopped: AbortSignal): Promise<void> {
  let app: App;
  try {
    app = await makeApp(config);
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error;
    await (await runningServer(config.dataDir, error)).rebuild();
    console.log('The running server draws everything anew, in the background.');
    return;
  }
  const bar = new SingleBar({ format: 'rebuilding {bar} {value}/{total} tracks', clearOnComplete: true });
  bar.start(0, 0);
  try {
    const { done, failed } = await app.rebuild(stopped, (progress) => {
      bar.setTotal(progress.total);
      bar.update(progress.done);
    });
    bar.stop();
    console.log(`Drew ${done - failed} of ${done} tracks anew.`);
  } catch (error) {
    if (!stopped.aborted) throw error;
  } finally {
    bar.stop();
    await app.close();
  }
}
