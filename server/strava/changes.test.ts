import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { latToWorldY, lngToWorldX } from '../geo/mercator.ts';
import { freePort } from '../testing/free-port.ts';
import { type StravaServer, stravaServer } from '../testing/strava.ts';
import { recordedOuting } from '../testing/track-files.ts';
import { until } from '../testing/until.ts';
import { DAY, MINUTE } from './clock.ts';
import type { NewActivity } from './simulator/activity.ts';

/** What each change at Strava changes here: the list and the tiles there, and nothing elsewhere; whichever way it is heard of. */

const HERE = { lng: 11.25, lat: 47.98 };
const THERE = { lng: 13.4, lat: 52.5 };
const NAMES = ['Here', 'There'];

interface Seen {
  /** Names and sports, in order. */
  list: string[];
  /** Tags of the tiles of all sports here and there, and of one sport here. */
  here: string;
  there: string;
  gravel: string;
}

interface Athlete {
  stravaId: number;
  cookie: string;
  /** What they recorded, by place. */
  here: number;
  look(): Promise<Seen>;
}

interface Way {
  name: string;
  server: StravaServer;
  /** Lets what Strava knows arrive, in the time that this way takes. */
  heard(): Promise<void>;
}

const LIMITS = { read: [10_000, 100_000], overall: [10_000, 100_000] } as const;
const ways: Way[] = [];

before(async () => {
  const world = { app: { limits: LIMITS, capacity: 100 } };
  const port = await freePort();
  const [polling, told] = await Promise.all([
    stravaServer(world, { STRAVA_ATHLETE_LIMIT: '100' }),
    stravaServer(world, {
      STRAVA_ATHLETE_LIMIT: '100',
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      STRAVA_WEBHOOK_SECRET: 'a-secret-of-these-tests',
    }),
  ]);
  const heardByPoll = async () => {
    polling.strava.clock.advance(15 * MINUTE);
    await polling.settled();
  };
  const heardByWebhook = async () => {
    await told.strava.webhooks.idle();
    await told.settled();
    // news are told apart by their second
    told.strava.clock.advance(1000);
  };
  ways.push({ name: 'a poll', server: polling, heard: heardByPoll });
  ways.push({ name: 'a webhook', server: told, heard: heardByWebhook });
  assert.ok((await told.app.strava!.changeSubscription('create')).done);
});
after(() => Promise.all(ways.map(({ server }) => server.close())));

/** Somebody who recorded something here and there within the last week, and whose map is read. */
async function newcomer({ server }: Way): Promise<Athlete> {
  const { strava } = server;
  const { id: stravaId } = strava.accounts.join({});
  const [here] = [HERE, THERE].map((place, at) => {
    const startedAt = Math.floor((strava.clock.now() - (at + 1) * DAY) / 1000);
    const raw = recordedOuting({ seed: at + 1, startedAt, points: 200, ...place });
    return strava.accounts.add(stravaId, { name: NAMES[at], raw }).id;
  });
  const { cookie } = await server.connect({ athleteId: stravaId });
  await server.settled();
  const tag = async (place: typeof HERE, query = '') => {
    const url = `${server.origin}/tiles/me/${tilePath(place)}?hot=5${query}`;
    const answer = await fetch(url, { headers: { cookie } });
    assert.equal(answer.status, 200);
    await answer.arrayBuffer();
    return answer.headers.get('etag')!;
  };
  return {
    stravaId,
    cookie,
    here,
    async look() {
      const { activities } = await server.json<{ activities: { name: string; sport: string }[] }>(
        cookie,
        '/api/activities',
      );
      return {
        list: activities.map(({ name, sport }) => `${name}: ${sport}`),
        here: await tag(HERE),
        there: await tag(THERE),
        gravel: await tag(HERE, '&sport=GravelRide'),
      };
    },
  };
}

function tilePath({ lng, lat }: typeof HERE): string {
  const zoom = 11;
  const of = (world: number) => Math.floor(world / 2 ** (31 - zoom));
  return `${zoom}/${of(lngToWorldX(lng))}/${of(latToWorldY(lat))}.png`;
}

interface Change {
  what: string;
  /** Done before, and heard of: it changes what is seen here. */
  first?: NewActivity;
  does(way: Way, athlete: Athlete): void;
  list: string[];
  /** Whose tags are others after it. */
  changed: (keyof Seen)[];
}

const edit =
  (change: NewActivity) =>
  (way: Way, { here }: Athlete) =>
    way.server.strava.editActivity(here, change);

const CHANGES: Change[] = [
  {
    what: 'something new',
    does: ({ server }, { stravaId }) => {
      const startedAt = Math.floor(server.strava.clock.now() / 1000) - 3600;
      const raw = recordedOuting({ seed: 3, startedAt, points: 200, ...HERE });
      server.strava.addActivity(stravaId, { name: 'New', raw });
    },
    list: ['New: Ride', 'Here: Ride', 'There: Ride'],
    changed: ['here'],
  },
  {
    what: 'another title',
    does: edit({ name: 'Renamed' }),
    list: ['Renamed: Ride', 'There: Ride'],
    changed: [],
  },
  {
    what: 'another sport',
    does: edit({ sport: 'GravelRide' }),
    list: ['Here: GravelRide', 'There: Ride'],
    changed: ['gravel'],
  },
  { what: 'what is hidden', does: edit({ visibility: 'only_me' }), list: ['There: Ride'], changed: ['here'] },
  {
    what: 'what is shown again',
    first: { visibility: 'only_me' },
    does: edit({ visibility: 'everyone' }),
    list: ['Here: Ride', 'There: Ride'],
    changed: ['here'],
  },
  {
    what: 'what is deleted',
    does: ({ server }, { here }) => server.strava.removeActivity(here),
    list: ['There: Ride'],
    changed: ['here'],
  },
];

