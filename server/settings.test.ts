import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { newPerson, type Person } from './testing/route-fixtures.ts';
import { type SharingServer, sharingServer } from './testing/sharing.ts';
import { recordedOuting } from './testing/track-files.ts';
import { until } from './testing/until.ts';
import { WALK_LIMITS } from './tracks/archive.ts';
import { openFile } from './tracks/source.ts';
import { listZip, openMember } from './tracks/zip.ts';

const ZONE = { name: 'Home', lng: 11.2503, lat: 47.9804, radius: 250 };

let server: SharingServer;
/** Of the owner's: the export, and the key of a share. */
let zip: Buffer;
let key: string;

before(async () => {
  server = await sharingServer();
  await server.add([1, 2].map((seed) => recordedOuting({ seed, startedAt: 1.6e9 + seed * 86_400 })));
  assert.equal((await server.ask('POST', '/api/zones', ZONE)).status, 201);
  assert.equal((await server.ask('PATCH', '/api/me/privacy', { hideFirst: 310, hideLast: 0 })).status, 200);
  ({ key } = await server.share({ name: 'For a friend', filter: { sport: 'Ride' }, expiresIn: 86_400 }));
  await server.published();
  zip = (await server.ask('GET', '/api/me/export')).bytes;
});
after(() => server?.close());

async function member(name: string): Promise<string> {
  const path = join(server.dataDir, 'export.zip');
  await writeFile(path, zip);
  const file = await openFile(path);
  const found = (await listZip(file, 0, file.size, WALK_LIMITS)).find((one) => one.name === name);
  assert.ok(found, name);
  const read = await text(Readable.from(openMember(file, found)));
  await file.close();
  return read;
}

/** Imports the owner's export as somebody else; answers their cookie. */
async function importAs(person: Person): Promise<string> {
  const form = new FormData();
  form.append('files', new Blob([zip as BlobPart]), 'export.zip');
  const headers = { cookie: person.cookie };
  const answer = await fetch(`${server.origin}/api/imports`, { method: 'POST', body: form, headers });
  const { id } = (await answer.json()) as { id: string };
  const report = async () => (await server.ask('GET', `/api/imports/${id}`, null, headers)).body;
  await until(async () => (await report()).state === 'done');
  assert.deepEqual((await report()).failures, []);
  return person.cookie;
}

test('an export tells zones, hidden ends and shares, and no key', async () => {
  const { madeBy, format, zones, hiddenEnds, shares } = JSON.parse(await member('settings.json'));
  assert.deepEqual([madeBy, format], ['Pathglow', 1]);
  assert.deepEqual(zones, [ZONE]);
  assert.deepEqual(hiddenEnds, { first: 310, last: 0 });
  const [{ name, filter, views, createdAt, expiresAt }] = shares;
  assert.deepEqual([shares.length, name, filter, views], [1, 'For a friend', { sport: 'Ride' }, 0]);
  assert.ok(Math.abs(expiresAt - createdAt - 86_400) < 1);
  for (const file of ['settings.json', 'activities.json']) assert.ok(!(await member(file)).includes(key));
});

test('an export that somebody else made gives its activities to whoever imports it, and takes nothing over', async () => {
  const { db } = server.app;
  const mine = async () => (await server.ask('GET', '/api/activities')).body.activities;
  const revision = async () => (await server.ask('GET', '/api/me')).body.revision;
  const before = [await mine(), await revision()];
  const stranger = await newPerson(server);
  const headers = { cookie: await importAs(stranger) };
  const theirs: { id: string }[] = (await server.ask('GET', '/api/activities', null, headers)).body
    .activities;
  assert.equal(theirs.length, 3, 'one of their own');
  const ids = new Set(theirs.map(({ id }) => id));
  assert.ok((await mine()).every(({ id }: { id: string }) => !ids.has(id)));
  const owners = await db('activities')
    .whereIn('id', [...ids])
    .distinct('athlete_id');
  assert.deepEqual(owners, [{ athlete_id: stranger.id }]);
  // what others see of them is theirs to decide
  assert.deepEqual((await server.ask('GET', '/api/zones', null, headers)).body.zones, []);
  assert.deepEqual((await server.ask('GET', '/api/shares', null, headers)).body.shares, []);
  const ends = (await server.ask('GET', '/api/me/privacy', null, headers)).body;
  assert.notEqual(ends.hideFirst, 310);
  // and what they do with them is no matter of mine
  for (const { id } of theirs) {
    assert.equal((await server.ask('DELETE', `/api/activities/${id}`, null, headers)).status, 204);
  }
  assert.deepEqual([await mine(), await revision()], before);
});
