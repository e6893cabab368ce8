import { makeApp } from '../app.ts';
import type { Config } from '../config.ts';
import { FolderInUse } from '../data-folder.ts';
import type { SubscriptionAction } from '../strava/subscription-command.ts';
import { runningServer } from './handover.ts';

/**
 * Makes, shows or deletes the subscription by which Strava tells of news: through the running server, which has to
 * answer Strava meanwhile. Answers whether it was done.
 */
export async function changeWebhook(config: Config, action: SubscriptionAction): Promise<boolean> {
  try {
    await (await makeApp(config)).close();
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error;
    const { done, message } = await (await runningServer(config.dataDir, error)).stravaWebhook(action);
    console.log(message);
    return done;
  }
  throw new Error(
    'The server is not running, and has to be when Strava looks whether it is there. `npm start` starts it.',
  );
}
