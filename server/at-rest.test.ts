import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Spool, spoolKey } from './activities/spool.ts';
import { Keyring } from './athletes/keyring.ts';
import { masterKeyIn } from './athletes/master-key.ts';
import { open } from './athletes/seal.ts';
import { gpxFile } from './demo/gpx-writer.ts';
import { latToWorldY, lngToWorldX, WORLD_SIZE } from './geo/mercator.ts';
import type { TestServer } from './testing/app.ts';
import { filesOf, redisOf, search, tablesOf } from './testing/haystack.ts';
import { byteNeedles, type Needle, placeNeedles, textNeedles } from './testing/needles.ts';
import { CLIENT, type StravaServer, stravaServer } from './testing/strava.ts';
import { recordedOuting } from './testing/track-files.ts';
import { decodeTrack } from './tracks/codec.ts';
import { unpackGeometry } from './tracks/levels.ts';

const NAME = 'Überschreitung 7391 am Königsjodler';
const FILE = 'geheime-runde-7391.gpx';
const BAD_FILE = 'kaputte-runde-7391.gpx';
const ZONE = 'Daheim 7391';
const KEY_NAME = 'JOSM 7391';
const STRAVA_NAME = 'Abends heimlich 7391';
const SURNAME = 'Hinterseer7391';
/** Stands in the clear, as it should: what is in the files is found. */
const SPORT = 'BackcountrySki';

let logged = '';

/** Fills a server with everything an athlete may have; answers what of it must lie nowhere in the clear. */
async function fill(server: StravaServer): Promise<Needle[]> {
  const { db } = server.app;
  const link = await server.app.signInLink();
  const unused = new URL(await server.app.signInLink()).searchParams.get('key')!;
  const signedIn = await fetch(link, { redirect: 'manual' });
  const cookie = signedIn.headers.getSetCookie().at(-1)!.split(';')[0];
  const ask = async (path: string, init: RequestInit & { json?: object } = {}) => {
    const { json, ...rest } = init;
    const answer = await fetch(server.origin + path, {
      ...rest,
      ...(json && { body: JSON.stringify(json) }),
      headers: { cookie, ...(json && { 'content-type': 'application/json' }) },
    });
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  };

  const outing = recordedOuting({
    seed: 7391,
    points: 1200,
    noise: 2,
    name: NAME,
    lng: 10.9876,
    lat: 46.8765,
  });
  const file = gpxFile({ ...outing, sport: SPORT });
  const form = new FormData();
  form.append('files', new Blob([file as BlobPart]), FILE);
  form.append('files', new Blob(['no track of 7391']), BAD_FILE);
  const { id } = JSON.parse(`${await ask('/api/imports', { method: 'POST', body: form })}`);
  while (JSON.parse(`${await ask(`/api/imports/${id}`)}`).state !== 'done') await sleep(50);
  const [{ lng, lat }] = outing.lines;
  const zone = { name: ZONE, lng: lng[600], lat: lat[600], radius: 400 };
  await ask('/api/zones', { method: 'POST', json: zone });
  const { key } = JSON.parse(`${await ask('/api/keys', { method: 'POST', json: { name: KEY_NAME } })}`);
  const share = JSON.parse(`${await ask('/api/shares', { method: 'POST', json: { name: ZONE } })}`);
  const z = 14;
  const [x, y] = [lngToWorldX(lng[0]), latToWorldY(lat[0])].map((at) =>
    Math.floor((at / WORLD_SIZE) * 2 ** z),
  );
  const tile = await ask(`/tiles/me/${z}/${x}/${y}.png?hot=2`);
  assert.ok(tile.length > 1200, 'something is drawn');
  await fetch(`${server.origin}/tiles/token/${key}/0/0/0.png`);
  await fetch(`${server.origin}/tiles/token/${share.key}/0/0/0.png`);
  await ask(`/api/activities/near?lng=${lng[600]}&lat=${lat[600]}&zoom=14`);

  const fromStrava = await readFromStrava(server, cookie);

  // what waits for its import: nobody takes it up
  const [{ athlete_id: athleteId }] = await db('activities').select('athlete_id');
  const dataKey = await new Keyring(db, await masterKeyIn(server.dataDir)).dataKey(athleteId);
  const spool = new Spool(join(server.dataDir, 'spool'));
  await spool.write('waiting', '0', spoolKey(dataKey), Readable.from([file]));

  const [{ source }] = await db('recordings').whereNull('strava_id').select('source');
  const [{ coarse, fine }] = await db('tracks').select('coarse', 'fine');
  const recording = open(dataKey, source, 'source');
  const track = decodeTrack(recording);
  const session = decodeURIComponent(cookie.split('=')[1]);
  const needles = [
    ...placeNeedles(track.lines[0], 2),
    ...textNeedles("the activity's name", NAME),
    ...textNeedles("the file's name", FILE),
    ...textNeedles("the bad file's name", BAD_FILE),
    ...textNeedles("the zone's name", ZONE),
    ...textNeedles("the key's name", KEY_NAME),
    ...textNeedles('the owner key', key),
    ...textNeedles("the share's key", share.key),
    ...textNeedles('the session', session),
    ...textNeedles('the link', unused),
    ...fromStrava,
    ...byteNeedles('the data key', dataKey),
    ...slices('the recording', recording),
    ...slices("the tile's picture", tile.subarray(tile.indexOf('IDAT') + 8)),
  ];
  for (const sealed of [coarse, fine] as Buffer[]) {
    const packed = open(dataKey, sealed, 'geometry');
    needles.push(...slices('packed geometry', packed), ...slices('chunks', unpackGeometry(packed)));
  }
  await proveNeedles(needles, { file, recording, tile });
  return needles;
}

