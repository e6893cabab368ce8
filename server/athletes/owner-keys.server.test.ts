import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gpxFile } from '../demo/gpx-writer.ts';
import { type TestServer, testServer } from '../testing/app.ts';
import { recordedOuting } from '../testing/track-files.ts';

let server: TestServer;
let session: { cookie: string };
/** All that the server logged. */
const logged: string[] = [];
const write = process.stderr.write;

before(async () => {
  process.stderr.write = ((text: string | Uint8Array) => {
    logged.push(String(text));
    return true;
  }) as typeof write;
  server = await testServer({ LOG_LEVEL: 'debug' });
  session = await server.signIn();
});
after(async () => {
  await server.close();
  process.stderr.write = write;
});

const ask = (path: string, init: RequestInit = {}) => fetch(server.origin + path, init);

async function makeKey(name: string): Promise<{ id: string; key: string }> {
  const headers = { ...session, 'content-type': 'application/json' };
  const answer = await ask('/api/keys', { method: 'POST', headers, body: JSON.stringify({ name }) });
  assert.equal(answer.status, 201);
  return answer.json();
}

test("a program fetches its owner's tiles by key alone, until it is revoked, and no log tells the key", async () => {
  const form = new FormData();
  form.append('files', new Blob([gpxFile(recordedOuting()) as BlobPart]), 'a.gpx');
  const { id } = await (await ask('/api/imports', { method: 'POST', headers: session, body: form })).json();
  let state = '';
  while (state !== 'done') ({ state } = await (await ask(`/api/imports/${id}`, { headers: session })).json());

  const { id: keyId, key } = await makeKey('QGIS in the office');
  const json = await (await ask(`/tiles/token/${key}/tile.json`)).json();
  const [lng, lat, zoom] = json.center;
  assert.ok(json.tiles[0].startsWith(`${server.origin}/tiles/token/${key}/`));
  const n = 2 ** zoom;
  const x = Math.floor(((lng + 180) / 360) * n);
  const y = Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * n);
  const rest = `${zoom}/${x}/${y}.png?hot=2`;
  const mine = await ask(`/tiles/me/${rest}`, { headers: session });
  const keyed = await ask(`/tiles/token/${key}/${rest}`, { headers: { cookie: 'pathglow_8080=stale' } });
  assert.deepEqual(await keyed.bytes(), await mine.bytes());
  assert.ok(Number(keyed.headers.get('content-length')) > 300, 'there is heat');
  assert.equal(keyed.headers.get('set-cookie'), null);
  assert.equal(keyed.headers.get('referrer-policy'), 'no-referrer');
  assert.equal(keyed.headers.get('access-control-allow-origin'), '*');
  // what knows a key knows tiles, and nothing else
  for (const path of ['/api/me', '/api/keys', '/api/activities', `/api/activities/near?lng=1&lat=1&zoom=3`]) {
    assert.equal((await ask(path, { headers: { authorization: `Bearer ${key}` } })).status, 401, path);
  }

  assert.equal((await ask(`/tiles/token/${key}/wmts`)).status, 200);
  assert.equal((await ask(`/tiles/%74oken/${key}/tile.json?from=never`)).status, 400);
  assert.equal((await ask(`/api/keys/${keyId}`, { method: 'DELETE', headers: session })).status, 204);
  for (const path of [rest, 'tile.json', 'wmts']) {
    const revoked = await ask(`/tiles/token/${key}/${path}`);
    const never = await ask(`/tiles/token/${'0'.repeat(43)}/${path}`);
    assert.equal(revoked.status, 404);
    assert.equal(await revoked.text(), await never.text());
  }

  const log = logged.join('');
  assert.match(log, /"url":"\/tiles\/token\/…\//);
  assert.ok(!log.includes(key.slice(0, 12)) && !log.includes('QGIS in the office'));
});
