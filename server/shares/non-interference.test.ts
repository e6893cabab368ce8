import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { latToWorldY, lngToWorldX } from '../geo/mercator.ts';
import { EMPTY_TILE } from '../heat/png.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { freePort } from '../testing/free-port.ts';
import { outingAlong, type SharingServer, sharingServer } from '../testing/sharing.ts';
import type { RawActivity } from '../tracks/recording.ts';

const HOME = { lng: 11.25, lat: 47.98 };
const RADIUS = 300;
type Way = [east: number, north: number][];

/**
 * Outings that are the same outside the zone about HOME, and inside it as different as can be. What enters and what
 * leaves it are the same few steps.
 */
function outings(inside: Way[]): RawActivity[] {
  const west: Way = [
    [-6000, 900],
    [-2500, 300],
    [-290, 20],
  ];
  const east: Way = [
    [280, -40],
    [2500, -900],
    [7000, 400],
  ];
  const day = (at: number) => ({ startedAt: 1.6e9 + at * 86_400, sport: at % 2 ? 'Run' : 'Ride' });
  return [
    // through, from home, to home, twice through with home between, and never out of it
    outingAlong(HOME, [...west, ...inside[0], ...east], day(0)),
    outingAlong(HOME, [...inside[1], ...east], day(1)),
    outingAlong(HOME, [...west, ...inside[2]], day(2)),
    outingAlong(
      HOME,
      [...west, ...inside[0], ...east, [280, -40], ...inside[1], ...west.toReversed()],
      day(3),
    ),
    outingAlong(HOME, inside[3], day(4)),
    // to be hidden
    outingAlong(HOME, [...west, ...inside[0], ...east], day(5)),
  ];
}

const ONE = outings([
  [[0, 0]],
  [
    [10, -5],
    [60, 10],
  ],
  [[0, 40]],
  [
    [0, 0],
    [150, 0],
    [0, 120],
  ],
]);
const OTHER = outings([
  [
    [-200, 150],
    [30, 220],
    [120, -180],
    [-100, -100],
    [200, 100],
    [-50, 30],
    [10, -220],
  ],
  [
    [-120, 190],
    [-240, 10],
    [0, 0],
    [-90, -90],
    [130, 140],
  ],
  [
    [-130, -210],
    [220, 0],
    [-60, 200],
  ],
  [
    [200, -100],
    [-220, -80],
    [-40, 230],
    [10, 10],
    [90, -200],
  ],
]);

let prepared: TestDatabase;
let port: number;
let keys: { plain: string; filtering: string; bySport: string };

const settings = (database: TestDatabase) => ({
  DATABASE_URL: database.url,
  PORT: String(port),
  // what came through Strava's API wants to be named where it is shown, and nowhere else
  SHARE_STRAVA_API_DATA: 'true',
});

before(async () => {
  port = await freePort();
  prepared = await testDatabase();
  const server = await sharingServer(settings(prepared));
  const zone = { name: 'home', ...HOME, radius: RADIUS };
  assert.equal((await server.ask('POST', '/api/zones', zone)).status, 201);
  // lines that begin at home are seen from the zone's edge on, those that end there end before it
  await server.ask('PATCH', '/api/me/privacy', { hideFirst: 0, hideLast: 400 });
  const plain = await server.share({ name: 'All of it' });
  const filtering = await server.share({ name: 'Runs', filter: { sport: 'Run' }, viewerFilters: true });
  const bySport = await server.share({ name: 'Colours', palette: { by: 'sport', light: 1 } });
  keys = { plain: plain.key, filtering: filtering.key, bySport: bySport.key };
  await server.close();
});
after(() => prepared.drop());

/** Every address that a share opens: documents, page, picture, and tiles of all zooms about the zone. */
function addressesOf(key: string): string[] {
  const addresses = [`/s/${key}`, `/api/shared/${key}`, `/s/${key}/preview.png`];
  const map = `/tiles/token/${key}`;
  for (const query of ['', '?sport=Ride&from=2020-09-14&to=2020-09-15']) {
    for (const file of ['tile.json', 'tile@2x.json', 'wmts']) addresses.push(`${map}/${file}${query}`);
  }
  for (let z = 0; z <= 20; z++) {
    const [home, beside] = [tileAt(z), tileAt(z, z < 2 ? 0 : 1)];
    addresses.push(`${map}/${home}.png`, `${map}/${home}@2x.png`, `${map}/${beside}.png?sport=Run&hot=3`);
  }
  return addresses;
}

