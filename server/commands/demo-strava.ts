import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeApp } from '../app.ts';
import type { Config } from '../config.ts';
import type { NewActivity } from '../strava/simulator/activity.ts';
import { type Clock, runningClock } from '../strava/simulator/clock.ts';
import { demoHistory } from '../strava/simulator/history.ts';
import { type Simulator, startSimulator } from '../strava/simulator/simulator.ts';
import { freePort } from './free-port.ts';
import { stopping } from './serve.ts';

const ACTIVITIES = 480;
/** Of so many outings one is still to come: the athlete records it at the press of a button. */
const ONE_TO_COME_OF = 8;
/** Twenty times what Strava allows a new application, so that nobody has to wait for the next quarter of an hour. */
const LIMITS = { overall: [4000, 40_000], read: [2000, 20_000] } as const;

/**
 * Serves with Strava configured, and a simulated Strava in the same process: nothing leaves this machine, and nothing
 * is kept when it ends. `read` reads the settings, with those given instead of what the environment says.
 */
export async function demoStrava(
  read: (settings: NodeJS.ProcessEnv) => Config,
  stopped: AbortSignal,
): Promise<void> {
  console.log('\nMaking up an athlete and seven years of outings …');
  const strava = await simulatedStrava();
  const folder = await mkdtemp(join(tmpdir(), 'pathglow-strava-'));
  try {
    const port = read({}).port || (await freePort());
    const app = await makeApp(
      read({
        HOST: '127.0.0.1',
        PORT: String(port),
        PUBLIC_URL: `http://127.0.0.1:${port}`,
        DATA_DIR: folder,
        DATABASE_URL: '',
        REDIS_URL: '',
        STRAVA_CLIENT_ID: strava.app.clientId,
        STRAVA_CLIENT_SECRET: strava.app.clientSecret,
        STRAVA_ATHLETE_LIMIT: String(strava.app.capacity),
        STRAVA_WEBHOOK_SECRET: randomBytes(16).toString('hex'),
        STRAVA_API_URL: strava.apiUrl,
        STRAVA_OAUTH_URL: strava.oauthUrl,
        STRAVA_WEBSITE_URL: strava.websiteUrl,
      }),
    );
    try {
      await app.listen();
      const { done, message } = await app.strava!.changeSubscription('create');
      if (!done) throw new Error(message);
      console.log(`
Pathglow is running with a simulated Strava. Open

${app.url()}

and connect. At ${strava.websiteUrl} you are the athlete: record, rename, hide or
delete an outing there, or take the permission back, and see the map follow.

Its limits are twenty times those of a new application (${LIMITS.read[0]} reads in a quarter of an hour),
so nothing has to wait. Nothing leaves this machine, and nothing is kept when it ends: Ctrl-C.
`);
      await stopping(stopped);
    } finally {
      await app.close();
    }
  } finally {
    await strava.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function simulatedStrava(): Promise<Simulator<Clock>> {
  const all = [...demoHistory({ activities: ACTIVITIES, until: Date.now() / 1000 })];
  const isToCome = (at: number) => at % ONE_TO_COME_OF === ONE_TO_COME_OF - 1;
  const outings: NewActivity[] = all.filter((_, at) => isToCome(at));
  return startSimulator<Clock>({
    clock: runningClock(),
    athletes: [
      { firstname: 'Ada', activities: all.filter((_, at) => !isToCome(at)) },
      { firstname: 'Bo', activities: demoHistory({ seed: 8, activities: 40, until: Date.now() / 1000 }) },
    ],
    app: { capacity: 2, limits: LIMITS },
    outings: outings.values(),
  });
}
