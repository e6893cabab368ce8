/** Two minutes of many viewers while activities arrive: no errors, even times, and memory that stays. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { latToWorldY, lngToWorldX, WORLD_SIZE } from '../server/geo/mercator.ts';
import { TEST_MASTER_KEY, testDatabase, testOwner } from '../server/testing/database.ts';
import { seeded } from '../server/testing/sample-activities.ts';
import { storeActivity } from '../server/testing/store-activities.ts';
import { until } from '../server/testing/until.ts';
import { benchActivities, HOMES } from './athlete.ts';
import { spread } from './measure.ts';
import { indexed } from './stored.ts';
import type { Table } from './table.ts';
import { pathOf } from './tile-server.ts';

/** Tiles of a viewer's screen, of 512 px. */
const ACROSS = 5;
const DOWN = 3;
const MEBI = 2 ** 20;

interface Soak {
  seconds: number;
  clients: number;
  activities: number;
  points: number;
}

export async function soakBench({ smoke }: { smoke: boolean }): Promise<Table[]> {
  const soak: Soak = smoke
    ? { seconds: 4, clients: 5, activities: 20, points: 300 }
    : { seconds: 120, clients: 50, activities: 1000, points: 1500 };
  const database = await testDatabase();
  const child = fork(fileURLToPath(new URL('soak-server.ts', import.meta.url)), {
    env: { ...process.env, DATABASE_URL: database.url, PATHGLOW_MASTER_KEY: TEST_MASTER_KEY.toString('hex') },
  });
  try {
    const [{ origin, cookie }] = (await once(child, 'message')) as [{ origin: string; cookie: string }];
    const memory: number[] = [];
    child.on('message', (told: { memory: number }) => memory.push(told.memory));
    const { db } = database;
    const owner = await testOwner(db);
    const arriving = benchActivities(soak.activities + soak.seconds + 60, soak.points);
    const arrive = async () => storeActivity(db, owner, indexed(owner.key, arriving.next().value!));
    for (let at = 0; at < soak.activities; at++) await arrive();

    memory.length = 0;
    const end = performance.now() + soak.seconds * 1000;
    const seen: Seen = { times: [], letGo: 0, busy: 0, errors: 0 };
    let arrived = 0;
    const arrivals = (async () => {
      while (performance.now() < end) {
        await Promise.all([arrive(), sleep(1000)]);
        arrived++;
      }
    })();
    const walks = Array.from({ length: soak.clients }, (_, at) =>
      walk({ origin, cookie, end, seed: at + 1 }, seen),
    );
    await Promise.all([arrivals, ...walks]);
    // one for each quarter at least
    await until(() => memory.length >= 4);
    const { median, p99 } = spread(seen.times);
    const quarter = Math.max(1, Math.floor(memory.length / 4));
    const at = (from: number) => spread(memory.slice(from, from + quarter)).median / MEBI;
    return [
      {
        title: `${soak.seconds} seconds of ${soak.clients} viewers while activities arrive`,
        note:
          `A whole server, with 48 MB for tiles in memory, an athlete of ${soak.activities} activities, and one more each second. Each viewer ` +
          `looks at ${ACROSS} × ${DOWN} tiles of 512 px for 1 to 4 seconds, asking with the ETags it has, lets go of what has not come, ` +
          'and pans on by a seeded walk, sometimes to another zoom. Refused is 503. Milliseconds; the memory is the resident ' +
          'set of the server process, the median of each quarter of the time.',
        columns: [
          'answered',
          'let go',
          'arrived',
          'errors',
          'refused',
          'p50',
          'p99',
          'MiB, first quarter',
          'second',
          'third',
          'last',
        ],
        rows: [
          [
            String(seen.times.length),
            String(seen.letGo),
            String(arrived),
            String(seen.errors),
            String(seen.busy),
            median,
            p99,
            ...[0, quarter, 2 * quarter, memory.length - quarter].map(at),
          ],
        ],
      },
    ];
  } finally {
    if (child.connected) child.disconnect();
    await once(child, 'exit');
    await database.drop();
  }
}

interface Seen {
  times: number[];
  /** Not answered when the viewer panned on. */
  letGo: number;
  busy: number;
  errors: number;
}

interface Walk {
  origin: string;
  cookie: string;
  /** performance.now() at which it ends. */
  end: number;
  seed: number;
}

/** One viewer: looks, moves on by half a screen or so, sometimes zooms, and remembers what it has. */
async function walk({ origin, cookie, end, seed }: Walk, seen: Seen): Promise<void> {
  const random = seeded(seed);
  const agent = new Agent({ keepAlive: true, maxSockets: 6 });
  const known = new Map<string, string>();
  const [{ lng, lat }] = HOMES;
  let [x, y, z] = [lngToWorldX(lng), latToWorldY(lat), 10 + Math.floor(random() * 5)];
  // on a machine that is busy the first screen may take as long: until something was answered
  while (performance.now() < end || seen.times.length === 0) {
    const across = WORLD_SIZE / 2 ** z;
    const paths = Array.from({ length: ACROSS * DOWN }, (_, at) =>
      pathOf(
        { z, x: Math.floor(x / across) + (at % ACROSS), y: Math.floor(y / across) + Math.floor(at / ACROSS) },
        512,
      ),
    );
    const panned = new AbortController();
    const looking = Promise.all(
      paths.map(async (path) => {
        const start = performance.now();
        const headers = { cookie, 'if-none-match': known.get(path) ?? '' };
        const { status, etag } = await ask(origin + path, headers, agent, panned.signal);
        if (panned.signal.aborted) seen.letGo++;
        else seen.times.push(performance.now() - start);
        if (status === 200 || status === 304) known.set(path, etag);
        else if (status === 503) seen.busy++;
        else if (!panned.signal.aborted) seen.errors++;
      }),
    );
    await sleep(1000 + random() * 3000);
    panned.abort();
    await looking;
    if (random() < 0.2) z = Math.min(16, Math.max(8, z + (random() < 0.5 ? -1 : 1)));
    x += (random() - 0.5) * across * ACROSS;
    y += (random() - 0.5) * across * DOWN;
  }
  agent.destroy();
}

function ask(
  url: string,
  headers: Record<string, string>,
  agent: Agent,
  signal: AbortSignal,
): Promise<{ status: number; etag: string }> {
  return new Promise((resolve) => {
    const broken = () => resolve({ status: 0, etag: '' });
    request(url, { agent, headers, signal }, (reply) => {
      const { statusCode = 0, headers } = reply;
      reply
        .on('error', broken)
        .on('end', () => resolve({ status: statusCode, etag: headers.etag ?? '' }))
        .resume();
    })
      .on('error', broken)
      .end();
  });
}
