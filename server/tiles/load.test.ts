/** A whole server under more than it can do. */
import assert from 'node:assert/strict';
import { Agent, get } from 'node:http';
import { after, before, test } from 'node:test';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { WORLD_SIZE } from '../geo/mercator.ts';
import { LONGEST_DELAY } from '../parts.ts';
import { type TestServer, testServer } from '../testing/app.ts';
import { TEST_MASTER_KEY, type TestDatabase, testDatabase, testOwner } from '../testing/database.ts';
import { PLACE, sampleActivity, seeded } from '../testing/sample-activities.ts';
import { storeActivity } from '../testing/store-activities.ts';

let database: TestDatabase;
let server: TestServer;
let cookie: string;

before(async () => {
  database = await testDatabase();
  server = await testServer(
    {
      DATABASE_URL: database.url,
      PATHGLOW_MASTER_KEY: TEST_MASTER_KEY.toString('hex'),
      LOG_LEVEL: 'silent',
      RENDER_WORKERS: '1',
    },
    { longestDelay: LONGEST_DELAY },
  );
  ({ cookie } = await server.signIn());
  const owner = await testOwner(database.db);
  const random = seeded(51);
  for (let at = 0; at < 60; at++) await storeActivity(database.db, owner, sampleActivity('', random));
});
after(async () => {
  patient.destroy();
  await server?.close();
  await database.drop();
});

/** Distinct tiles of both sizes around the place, outward from it, at the zooms where each is small. */
function* tilesAround(): Generator<string> {
  for (let ring = 0; ; ring++) {
    for (const z of [17, 18, 19, 20]) {
      const at = (world: number) => Math.floor(world / (WORLD_SIZE / 2 ** z));
      for (let dx = -ring; dx <= ring; dx++) {
        for (const dy of Math.abs(dx) === ring ? span(ring) : [-ring, ring]) {
          const tile = `/tiles/me/${z}/${at(PLACE.x) + dx}/${at(PLACE.y) + dy}`;
          yield `${tile}.png?hot=8`;
          yield `${tile}@2x.png?hot=8`;
        }
      }
    }
  }
}

const span = (ring: number) => Array.from({ length: 2 * ring + 1 }, (_, at) => at - ring);

interface Answer {
  status: number;
  retryAfter: number;
  /** Whose pages may read it, besides our own. */
  origins: string | undefined;
  bytes: Buffer;
}

const patient = new Agent({ keepAlive: true });

function ask(path: string, agent = patient): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get(server.origin + path, { agent, headers: { cookie } }, (reply) => {
      const parts: Buffer[] = [];
      reply.on('data', (part) => parts.push(part));
      reply.on('error', reject);
      reply.on('end', () => {
        resolve({
          status: reply.statusCode ?? 0,
          retryAfter: Number(reply.headers['retry-after']),
          origins: reply.headers['access-control-allow-origin'],
          bytes: Buffer.concat(parts),
        });
      });
    }).on('error', reject);
  });
}

test('10,000 distinct cold tiles asked for at once: some drawn, the rest told to come again, then all is as before', async () => {
  const paths = tilesAround();
  const cached = paths.next().value!;
  const before = await until(cached, 200);

  // as many connections as one process can have almost anywhere; the rest of the requests wait behind them
  const agent = new Agent({ keepAlive: true, maxSockets: 1000 });
  const asked = Array.from({ length: 10_000 }, () => ask(paths.next().value!, agent));
  const healthy = await ask('/healthz');
  const ready = await ask('/readyz');
  assert.deepEqual([healthy.status, ready.status], [200, 200]);
  const answers = await Promise.all(asked);
  agent.destroy();
  const drawn = answers.filter(({ status }) => status === 200);
  const refused = answers.filter(({ status }) => status === 503);
  assert.equal(drawn.length + refused.length, answers.length);
  assert.ok(drawn.length > 400, `${drawn.length} drawn`);
  assert.ok(refused.length > 0, 'a queue without an end');
  for (const { retryAfter, bytes } of refused) {
    assert.ok(retryAfter >= 1);
    assert.equal(JSON.parse(bytes.toString()).error.code, 'busy');
  }

  const afterwards = await until(cached, 200);
  assert.deepEqual(afterwards, before);
});

test('a server that is held up refuses tiles, and answers all else', async () => {
  const [path] = tilesAround();
  const made = await fetch(`${server.origin}/api/keys`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'a page of mine' }),
  });
  const { key } = await made.json();
  let held = true;
  const holding = (async () => {
    while (held) {
      const end = performance.now() + 600;
      while (performance.now() < end);
      await setImmediate();
    }
  })();
  try {
    const { retryAfter, bytes, origins } = await until(path, 503);
    assert.ok(retryAfter >= 1);
    assert.equal(origins, undefined);
    assert.equal(JSON.parse(bytes.toString()).error.code, 'busy');
    for (const other of ['/healthz', '/api/me']) assert.equal((await ask(other)).status, 200);
    // pages of others may read that they are to come again, of what they may read at all
    const keyed = await until(`/tiles/token/${key}/0/0/0.png`, 503);
    assert.deepEqual([keyed.origins, keyed.retryAfter >= 1], ['*', true]);
  } finally {
    held = false;
    await holding;
  }
  await until(path, 200);
});

/** Asks again, as one is told to, until that is the answer. */
async function until(path: string, status: number): Promise<Answer> {
  for (let tries = 0; tries < 100; tries++) {
    const answer = await ask(path);
    if (answer.status === status) return answer;
    await sleep(100);
  }
  throw new Error(`${path} was never answered ${status}`);
}
