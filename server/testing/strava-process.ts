/**
 * A process of its own that reads from Strava until nothing is left to read: one of several, or to be killed.
 * Arguments: the database's URL, and as JSON where Strava is and which time it is there.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '../database/connect.ts';
import { type RunningClockOptions, runningClock } from '../strava/simulator/clock.ts';
import { makeStrava } from '../strava/strava.ts';
import { isAllRead, type StravaAddress, testSync } from './strava-sync.ts';

export interface Told {
  strava: StravaAddress;
  time: RunningClockOptions;
}

const [url, told] = process.argv.slice(2);
const { strava, time } = JSON.parse(told) as Told;
const db = connect(url);
const sync = await testSync(db, strava, { clock: runningClock(time) });
const nobody = async () => {
  throw new Error('nobody comes or goes here');
};
let delay = 0;
const { run } = makeStrava({
  ...sync,
  app: {
    ...strava.app,
    ...strava,
    athleteLimit: strava.app.capacity,
    webhookSecret: null,
    retentionDays: null,
    websiteUrl: '',
  },
  publicUrl: null,
  cookieName: '',
  pictures: '',
  shareable: false,
  owner: nobody,
  deleteAthlete: nobody,
  endAccess: nobody,
  signIn: nobody,
  requireAthlete: nobody,
  enqueue: async (milliseconds) => {
    delay = milliseconds;
  },
});
for (;;) {
  await run(new AbortController().signal);
  if (await isAllRead(db)) break;
  await sleep(delay);
}
await sync.close();
await db.destroy();
// whoever started it sees that it did not fail
process.exit(sync.warnings.length);