/** Connects the owner with Strava and reads what is there, for so long that the tokens change; answers what lies there. */
async function readFromStrava(
  { strava, app, connect, settled }: StravaServer,
  cookie: string,
): Promise<Needle[]> {
  const { id } = strava.accounts.join({ lastname: SURNAME });
  const raw = recordedOuting({ seed: 7392, points: 1200, noise: 2, lng: 13.4567, lat: 47.6543 });
  strava.addActivity(id, { name: STRAVA_NAME, raw });
  await connect({ cookie, athleteId: id });
  await settled();
  const before = { ...strava.grants.of(id)! };
  strava.clock.advance(8 * 3_600_000);
  await settled();
  const now = strava.grants.of(id)!;
  assert.notEqual(now.accessToken, before.accessToken);
  assert.notEqual(now.refreshToken, before.refreshToken);
  assert.equal((await app.db('recordings').where({ outline: false }).whereNotNull('strava_id')).length, 1);
  const [{ lng, lat }] = raw.lines;
  const degrees = (values: number[]) => Int32Array.from(values, (value) => Math.round(value * 1e7));
  return [
    ...[before, now].flatMap(({ accessToken, refreshToken }) => [
      ...textNeedles('an access token', accessToken),
      ...textNeedles('a refresh token', refreshToken),
    ]),
    ...textNeedles("the application's secret", CLIENT.STRAVA_CLIENT_SECRET),
    ...textNeedles('the name at Strava', SURNAME),
    ...textNeedles("the name of Strava's activity", STRAVA_NAME),
    ...placeNeedles({ lng: degrees(lng), lat: degrees(lat) }, 1),
  ];
}

/** Some bytes of the middle: long enough to be found nowhere by chance. */
function slices(what: string, bytes: Uint8Array): Needle[] {
  return [0.3, 0.5, 0.7].flatMap((at) => {
    const from = Math.floor(bytes.length * at);
    const slice = bytes.subarray(from, from + 16);
    return new Set(slice).size > 6 ? byteNeedles(what, slice) : [];
  });
}

/** The needles are found where they are: else finding none would show nothing. */
async function proveNeedles(needles: readonly Needle[], bytes: Record<string, Buffer>): Promise<void> {
  assert.ok(needles.length > 200);
  assert.ok(needles.every((needle) => needle.bytes.length >= 8));
  for (const [where, one] of Object.entries(bytes)) {
    const { found } = await search([{ where, bytes: one }], needles);
    assert.ok(found.length > 0, `nothing is found in the plain ${where}`);
  }
}

const nothing = (found: string[]) => assert.deepEqual(found, []);

async function searchTables(server: TestServer, needles: readonly Needle[]): Promise<void> {
  const { found, bytes } = await search(tablesOf(server.app.db), needles);
  nothing(found);
  assert.ok(bytes > 10_000);
}

test('no place, name, key or token lies in the clear: not in the folder with its database, cache and uploads, not in a log', async (t: TestContext) => {
  const write = process.stderr.write;
  t.after(() => {
    process.stderr.write = write;
  });
  process.stderr.write = (chunk: string | Uint8Array) => {
    logged += Buffer.from(chunk as Uint8Array).toString('latin1');
    return true;
  };
  const server = await stravaServer({}, { DATABASE_URL: '', LOG_LEVEL: 'trace' });
  let needles: Needle[];
  try {
    needles = await fill(server);
    await searchTables(server, needles);
    // so that pages in memory are in files as well
    await server.app.db.raw('checkpoint');
    const { found, bytes } = await search(filesOf(server.dataDir), needles);
    nothing(found);
    assert.ok(bytes > 2 ** 24, 'the database lies in the folder');
    const control = await search(filesOf(server.dataDir), [{ what: 'the sport', bytes: Buffer.from(SPORT) }]);
    assert.ok(
      control.found.some((one) => /database\/base/.test(one)),
      'what stands in the clear is found',
    );
    assert.ok(control.found.length >= 1);
  } finally {
    await server.close();
  }
  process.stderr.write = write;
  assert.ok(logged.includes('answered'));
  nothing((await search([{ where: 'the log', bytes: Buffer.from(logged, 'latin1') }], needles)).found);
});

test('nor in a shared cache, or a database of its own', { skip: !process.env.TEST_REDIS_URL }, async () => {
  const redisUrl = process.env.TEST_REDIS_URL!;
  const server = await stravaServer({}, { REDIS_URL: redisUrl });
  try {
    const needles = await fill(server);
    await searchTables(server, needles);
    let bytes = 0;
    // the cache is written behind the answer
    while (bytes < 500) {
      const searched = await search(redisOf(redisUrl), needles);
      nothing(searched.found);
      ({ bytes } = searched);
      await sleep(50);
    }
  } finally {
    await server.close();
  }
});
