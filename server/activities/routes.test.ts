import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Knex } from 'knex';
import { gpxFile } from '../demo/gpx-writer.ts';
import { HttpError, handleError } from '../http/errors.ts';
import { testAthlete, testDatabase } from '../testing/database.ts';
import { type TestImports, testImports } from '../testing/import-deps.ts';
import type { Athlete } from '../testing/store-activities.ts';
import { recordedOuting } from '../testing/track-files.ts';
import type { ExportRow } from '../tracks/strava-export.ts';
import { runImport } from './import.ts';
import { importRoutes } from './import-routes.ts';
import { prepareRow } from './prepare.ts';
import { activityRoutes } from './routes.ts';
import { saveActivities } from './save.ts';
import { type Status, StatusFeed } from './status.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Knex;
let deps: TestImports;
let app: FastifyInstance;
let origin: string;
let feed: StatusFeed;
const jobs: string[] = [];
const LIMITS = { files: 5, bytes: 2_000_000 };

before(async () => {
  database = await testDatabase();
  ({ db } = database);
  deps = await testImports(db);
  feed = new StatusFeed(db, deps.imports, { sync: async () => null, warming: async () => null });
  ({ app, origin } = await newServer());
});
after(async () => {
  await app.close();
  await deps.close();
  await database.drop();
});

/** A server whose requests say whose they are by a header. */
async function newServer() {
  const server = Fastify().withTypeProvider<TypeBoxTypeProvider>() as unknown as FastifyInstance;
  server.setErrorHandler(handleError);
  server.decorateRequest('athleteId', '');
  const requireAthlete = async (request: { athleteId: string; headers: Record<string, unknown> }) => {
    const { athlete } = request.headers;
    if (typeof athlete !== 'string') throw new HttpError('signed_out');
    request.athleteId = athlete;
  };
  const home = async () => ({ lng: 11.25, lat: 47.98, zoom: 9 });
  const connection = async () => null;
  const enqueue = async (_: unknown, importId: string) => void jobs.push(importId);
  await server.register(activityRoutes, {
    ...deps,
    requireAthlete,
    idsWithin: async () => assert.fail('nothing asks where'),
    home,
    connection,
    shareStravaApi: false,
    stravaWebsite: 'https://strava.example',
  });
  const isSignedIn = async () => true;
  const options = { ...deps, status: feed, enqueue, requireAthlete, isSignedIn, limits: LIMITS };
  await server.register(importRoutes, options);
  await server.listen({ port: 0, host: '127.0.0.1' });
  return { app: server, origin: `http://127.0.0.1:${(server.server.address() as AddressInfo).port}` };
}

async function ask(athlete: Athlete, path: string, init: RequestInit = {}) {
  const answer = await fetch(origin + path, { ...init, headers: { athlete: athlete.id, ...init.headers } });
  const text = await answer.text();
  return { status: answer.status, body: text ? JSON.parse(text) : null };
}

function form(files: Record<string, Uint8Array>): FormData {
  const data = new FormData();
  for (const [name, bytes] of Object.entries(files))
    data.append('files', new Blob([bytes as BlobPart]), name);
  return data;
}

const spooled = () => readdir(join(deps.folder, 'spool')).catch(() => []);

/** Activities without tracks, `count` of them, a day apart; every third has no start. */
async function fill(athlete: Athlete, count: number) {
  const rows = Array.from(
    { length: count },
    (_, at): ExportRow => ({
      activityId: `${at}`,
      name: `Number ${at}`,
      sport: at % 2 ? 'Yoga' : 'Swim',
      startedAt: at % 3 === 2 ? null : 1.7e9 + at * 86_400,
      commute: at % 5 === 0,
      filename: null,
      distance: at * 10,
      elapsed: 600,
    }),
  );
  const digest = (row: ExportRow) => createHash('sha256').update(row.activityId).digest();
  await saveActivities(
    deps,
    athlete.id,
    rows.map((row) => prepareRow(row, { digest: digest(row), provenance: 'bulk_export' })),
  );
}

test('nothing is answered to somebody who is not signed in', async () => {
  for (const path of ['/api/me', '/api/activities', '/api/status', '/api/status/events']) {
    assert.equal((await fetch(origin + path)).status, 401);
  }
  assert.equal((await fetch(`${origin}/api/imports`, { method: 'POST', body: form({}) })).status, 401);
});

