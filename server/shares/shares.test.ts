import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { latToWorldY, lngToWorldX } from '../geo/mercator.ts';
import { EMPTY_TILE } from '../heat/png.ts';
import { outingAlong, type SharingServer, sharingServer } from '../testing/sharing.ts';
import { until } from '../testing/until.ts';

const HOME = { lng: 11.25, lat: 47.98 };
const AWAY = { lng: 11.6, lat: 48.1 };

let server: SharingServer;
/** Another process with the same database. */
let second: SharingServer;
let share: SharingServer['share'];

before(async () => {
  server = await sharingServer();
  ({ share } = server);
  second = await sharingServer({ DATABASE_URL: server.databaseUrl });
  const day = (at: number, sport: string) => ({ startedAt: 1.6e9 + at * 86_400, sport });
  await server.ask('PATCH', '/api/me/privacy', { hideFirst: 0, hideLast: 0 });
  await server.add([
    outingAlong(
      HOME,
      [
        [0, 0],
        [5000, 1500],
        [9000, 400],
      ],
      day(0, 'Ride'),
    ),
    outingAlong(
      HOME,
      [
        [0, 0],
        [-3000, 1500],
        [10, 2000],
      ],
      day(100, 'Run'),
    ),
  ]);
});
after(async () => {
  await second.close();
  await server.close();
});

function tileAt({ lng, lat }: { lng: number; lat: number }, z: number): string {
  const side = 2 ** (31 - z);
  return `${z}/${Math.floor(lngToWorldX(lng) / side)}/${Math.floor(latToWorldY(lat) / side)}`;
}

const visit = (path: string, at = server, headers: Record<string, string> = {}) =>
  at.ask('GET', path, null, headers);
const isEmpty = ({ status, bytes }: { status: number; bytes: Buffer }) => {
  assert.equal(status, 200);
  return bytes.equals(EMPTY_TILE);
};

test('a share is told with its key once, and shows a map to whoever has the link', async () => {
  const made = await server.ask('POST', '/api/shares', { name: ' Rides about the lake ' });
  assert.equal(made.status, 201);
  const { key, url, ...told } = made.body;
  assert.equal(url, `${server.origin}/s/${key}`);
  assert.match(key, /^[0-9A-Za-z]{43}$/);
  const { id, createdAt, ...rest } = told;
  assert.ok(Math.abs(createdAt - Date.now() / 1000) < 600);
  assert.deepEqual(rest, {
    name: 'Rides about the lake',
    filter: {},
    palette: {},
    viewerFilters: false,
    embed: false,
    expiresAt: null,
    lastUsedAt: null,
    views: 0,
  });
  const listed = await server.ask('GET', '/api/shares');
  assert.deepEqual(
    listed.body.shares.find((one: { id: string }) => one.id === id),
    told,
  );
  assert.equal(listed.headers.get('cache-control'), 'no-store');

  assert.ok(!isEmpty(await visit(`/tiles/token/${key}/${tileAt(HOME, 11)}.png`)));
  const json = (await visit(`/tiles/token/${key}/tile.json`)).body;
  assert.equal(json.name, 'Rides about the lake');
  const { rows } = await server.app.db.raw('select s::text as text from shares s');
  for (const secret of [key, 'lake']) {
    for (const form of [secret, Buffer.from(secret).toString('hex')]) {
      assert.ok(rows.every(({ text }: { text: string }) => !text.includes(form)));
    }
  }
});

test('views and the last use are noted', async () => {
  const { id, key } = await share();
  const mine = async () =>
    (await server.ask('GET', '/api/shares')).body.shares.find((one: { id: string }) => one.id === id);
  await visit(`/tiles/token/${key}/0/0/0.png`);
  await until(async () => (await mine()).lastUsedAt !== null);
  assert.equal((await mine()).views, 0);
  await Promise.all([visit(`/api/shared/${key}`), visit(`/api/shared/${key}`)]);
  await until(async () => (await mine()).views === 2);
});

