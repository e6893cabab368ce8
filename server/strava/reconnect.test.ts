import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { hold, type StravaServer, stravaServer } from '../testing/strava.ts';
import { recordedOuting } from '../testing/track-files.ts';
import { DAY, MINUTE } from './clock.ts';
import type { NewActivity } from './simulator/activity.ts';

/** Connecting again, in one way or another, while what an earlier consent allowed is being read. */

const LIMITS = { read: [10_000, 100_000], overall: [10_000, 100_000] } as const;
const LIST = /athlete.activities/;

let server: StravaServer;

before(async () => {
  server = await stravaServer({ app: { capacity: 100, limits: LIMITS } }, { STRAVA_ATHLETE_LIMIT: '100' });
});
after(() => server.close());
beforeEach(() => server.strava.faults.clear());

/** Somebody new at Strava. */
function newcomer(names: Record<string, NewActivity['visibility']>): number {
  const { id } = server.strava.accounts.join({});
  Object.entries(names).forEach(([name, visibility], at) => {
    const raw = recordedOuting({ seed: at, points: 100, startedAt: 1_700_000_000 + at * 86_400 });
    server.strava.addActivity(id, { name, visibility, raw });
  });
  return id;
}

const names = async (cookie: string) =>
  (await server.json<{ activities: { name: string }[] }>(cookie, '/api/activities')).activities
    .map(({ name }) => name)
    .sort();
const account = (stravaId: number) =>
  server.app.db('strava_accounts').where({ strava_athlete_id: stravaId }).first();

/** From now on: whether lists are read again when they are due. */
async function isListed(stravaId: number): Promise<boolean> {
  for (const time of [15 * MINUTE, DAY]) {
    server.strava.clock.advance(time);
    await server.settled();
    const { checked_at, list_page, list_began_at } = await account(stravaId);
    if (checked_at?.getTime() !== server.strava.clock.now() || list_page !== null || list_began_at !== null)
      return false;
  }
  return true;
}

test('who signs in again while a page of their list is read goes on being listed', async () => {
  const athleteId = newcomer({ One: 'everyone', Two: 'everyone' });
  const page = hold(server.strava, LIST);
  await server.connect({ athleteId });
  await page.asked();
  const { cookie } = await server.connect({ athleteId });
  page.letGo();
  await server.settled();
  assert.deepEqual(await names(cookie), ['One', 'Two']);
  assert.ok(await isListed(athleteId));
});

test('who wants private activities no longer has none of the page that is being read', async () => {
  const athleteId = newcomer({ Open: 'everyone', Secret: 'only_me' });
  const page = hold(server.strava, LIST);
  await server.connect({ athleteId, private: true });
  await page.asked();
  const { cookie } = await server.connect({ athleteId, private: false });
  page.letGo();
  await server.settled();
  assert.deepEqual(await names(cookie), ['Open']);
  const { id } = await server.json<{ id: string }>(cookie, '/api/me');
  const removed = await server.app.db('removed_activities').where({ athlete_id: id });
  assert.deepEqual(removed, [], 'not even for a moment');
});

for (const [what, name] of [
  ['a page', LIST],
  ['a recording', /streams/],
] as const) {
  test(`${what} of one account at Strava never comes to another that the owner has connected since`, async () => {
    const [one, another] = [newcomer({ Mine: 'everyone' }), newcomer({ Other: 'everyone' })];
    let { cookie } = await server.signIn();
    const held = hold(server.strava, name);
    ({ cookie } = await server.connect({ cookie, athleteId: one }));
    await held.asked();
    const left = await fetch(`${server.origin}/api/strava`, { method: 'DELETE', headers: { cookie } });
    assert.equal(left.status, 200);
    ({ cookie } = await server.connect({ cookie, athleteId: another }));
    held.letGo();
    await server.settled();
    assert.deepEqual(await names(cookie), ['Other']);
    assert.ok(await isListed(another));
    await fetch(`${server.origin}/api/strava`, { method: 'DELETE', headers: { cookie } });
  });
}

test('a list that was left half read, with no beginning, is begun anew', async () => {
  const athleteId = newcomer({ One: 'everyone' });
  await server.connect({ athleteId });
  await server.settled();
  const mine = server.app.db('strava_accounts').where({ strava_athlete_id: athleteId });
  await mine.update({ list_page: 2, list_began_at: null });
  assert.ok(await isListed(athleteId));
});
