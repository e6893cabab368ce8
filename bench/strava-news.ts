/** From an event of Strava's to the tile that shows what it told of, through a whole server. */
import { Keyring } from '../server/athletes/keyring.ts';
import { freePort } from '../server/commands/free-port.ts';
import type { Simulator } from '../server/strava/simulator/simulator.ts';
import { TEST_MASTER_KEY } from '../server/testing/database.ts';
import { hold, stravaServer } from '../server/testing/strava.ts';
import { recordedOuting } from '../server/testing/track-files.ts';
import { HOMES } from './athlete.ts';
import { spread } from './measure.ts';
import { homeTile } from './places.ts';
import { store } from './stored.ts';
import type { Table } from './table.ts';

export interface NewsOptions {
  /** Of the athlete, before the news: and their points in the mean. */
  activities: number;
  points: number;
  runs: number;
}

const ZOOM = 13;
const POINTS = 4000;
/** Milliseconds after which news is not coming any more. */
const PATIENCE = 60_000;

export async function freshTile({ activities, points, runs }: NewsOptions): Promise<Table> {
  const port = await freePort();
  const server = await stravaServer(
    {},
    {
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      STRAVA_WEBHOOK_SECRET: 'a-secret-of-the-bench',
      PATHGLOW_MASTER_KEY: TEST_MASTER_KEY.toString('hex'),
    },
  );
  try {
    const { db, strava } = server.app;
    const { cookie } = await server.connect();
    await server.settled();
    const [{ athlete_id: id }] = await db('strava_accounts').select('athlete_id');
    const key = await new Keyring(db, TEST_MASTER_KEY).dataKey(id);
    const { name } = await store(db, activities, points, { id, key });
    const told = await strava!.changeSubscription('create');
    if (!told.done) throw new Error(told.message);
    const tiles = { url: `${server.origin}/tiles/me/${path()}?hot=64`, cookie };
    await otherThan(null, tiles);
    const outline: number[] = [];
    const whole: number[] = [];
    for (let run = -1; run < runs; run++) {
      const times = await oneNews(server.strava, run, tiles);
      if (run < 0) continue;
      outline.push(times.outline);
      whole.push(times.whole);
      await server.settled();
    }
    const row = (what: string, samples: number[]) => {
      const { median, p99, min } = spread(samples);
      return [what, median, p99, min];
    };
    return {
      title: 'From the webhook to the fresh tile',
      note:
        `Milliseconds from when the simulated Strava sends its event until the z ${ZOOM} tile at home, asked for again and ` +
        `again over HTTP, is another: ${name} loaded, an outing of ${POINTS} points recorded there, ${runs} times. One ` +
        'machine does it all: Strava, server, database, drawing and asking.',
      columns: ['the tile shows', 'median', 'p99', 'fastest'],
      rows: [row('the outline', outline), row('the whole recording', whole)],
    };
  } finally {
    await server.close();
  }
}

interface Asked {
  url: string;
  cookie: string;
}

/** Records an outing near home, and waits for it. */
async function oneNews(strava: Simulator, seed: number, tiles: Asked) {
  const [{ lng, lat }] = HOMES;
  // events and tokens go by it
  strava.clock.advance(60_000);
  const startedAt = Math.floor(strava.clock.now() / 1000) - POINTS;
  const raw = recordedOuting({ seed: seed + 10, points: POINTS, lng, lat, startedAt });
  const before = await otherThan(null, tiles);
  // as long as the recording is not told, the tile shows the outline, and is sure to be seen with it
  const streams = hold(strava, /streams/);
  const sent = performance.now();
  strava.addActivity(strava.athletes[0].id, { raw });
  const drawn = await otherThan(before, tiles);
  const outline = performance.now() - sent;
  streams.letGo();
  await otherThan(drawn, tiles);
  return { outline, whole: performance.now() - sent };
}

/** Asks for the tile until it is another; answers how it is tagged. Rejects when it never is. */
async function otherThan(tag: string | null, { url, cookie }: Asked): Promise<string> {
  const began = performance.now();
  while (performance.now() - began < PATIENCE) {
    const headers = { cookie, ...(tag && { 'if-none-match': tag }) };
    const answer = await fetch(url, { headers });
    await answer.arrayBuffer();
    if (answer.status === 200) return answer.headers.get('etag')!;
    if (answer.status !== 304) throw new Error(`the tile was answered ${answer.status}`);
  }
  throw new Error('what Strava told of never came to be seen');
}

function path(): string {
  const { z, x, y } = homeTile(ZOOM);
  return `${z}/${x}/${y}.png`;
}