test('a key that is truncated, guessed, an owner’s or expired opens nothing, all alike', async () => {
  const { id, key } = await share({ expiresIn: 3600 });
  const owners = (await server.ask('POST', '/api/keys', { name: 'mine' })).body.key;
  const paths = (one: string) => [
    `/s/${one}`,
    `/s/${one}/preview.png`,
    `/api/shared/${one}`,
    `/tiles/token/${one}/0/0/0.png`,
    `/tiles/token/${one}/tile.json`,
  ];
  for (const path of paths(key)) assert.notEqual((await visit(path)).status, 404, path);
  await server.app
    .db('shares')
    .where({ id })
    .update({ expires_at: new Date(Date.now() - 1000) });
  const wrong = ['0'.repeat(43), key.slice(1), `${key}0`, key.toLowerCase(), owners];
  for (const at of [server, second]) {
    await until(async () => (await visit(`/api/shared/${key}`, at)).status === 404);
    const gone = await Promise.all(paths(key).map((path) => visit(path, at)));
    for (const one of wrong) {
      for (const [which, path] of paths(one).entries()) {
        if (one === owners && path.startsWith('/tiles/')) continue;
        const { status, bytes } = await visit(path, at);
        assert.ok([404, 503].includes(status), `${path}: ${status}`);
        assert.deepEqual([status, bytes], [gone[which].status, gone[which].bytes]);
      }
    }
  }
});

test('an expiry in the past, a filter or colours that cannot be: refused, and nothing is made', async () => {
  const before = (await server.ask('GET', '/api/shares')).body.shares.length;
  for (const words of [
    { expiresIn: 0 },
    { expiresIn: -3600 },
    { expiresIn: 59 },
    { expiresIn: 1e12 },
    { expiresIn: 'soon' },
    { expiresIn: '' },
    { expiresIn: false },
    { name: ' ' },
    { filter: { from: '2024-02-30' } },
    { filter: { from: '2024-03-01', to: '2024-02-01' } },
    { palette: { color: 'mud' } },
    { palette: { gradient: 'nonsense' } },
    { palette: { light: 5 } },
    { palette: { opacity: 0 } },
    { palette: { by: 'day' } },
  ]) {
    const { status, body } = await server.ask('POST', '/api/shares', { name: 'A share', ...words });
    assert.deepEqual([status, body.error.code], [400, 'bad_request'], JSON.stringify(words));
  }
  assert.equal((await server.ask('GET', '/api/shares')).body.shares.length, before);
});

test('a share’s key opens a map and nothing else: there is no share of a share', async () => {
  const { id, key } = await share();
  const cookie = { cookie: `pathglow=${key}`, authorization: `Bearer ${key}` };
  for (const [method, path, body] of [
    ['POST', '/api/shares', { name: 'again' }],
    ['GET', '/api/shares'],
    ['PATCH', `/api/shares/${id}`, { name: 'mine' }],
    ['GET', '/api/zones'],
    ['GET', '/api/me'],
    ['GET', '/tiles/me/0/0/0.png'],
    ['GET', '/tiles/public/0/0/0.png'],
  ] as const) {
    const answer = await server.ask(method, `${path}?key=${key}`, body ?? null, cookie);
    assert.equal(answer.status, 401, `${method} ${path}`);
  }
});

test('a revoked share is gone from every process once that is confirmed, cached tiles included', async () => {
  const { id, key } = await share();
  const tile = `/tiles/token/${key}/${tileAt(HOME, 11)}.png`;
  const etags = await Promise.all(
    [server, second].map(async (at) => (await visit(tile, at)).headers.get('etag')!),
  );
  assert.equal((await server.ask('DELETE', `/api/shares/${id}`)).status, 204);
  for (const [which, at] of [server, second].entries()) {
    assert.equal((await visit(tile, at)).status, 404);
    assert.equal((await visit(tile, at, { 'if-none-match': etags[which] })).status, 404);
    for (const path of [`/api/shared/${key}`, `/s/${key}/preview.png`, `/tiles/token/${key}/tile.json`]) {
      assert.equal((await visit(path, at)).status, 404);
    }
  }
  assert.equal((await server.ask('DELETE', `/api/shares/${id}`)).status, 404);
});

test('what is changed about a share is in force in every process once that is confirmed', async () => {
  const { id, key } = await share({ viewerFilters: true });
  const tile = `/tiles/token/${key}/${tileAt(HOME, 11)}.png`;
  for (const at of [server, second]) assert.ok(!isEmpty(await visit(tile, at)));
  const changes = { name: 'Swims', filter: { sport: 'Swim' }, expiresIn: 3600 };
  const changed = await server.ask('PATCH', `/api/shares/${id}`, changes);
  assert.equal(changed.body.name, 'Swims');
  assert.ok(changed.body.expiresAt > Date.now() / 1000);
  assert.equal(changed.body.viewerFilters, true);
  for (const at of [server, second]) {
    assert.ok(isEmpty(await visit(tile, at)));
    assert.ok(isEmpty(await visit(`${tile}?sport=Ride`, at)));
    assert.equal((await visit(`/api/shared/${key}`, at)).body.name, 'Swims');
  }
  const forever = await server.ask('PATCH', `/api/shares/${id}`, { expiresIn: null });
  assert.equal(forever.body.expiresAt, null);
});