/** The tile at home, or so many to the east of it. */
function tileAt(z: number, east = 0): string {
  const side = 2 ** (31 - z);
  const column = Math.floor(lngToWorldX(HOME.lng) / side);
  const row = Math.floor(latToWorldY(HOME.lat) / side);
  return `${z}/${column + east}/${row}`;
}

interface Listed {
  id: string;
}

/** Everything that is answered, but the hour. */
async function everything(server: SharingServer): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  for (const key of Object.values(keys)) {
    for (const address of addressesOf(key)) {
      const { status, headers, bytes } = await server.ask('GET', address, null, {});
      const told = [...headers].filter(([name]) => name !== 'date');
      answers.set(address, JSON.stringify([status, told, bytes.toString('base64')]));
      const etag = headers.get('etag');
      if (!etag) continue;
      const again = await server.ask('GET', address, null, { 'if-none-match': etag });
      assert.equal(again.status, 304);
      answers.set(`${address} again`, JSON.stringify([...again.headers].filter(([name]) => name !== 'date')));
    }
  }
  return answers;
}

/** Of what is seen nothing came through Strava's API; what is not seen is of this provenance. */
async function answersWith(recordings: RawActivity[], unseen: string) {
  const database = await testDatabase(prepared);
  const server = await sharingServer(settings(database));
  try {
    await server.add(recordings);
    const { activities } = (await server.ask('GET', '/api/activities')).body as { activities: Listed[] };
    const [hidden, within] = activities;
    await server.ask('PATCH', `/api/activities/${hidden.id}`, { hidden: true });
    await server.app.db('activities').whereIn('id', [hidden.id, within.id]).update({ provenance: unseen });
    await server.published();
    const answers = await everything(server);
    const own = (await server.ask('GET', `/tiles/me/${tileAt(16)}.png`)).bytes;
    await server.app.db('activities').where({ sport: 'Ride' }).update({ provenance: 'strava_api' });
    const credits = await Promise.all(
      [keys.plain, keys.filtering].map(async (key) => {
        const { body } = await server.ask('GET', `/tiles/token/${key}/tile.json`, null, {});
        const picture = `/s/${key}/preview.png`;
        const { bytes } = await server.ask('GET', picture, null, {});
        const isSame = answers.get(picture)!.includes(bytes.toString('base64'));
        return [body.attribution, isSame ? 'the same picture' : 'another picture'];
      }),
    );
    const { days } = (await server.ask('GET', `/api/shared/${keys.filtering}`, null, {})).body;
    return { answers, own, credits, days: days as number[][] };
  } finally {
    await server.close();
    await database.drop();
  }
}

test('whatever is inside a zone or hidden, every byte a share can fetch is the same', async () => {
  const one = await answersWith(ONE, 'upload');
  const other = await answersWith(OTHER, 'strava_api');
  for (const [address, answer] of one.answers) assert.equal(answer, other.answers.get(address), address);
  assert.equal(one.answers.size, other.answers.size);
  for (const { credits } of [one, other]) {
    assert.deepEqual(
      credits,
      [
        ['Heat by Pathglow, powered by Strava', 'another picture'],
        ['Heat by Pathglow', 'the same picture'],
      ],
      'Strava is named by the share of the rides that came from there, in words and picture, not by the one of runs',
    );
  }
  const empty = EMPTY_TILE.toString('base64');
  const drawn = [...one.answers.values()].filter((answer) => answer.includes('image/png'));
  assert.ok(drawn.filter((answer) => !answer.includes(empty)).length > 40, 'there is something to see');
  // the runs of the second and the fourth day: not the hidden one
  assert.deepEqual(
    one.days.map(([day, , , , count]) => [day, count]),
    [
      [18519, 1],
      [18521, 1],
    ],
  );
  assert.ok(!one.own.equals(other.own), 'to their owner the two are not the same');
});
