import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { after, before, test } from 'node:test';
import { type TestServer, testServer } from './testing/app.ts';
import { TEST_MASTER_KEY } from './testing/database.ts';
import { newPerson, type Person, THINGS } from './testing/route-fixtures.ts';
import { PARAMETERS, PASSWORD, ROUTES, type Rule } from './testing/route-table.ts';
import { routesOf } from './testing/routes-of.ts';

/**
 * Another athlete's thing is answered like one that does not exist, in like time: both go the same way, and ask the
 * database the same. `access.test.ts` compares the answers; this, without a clock, the way to them.
 */

let server: TestServer;
let routes: string[];
let owner: Person;
let stranger: Person;
/** What the database is asked for the request that is under way in this context; by its number, for all. */
const asking = new AsyncLocalStorage<string[]>();
const asked: string[][] = [];
const begins = (message: unknown) => {
  const { request } = message as { request: IncomingMessage };
  const number = request.headers['x-number'];
  if (number !== undefined) asking.enterWith(asked[Number(number)]);
};

before(async () => {
  const settings = { PATHGLOW_MASTER_KEY: TEST_MASTER_KEY.toString('hex'), OWNER_PASSWORD: PASSWORD };
  ({ server, routes } = await routesOf(() => testServer(settings)));
  server.app.db.on('query', ({ sql }: { sql: string }) => asking.getStore()?.push(sql));
  subscribe('http.server.request.start', begins);
  owner = await newPerson(server);
  stranger = await newPerson(server);
});
after(async () => {
  unsubscribe('http.server.request.start', begins);
  await server?.close();
});

/** Who asks, and how far their own map is, is read once a second, whatever they ask for. */
const ABOUT_ASKER = [/\bdata_keys\b/, /\bsessions\b.*\bhash\b/s, /^select "revision" from "athletes"/];
const isAboutAsker = (sql: string) => ABOUT_ASKER.some((about) => about.test(sql));

/** What the database is asked while a stranger asks for a thing. */
async function statementsFor(route: string, rule: Rule, id: string): Promise<string[]> {
  const [method, pattern] = route.split(' ');
  const parameters: Record<string, string> = { ...PARAMETERS, id };
  const path = pattern.replace(/:(\w+)/g, (_, name) => parameters[name]);
  const query = rule.query ? `?${rule.query.replace('{lng}', String(owner.lng))}` : '';
  const statements: string[] = [];
  const headers = { 'x-number': `${asked.push(statements) - 1}`, cookie: stranger.cookie };
  const answer = await fetch(server.origin + path + query, {
    method,
    headers: { ...headers, ...(rule.body && { 'content-type': 'application/json' }) },
    body: rule.body && JSON.stringify(rule.body),
  });
  assert.equal(answer.status, 404, route);
  return statements.filter((sql) => !isAboutAsker(sql));
}

test('somebody else’s thing and one that does not exist are looked for in the same way', async (t) => {
  const found = routes.filter((route) => ROUTES[route]?.who === 'ownerOf');
  let looked = 0;
  for (const route of found) {
    await t.test(route, async () => {
      const rule = ROUTES[route];
      assert.ok(rule.who === 'ownerOf');
      const { make, unknown } = THINGS[rule.thing];
      // what is loaded for the one who asks is there then
      await statementsFor(route, rule, unknown);
      const theirs = await statementsFor(route, rule, await make(server, owner));
      if (theirs.length > 0) looked++;
      assert.deepEqual(await statementsFor(route, rule, unknown), theirs);
    });
  }
  // a track is found in memory
  assert.ok(looked >= 10 && looked >= found.length - 1, 'the database was listened to');
});