test('what a visitor asks for counts only where the owner allowed it', async () => {
  const whole = await share();
  const filtering = await share({ viewerFilters: true });
  const tile = (key: string, query = '') => visit(`/tiles/token/${key}/${tileAt(HOME, 11)}.png${query}`);
  const all = await tile(whole.key);
  for (const query of ['?sport=Swim', '?from=2030-01-01', '?to=2001-01-01&commute=true']) {
    const asked = await tile(whole.key, query);
    assert.deepEqual(asked.bytes, all.bytes);
    assert.equal(asked.headers.get('etag'), all.headers.get('etag'));
    assert.ok(isEmpty(await tile(filtering.key, query)));
  }
  const facts = (await visit(`/api/shared/${filtering.key}`)).body;
  assert.deepEqual(facts.sports, ['Ride', 'Run']);
  assert.deepEqual([facts.firstDay, facts.lastDay], ['2020-09-13', '2020-12-22']);
  const counted = facts.days as [
    day: number,
    sport: number,
    commute: number,
    virtual: number,
    count: number,
  ][];
  assert.equal(new Date(counted[0][0] * 86_400_000).toISOString().slice(0, 10), facts.firstDay);
  assert.deepEqual(
    counted,
    counted.toSorted(([a], [b]) => a - b),
  );
  const { sports, firstDay, days, view, tiles } = (await visit(`/api/shared/${whole.key}`)).body;
  assert.deepEqual([sports, firstDay, days], [[], null, []]);
  assert.ok(Math.abs(view.lng - HOME.lng) < 0.2 && Math.abs(view.lat - HOME.lat) < 0.2);
  assert.equal(tiles, `/tiles/token/${whole.key}`);
});

test('a share drawn by sport lets visitors ask for sports, and for nothing else', async () => {
  const palette = { light: -1, opacity: 0.5, by: 'sport' };
  const { key } = await share({ palette, filter: { to: '2020-10-01', virtual: 'true' } });
  const tile = (query = '') => visit(`/tiles/token/${key}/${tileAt(HOME, 11)}.png${query}`);
  const all = await tile();
  for (const query of ['?sport=Ride', '?from=2030-01-01', '?sport=Ride,Run&to=2001-01-01&commute=true']) {
    assert.deepEqual((await tile(query)).bytes, all.bytes, query);
  }
  for (const query of ['?sport=Run', '?sport=Swim', '?sport=Run&to=2024-01-01'])
    assert.ok(isEmpty(await tile(query)));
  const facts = (await visit(`/api/shared/${key}`)).body;
  assert.deepEqual(facts.palette, palette);
  assert.deepEqual([facts.sports, facts.firstDay, facts.commutes, facts.days], [['Ride'], null, false, []]);
  const { tiles } = (await visit(`/tiles/token/${key}/tile.json?sport=Ride&from=2020-01-01`)).body;
  assert.equal(new URL(tiles[0]).search, '?sport=Ride');
});

test('a zone is in force for the very next request of every process, in tiles, bounds and previews', async () => {
  await server.add([
    outingAlong(AWAY, [
      [0, 0],
      [0, 3000],
    ]),
  ]);
  const { key } = await share();
  const [tile, json] = [`/tiles/token/${key}/${tileAt(AWAY, 16)}.png`, `/tiles/token/${key}/tile.json`];
  for (const at of [server, second]) await until(async () => !isEmpty(await visit(tile, at)));
  const before = (await visit(json)).body.bounds;
  const preview = (await visit(`/s/${key}/preview.png`)).bytes;
  const made = await server.ask('POST', '/api/zones', { name: 'away', ...AWAY, radius: 5000 });
  assert.equal(made.status, 201);
  const asOthers = `/tiles/public/${tileAt(AWAY, 16)}.png`;
  for (const at of [server, second]) assert.ok(isEmpty(await visit(tile, at)));
  assert.ok(isEmpty(await server.ask('GET', asOthers)));
  await server.published();
  for (const at of [server, second]) {
    assert.ok(isEmpty(await visit(tile, at)));
    await until(async () => (await visit(json, at)).body.bounds?.[2] < before[2]);
  }
  assert.notDeepEqual((await visit(`/s/${key}/preview.png`)).bytes, preview);
  assert.ok(!isEmpty(await server.ask('GET', `/tiles/me/${tileAt(AWAY, 16)}.png`)));
  assert.ok(isEmpty(await server.ask('GET', asOthers)));
  assert.equal((await server.ask('GET', '/api/sharing')).body.withinHidden, 1);
  assert.equal((await server.ask('DELETE', `/api/zones/${made.body.id}`)).status, 204);
  await server.published();
  await until(async () => !isEmpty(await server.ask('GET', asOthers)));
});