test('uploads are imported: from the form to the figures', async () => {
  const athlete = await testAthlete(db);
  const good = gpxFile(recordedOuting({ sport: 'Run', name: 'Lauf «Ü»' }));
  const body = form({ 'Lauf.gpx': good, 'träge/leer.gpx': Buffer.alloc(0) });
  const accepted = await ask(athlete, '/api/imports', { method: 'POST', body });
  assert.equal(accepted.status, 202);
  const { id } = accepted.body;
  assert.ok(jobs.includes(id));
  assert.equal((await ask(athlete, `/api/imports/${id}`)).body.state, 'queued');
  await runImport(deps, id, new AbortController().signal);
  const { body: report } = await ask(athlete, `/api/imports/${id}`);
  assert.deepEqual(Object.keys(report).sort(), [
    'added',
    'done',
    'failures',
    'finishedAt',
    'id',
    'points',
    'startedAt',
    'state',
    'total',
  ]);
  assert.deepEqual([report.state, report.done, report.total, report.points], ['done', 2, 2, 600]);
  assert.equal(report.added, 1);
  assert.deepEqual(report.failures, [{ name: 'träge/leer.gpx', code: 'empty_file', message: 'it is empty' }]);
  const { body: status } = await ask(athlete, '/api/status');
  assert.equal(status.revision, '1');
  assert.deepEqual([status.imports[0].id, status.imports[0].failed], [id, 1]);

  const { body: me } = await ask(athlete, '/api/me');
  const { distance, ...rest } = me;
  assert.ok(distance > 500);
  assert.deepEqual(rest, {
    id: athlete.id,
    activities: 1,
    tracks: 1,
    points: 600,
    sports: [{ sport: 'Run', count: 1 }],
    years: [{ year: 2024, count: 1 }],
    firstDay: '2024-05-31',
    lastDay: '2024-05-31',
    home: { lng: 11.25, lat: 47.98, zoom: 9 },
    strava: null,
    revision: '1',
  });
  const { body: list } = await ask(athlete, '/api/activities');
  assert.deepEqual([list.activities[0].name, list.next], ['Lauf «Ü»', null]);
});

test('another athlete finds neither import nor activity, as if there were none', async () => {
  const [athlete, other] = [await testAthlete(db), await testAthlete(db)];
  await fill(athlete, 1);
  const { body } = await ask(athlete, '/api/imports', {
    method: 'POST',
    body: form({ 'a.gpx': Buffer.from('<gpx/>') }),
  });
  const unknown = await ask(other, `/api/imports/${crypto.randomUUID()}`);
  assert.deepEqual(await ask(other, `/api/imports/${body.id}`), unknown);
  assert.equal(unknown.status, 404);
  const [{ id }] = (await ask(athlete, '/api/activities')).body.activities;
  const gone = await ask(other, '/api/activities/999999999', { method: 'DELETE' });
  assert.deepEqual(await ask(other, `/api/activities/${id}`, { method: 'DELETE' }), gone);
  assert.equal(gone.status, 404);
  assert.equal((await ask(athlete, `/api/activities/${id}`, { method: 'DELETE' })).status, 204);
  assert.equal((await ask(athlete, `/api/activities/${id}`, { method: 'DELETE' })).status, 404);
  assert.deepEqual((await ask(athlete, '/api/activities')).body.activities, []);
  await deps.spool.remove(body.id);
});

test('several are deleted at once, those of another athlete not among them', async () => {
  const [athlete, other] = [await testAthlete(db), await testAthlete(db)];
  await fill(athlete, 3);
  await fill(other, 1);
  const { activities } = (await ask(athlete, '/api/activities')).body;
  assert.match(activities[0].link, /^https:\/\/strava\.example\/activities\/\d+$/);
  const [foreign] = (await ask(other, '/api/activities')).body.activities;
  const remove = (ids: string[]) =>
    ask(athlete, '/api/activities', {
      method: 'DELETE',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ids }),
    });
  assert.deepEqual((await remove([activities[0].id, activities[2].id, foreign.id])).body, { found: 2 });
  assert.deepEqual((await remove([activities[0].id])).body, { found: 0 });
  assert.equal((await remove([])).status, 400);
  const left = (await ask(athlete, '/api/activities')).body.activities;
  assert.deepEqual(
    left.map(({ id }: { id: string }) => id),
    [activities[1].id],
  );
  assert.equal((await ask(other, '/api/activities')).body.activities.length, 1);
});

test('uploads beyond the limits are refused and leave nothing; so do forms without a file and other bodies', async () => {
  const athlete = await testAthlete(db);
  const post = async (body: BodyInit, headers = {}) => {
    const { status, body: answer } = await ask(athlete, '/api/imports', { method: 'POST', body, headers });
    return [status, answer.error.code];
  };
  assert.deepEqual(await post(form({ 'a.gpx': Buffer.alloc(LIMITS.bytes + 1) })), [413, 'too_large']);
  const half = Buffer.alloc(LIMITS.bytes * 0.6, 1);
  assert.deepEqual(await post(form({ 'a.gpx': half, 'b.gpx': half })), [413, 'too_large']);
  const six = Object.fromEntries(Array.from({ length: 6 }, (_, at) => [`${at}.gpx`, Buffer.from('<gpx/>')]));
  assert.deepEqual(await post(form(six)), [413, 'too_large']);
  assert.deepEqual(await post(form({})), [400, 'bad_request']);
  assert.deepEqual(await post('{}', { 'content-type': 'application/json' }), [415, 'unsupported_media']);
  assert.deepEqual(await spooled(), []);
});