for (const { what, first, does, list, changed } of CHANGES) {
  for (const at of [0, 1]) {
    test(`${what} is in the list and on the map within one ${at === 0 ? 'poll' : 'webhook'}, and no other tile is another`, async () => {
      const way = ways[at];
      const athlete = await newcomer(way);
      if (first) {
        const { here } = await athlete.look();
        edit(first)(way, athlete);
        await way.heard();
        await until(async () => (await athlete.look()).here !== here);
      }
      const before = await athlete.look();
      does(way, athlete);
      await way.heard();
      let now = await athlete.look();
      assert.deepEqual(now.list, list);
      // a process may look at most once a second whether it is behind
      await until(async () => {
        now = await athlete.look();
        return changed.every((tile) => now[tile] !== before[tile]);
      });
      for (const tile of ['here', 'there', 'gravel'] as const) {
        assert.equal(now[tile] !== before[tile], changed.includes(tile), tile);
      }
    });
  }
}

for (const at of [0, 1]) {
  test(`a crop, and what is for followers alone, are found within one ${at === 0 ? 'poll' : 'day, though no webhook tells of them'}`, async () => {
    const way = ways[at];
    const { server } = way;
    const heard = async () => {
      if (at === 0) return way.heard();
      server.strava.clock.advance(DAY);
      await server.settled();
    };
    const athlete = await newcomer(way);
    const whole = await athlete.look();
    const { recorded, startedAt } = server.strava.accounts.activity(athlete.here)!;
    const raw = recordedOuting({ seed: 1, startedAt, points: 100, ...HERE });
    assert.ok(recorded!.time.length > 100);
    server.strava.editActivity(athlete.here, { raw });
    await heard();
    let cropped = whole;
    await until(async () => {
      cropped = await athlete.look();
      return cropped.here !== whole.here;
    });
    assert.deepEqual([cropped.list, cropped.there], [whole.list, whole.there]);
    assert.equal((await server.json<{ points: number }>(athlete.cookie, '/api/me')).points, 300);
    server.strava.editActivity(athlete.here, { visibility: 'followers_only' });
    await heard();
    assert.deepEqual((await athlete.look()).list, ['There: Ride']);
  });

  test(`a consent that is withdrawn ends sessions, keys and shares, and leaves nothing, within one ${at === 0 ? 'poll' : 'webhook'}`, async () => {
    const way = ways[at];
    const { server } = way;
    const { db } = server.app;
    const athlete = await newcomer(way);
    const { id } = await server.json<{ id: string }>(athlete.cookie, '/api/me');
    const make = async (path: string) => {
      const headers = { cookie: athlete.cookie, 'content-type': 'application/json' };
      const answer = await fetch(server.origin + path, { method: 'POST', headers, body: '{"name":"A key"}' });
      assert.equal(answer.status, 201);
      return ((await answer.json()) as { key: string }).key;
    };
    const paths = [await make('/api/keys'), await make('/api/shares')].map(
      (key) => `/tiles/token/${key}/${tilePath(HERE)}`,
    );
    const status = async (path: string, headers = {}) =>
      (await fetch(server.origin + path, { headers })).status;
    for (const path of paths) assert.equal(await status(path), 200);
    server.strava.deauthorize(athlete.stravaId);
    await way.heard();
    for (const path of paths) assert.equal(await status(path), 404);
    assert.equal(await status('/api/me', { cookie: athlete.cookie }), 401);
    assert.equal(await db('athletes').where({ id }).first(), undefined);
    for (const table of ['data_keys', 'activities', 'recordings', 'strava_accounts', 'strava_activities']) {
      assert.equal((await db(table).where({ athlete_id: id })).length, 0, table);
    }
  });
}

test('without a webhook what changed of older activities is found within a day', async () => {
  const [way] = ways;
  const { strava } = way.server;
  const athlete = await newcomer(way);
  const raw = recordedOuting({ seed: 5, startedAt: 1_600_000_000, points: 200, ...HERE });
  const old = strava.addActivity(athlete.stravaId, { name: 'Old', raw });
  strava.clock.advance(DAY);
  await way.server.settled();
  assert.equal((await athlete.look()).list.at(-1), 'Old: Ride');
  strava.editActivity(old, { name: 'Old and renamed' });
  strava.clock.advance(DAY);
  await way.server.settled();
  assert.equal((await athlete.look()).list.at(-1), 'Old and renamed: Ride');
  strava.removeActivity(old);
  strava.clock.advance(DAY);
  await way.server.settled();
  assert.deepEqual((await athlete.look()).list, ['Here: Ride', 'There: Ride']);
});