test('a hidden activity is on its owner’s map, and on no share from the next request on', async () => {
  await server.add([
    outingAlong(
      { lng: 20, lat: 50 },
      [
        [0, 0],
        [2000, 0],
      ],
      { startedAt: 1.5e9 },
    ),
  ]);
  const { key } = await share();
  const choosy = await share({ viewerFilters: true });
  const tile = tileAt({ lng: 20.001, lat: 50 }, 15);
  const mine = (visibility: string) => server.ask('GET', `/tiles/me/${tile}.png?visibility=${visibility}`);
  // what is new is seen by each process within a second
  await until(async () => !isEmpty(await mine('public')));
  assert.ok(isEmpty(await mine('private')));
  for (const at of [server, second])
    await until(async () => !isEmpty(await visit(`/tiles/token/${key}/${tile}.png`, at)));
  const { id } = (await server.ask('GET', '/api/activities?to=2018-01-01')).body.activities[0];
  assert.equal((await server.ask('PATCH', `/api/activities/${id}`, { hidden: true })).status, 204);
  for (const at of [server, second]) assert.ok(isEmpty(await visit(`/tiles/token/${key}/${tile}.png`, at)));
  assert.ok(!isEmpty(await server.ask('GET', `/tiles/me/${tile}.png`)));
  assert.ok(!isEmpty(await mine('private')));
  assert.ok(isEmpty(await mine('public')));
  // to ask for what is private is no way to it
  for (const visibility of ['private', 'public', '']) {
    const asked = `/tiles/token/${choosy.key}/${tile}.png?visibility=${visibility}`;
    for (const at of [server, second]) assert.ok(isEmpty(await visit(asked, at)));
  }
  const listed = async (visibility: string) =>
    (await server.ask('GET', `/api/activities?visibility=${visibility}`)).body.activities.map(
      (one: { id: string }) => one.id,
    );
  assert.deepEqual(await listed('private'), [id]);
  assert.ok((await listed('public')).length > 1 && !(await listed('public')).includes(id));
  assert.equal((await server.ask('GET', '/api/activities?to=2018-01-01')).body.activities[0].hidden, true);
  assert.equal((await server.ask('GET', '/api/sharing')).body.hidden, 1);
  const shown = await server.ask('PATCH', '/api/activities', { ids: [id, '999999'], hidden: false });
  assert.deepEqual(shown.body, { found: 1 });
  assert.equal((await server.ask('PATCH', '/api/activities/999999', { hidden: true })).status, 404);
  await until(async () => !isEmpty(await visit(`/tiles/token/${key}/${tile}.png`)));
});

test('the page is in no frame but where the owner allows it, and says what a link to it shows', async () => {
  const name = `<script>"Tom" & 'Jerry' $& </title>`;
  const closed = await share({ name });
  const open = await share({ embed: true });
  const page = await visit(`/s/${closed.key}`);
  const framed = await visit(`/s/${open.key}`);
  assert.match(page.headers.get('content-security-policy')!, /frame-ancestors 'none'/);
  assert.ok(page.headers.get('x-frame-options'));
  assert.match(framed.headers.get('content-security-policy')!, /frame-ancestors \*/);
  assert.equal(framed.headers.get('x-frame-options'), null);
  assert.equal(page.headers.get('referrer-policy'), 'no-referrer');
  assert.equal(page.headers.get('x-robots-tag'), 'noindex');
  const html = page.bytes.toString();
  // without the page built there is no page
  if (page.status === 503) return;
  assert.ok(!html.includes('<script>"Tom"'));
  const title = `&lt;script&gt;&quot;Tom&quot; &amp; 'Jerry' $&amp; &lt;/title&gt;`;
  assert.ok(html.includes(`<meta property="og:title" content="${title}" />`), html);
  assert.ok(
    html.includes(`<meta property="og:image" content="${server.origin}/s/${closed.key}/preview.png" />`),
  );
});