test('an upload of unknown length is cut at the limit', async () => {
  const athlete = await testAthlete(db);
  const status = await new Promise((resolve, reject) => {
    const headers = { athlete: athlete.id, 'content-type': 'multipart/form-data; boundary=x' };
    const sending = httpRequest(`${origin}/api/imports`, { method: 'POST', headers }, ({ statusCode }) =>
      resolve(statusCode),
    );
    sending.on('error', reject);
    for (const name of ['a', 'b']) {
      sending.write(`--x\r\ncontent-disposition: form-data; name="f"; filename="${name}.gpx"\r\n\r\n`);
      for (let at = 0; at < 12; at++) sending.write(Buffer.alloc(100_000, 1));
      sending.write('\r\n');
    }
    sending.end('--x--\r\n');
  });
  assert.equal(status, 413);
  assert.deepEqual(await spooled(), []);
});

test('an upload whose client goes away leaves nothing', async () => {
  const athlete = await testAthlete(db);
  const headers = { athlete: athlete.id, 'content-type': 'multipart/form-data; boundary=x' };
  const sending = httpRequest(`${origin}/api/imports`, { method: 'POST', headers });
  sending.on('error', () => {});
  sending.write('--x\r\ncontent-disposition: form-data; name="f"; filename="a.gpx"\r\n\r\n');
  sending.write(Buffer.alloc(300_000, 1));
  while ((await spooled()).length === 0) await sleep(5);
  sending.destroy();
  while ((await spooled()).length > 0) await sleep(5);
  assert.equal((await deps.imports.recent(athlete.id)).length, 0);
});

test('the list goes on page by page, each activity once, whatever is deleted in between', async () => {
  const athlete = await testAthlete(db);
  await fill(athlete, 250);
  const seen: { id: string; startedAt: number | null }[] = [];
  let cursor: string | null = null;
  do {
    const { body } = await ask(athlete, `/api/activities${cursor ? `?cursor=${cursor}` : ''}`);
    seen.push(...body.activities);
    cursor = body.next;
    await ask(athlete, `/api/activities/${seen.at(-1)!.id}`, { method: 'DELETE' });
  } while (cursor);
  assert.equal(new Set(seen.map(({ id }) => id)).size, 250);
  const starts = seen.map(({ startedAt }) => startedAt ?? Number.NEGATIVE_INFINITY);
  assert.deepEqual(
    starts,
    [...starts].sort((a, b) => (a === b ? 0 : b - a)),
  );
});

test('the list is filtered as the map is, and refuses what cannot be meant', async () => {
  const athlete = await testAthlete(db);
  await fill(athlete, 30);
  const count = async (query: string) =>
    (await ask(athlete, `/api/activities?${query}`)).body.activities?.length;
  assert.equal(await count('sport=Yoga'), 15);
  assert.equal(await count('commute=true'), 6);
  assert.equal(await count('from=2023-11-15&to=2023-11-16'), 1);
  assert.equal(await count('limit=7'), 7);
  assert.equal(await count('limit=1000'), 30);
  for (const query of [
    'from=yesterday',
    'cursor=x',
    'cursor=Li4u',
    'commute=maybe',
    'limit=0',
    'limit=1001',
  ]) {
    assert.equal((await ask(athlete, `/api/activities?${query}`)).status, 400);
  }
});

/** Reads a stream of events until it ends. */
async function* events(athlete: Athlete, at: string, signal: AbortSignal): AsyncGenerator<Status> {
  const answer = await fetch(`${at}/api/status/events`, { headers: { athlete: athlete.id }, signal });
  assert.equal(answer.headers.get('content-type'), 'text/event-stream');
  let text = '';
  for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const parts = text.split('\n\n');
    text = parts.pop()!;
    for (const part of parts) if (part.startsWith('data: ')) yield JSON.parse(part.slice(6));
  }
}

test('a page is told at once, then of every change', async () => {
  const athlete = await testAthlete(db);
  const leaving = new AbortController();
  const stream = events(athlete, origin, leaving.signal);
  const first = await stream.next();
  assert.deepEqual(first.value, { revision: '0', imports: [], sync: null, warming: null });
  const { body } = await ask(athlete, '/api/imports', {
    method: 'POST',
    body: form({ 'a.gpx': gpxFile(recordedOuting()) }),
  });
  const running = runImport(deps, body.id, new AbortController().signal);
  for (;;) {
    const { value } = await stream.next();
    if (value?.imports[0]?.state === 'done') break;
  }
  await running;
  // what another process writes arrives by notice
  await fill(athlete, 1);
  feed.changed(athlete.id);
  assert.equal((await stream.next()).value?.revision, '2');
  leaving.abort();
  await stream.next().catch(() => {});
});

test('a server that closes ends its streams', async () => {
  const athlete = await testAthlete(db);
  const other = await newServer();
  const stream = events(athlete, other.origin, new AbortController().signal);
  await stream.next();
  const closing = other.app.close();
  assert.equal((await stream.next()).done, true);
  await closing;
});
