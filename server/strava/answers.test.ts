import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { inspect } from 'node:util';
import { Keyring } from '../athletes/keyring.ts';
import { TEST_MASTER_KEY, type TestDatabase, testAthlete, testDatabase } from '../testing/database.ts';
import { stravaSession } from '../testing/strava-session.ts';
import { recordedOuting } from '../testing/track-files.ts';
import { type Account, Accounts } from './accounts.ts';
import { Budget, NotNow } from './budget.ts';
import { type ClientOptions, StravaClient } from './client.ts';
import { type FaultKind, faultOf, StravaFault } from './faults.ts';
import { refreshTokens } from './grants.ts';
import { Outage } from './outage.ts';
import { ANSWERS, type Answer } from './simulator/answers.ts';
import type { Fault } from './simulator/faults.ts';
import { type Simulator, startSimulator } from './simulator/simulator.ts';
import { accessToken } from './tokens.ts';

/** What the client makes of each answer that Strava was seen to give when it does not do as it is asked. */

const HOUR = 3_600_000;
let database: TestDatabase;
let strava: Simulator;
let client: StravaClient;
/** The same, that does not wait long. */
let impatient: StravaClient;
let account: Account;
let activityId: string;

before(async () => {
  database = await testDatabase();
});

after(() => database?.drop());

beforeEach(() => connect('read,activity:read_all'));

afterEach(() => strava.close());

/** A fresh Strava, and an athlete who is connected to it with those scopes. */
async function connect(scope: string): Promise<void> {
  const { db } = database;
  strava = await startSimulator({ athletes: [{ activities: [{ raw: recordedOuting() }] }] });
  const { clock } = strava;
  const session = await stravaSession(strava, { scope });
  activityId = String(strava.accounts.activitiesOf(session.athleteId)[0].id);
  const { clientId, clientSecret } = strava.app;
  await db('strava_apps').delete();
  await db('strava_accounts').delete();
  const { id: athleteId } = await testAthlete(db);
  const accounts = new Accounts(db, new Keyring(db, TEST_MASTER_KEY));
  const consent = {
    stravaAthleteId: String(session.athleteId),
    clientId,
    name: null,
    scopes: scope.split(','),
    private: false,
    tokens: {
      access: session.accessToken,
      refresh: session.refreshToken,
      expiresAt: clock.now() + 6 * HOUR,
    },
  };
  await accounts.connect(athleteId, consent, clock.now());
  account = (await accounts.find(athleteId))!;
  const app = { clientId, clientSecret, oauthUrl: strava.oauthUrl };
  const options: ClientOptions = {
    apiUrl: strava.apiUrl,
    budget: new Budget(db, clientId, clock),
    outage: new Outage(db, clientId, clock, () => 0.5),
    token: (id, instead) => accessToken({ db, accounts, app, clock, revoke: async () => {} }, id, instead),
    warn: () => {},
  };
  client = new StravaClient(options);
  impatient = new StravaClient({ ...options, patience: 1000 });
}

const streams = () => client.streams(account, activityId, { purpose: 'bulk' });
const list = () => client.list(account, { page: 1, since: null }, { purpose: 'news' });
const meets = (fault: Fault, times?: number) => strava.faults.add(/streams/, fault, times);
const says = (answer: Answer, times?: number) => meets({ kind: 'answer', answer }, times);
const asked = () => strava.calls.count(/streams/);
const isFault = (kind: FaultKind) => (error: unknown) => error instanceof StravaFault && error.kind === kind;
const isNotNow = (why: NotNow['why']) => (error: unknown) => error instanceof NotNow && error.why === why;

test('a recording, when all is well', async () => {
  const { latlng, time, altitude } = await streams();
  assert.deepEqual([latlng?.data.length, time?.data.length, altitude?.data.length], [600, 600, 600]);
});

test('400, wrong client or none: the application is not set up right', async () => {
  const { clientSecret } = strava.app;
  for (const [clientId, secret] of [
    ['1', clientSecret],
    [strava.app.clientId, 'wrong'],
  ]) {
    const app = { clientId, clientSecret: secret, oauthUrl: strava.oauthUrl };
    await assert.rejects(refreshTokens(app, 'x', 0), isFault('wrong_app'));
  }
  const { status, body } = ANSWERS.missingClient;
  assert.equal(faultOf(status, body).kind, 'wrong_app');
});

test('400, wrong code, by either name', () => {
  for (const { status, body } of [ANSWERS.wrongCode, ANSWERS.wrongCodeOfOld]) {
    assert.equal(faultOf(status, body).kind, 'wrong_code');
  }
});

test('400, dead refresh token: the connection is over', async () => {
  strava.deauthorize(Number(account.stravaAthleteId));
  await assert.rejects(streams(), isFault('dead_grant'));
  assert.equal(strava.calls.count(/token/), 2, 'the exchange and one refresh');
});

test('400, milliseconds: our fault, and asking again would not mend it', async () => {
  const inMilliseconds = client.list(account, { page: 1, since: strava.clock.now() }, { purpose: 'news' });
  await assert.rejects(inMilliseconds, isFault('refused'));
  assert.equal(strava.calls.count(/activities/), 1);
});

test('401, token refused: one refresh, one more try', async () => {
  strava.clock.advance(5.95 * HOUR);
  says(ANSWERS.wrongToken, 1);
  assert.ok((await streams()).latlng);
  says(ANSWERS.wrongToken);
  strava.calls.clear();
  await assert.rejects(streams(), isFault('unauthorized'));
  assert.equal(asked(), 2);
});

test("401, another app's or revoked: no more than the athlete is concerned", async () => {
  says(ANSWERS.wrongApp);
  await assert.rejects(streams(), isFault('unauthorized'));
  assert.ok((await list()).length > 0, 'others are read');
});

test('401, not allowed: the athlete has to connect again', async () => {
  await strava.close();
  await connect('read');
  await assert.rejects(list(), isFault('scope'));
  assert.equal(strava.calls.count(/token/), 1, 'another token would be no better');
});

test('403, switched off: nothing is asked for anybody, but for a look now and then', async () => {
  strava.app.status = 'inactive';
  await assert.rejects(streams(), isNotNow('inactive'));
  await assert.rejects(list(), isNotNow('inactive'));
  assert.equal(strava.calls.count(/activities/), 1);
  strava.app.status = 'active';
  await assert.rejects(streams(), isNotNow('inactive'));
  strava.clock.advance(HOUR);
  assert.ok((await streams()).latlng);
});

test('404, in all its words and without any: there is no such thing, and that is no outage', async () => {
  for (const answer of [ANSWERS.noRecord, ANSWERS.noResource, ANSWERS.nothing]) {
    says(answer, 1);
    await assert.rejects(streams(), isFault('gone'));
  }
  strava.removeActivity(Number(activityId));
  await assert.rejects(streams(), isFault('gone'));
  assert.equal(asked(), 4);
});

test('429, whatever we counted: nothing more in this quarter of an hour', async () => {
  const QUARTER = 15 * 60_000;
  strava.limits.spend(200);
  await assert.rejects(streams(), isNotNow('limit'));
  await assert.rejects(streams(), isNotNow('limit'));
  await assert.rejects(list(), isNotNow('limit'));
  assert.equal(asked(), 1);
  strava.clock.advance(QUARTER - (strava.clock.now() % QUARTER) + 10_000);
  assert.ok((await streams()).latlng);
});

test('limits are read off the answers, and others who call with the same application are seen', async () => {
  strava.app.limits = { overall: [20, 2000], read: [10, 1000] };
  await streams();
  strava.limits.spend(6);
  await streams();
  // eight of ten are used, and bulk leaves one of them to news
  await streams();
  await assert.rejects(streams(), isNotNow('limit'));
  assert.ok(await list());
  await assert.rejects(list(), isNotNow('limit'));
  assert.equal(strava.limits.used.read[0], 10);
  assert.equal(strava.calls.answered(429), 0);
});

const BROKEN: [string, Fault][] = [
  ['500', { kind: 'answer', answer: ANSWERS.broken }],
  ['502, HTML of a proxy', { kind: 'answer', answer: ANSWERS.badGateway }],
  ['an empty body', { kind: 'answer', answer: ANSWERS.emptyBody }],
  ['half a body', { kind: 'truncated' }],
  ['a connection that ends in the middle', { kind: 'broken_off' }],
  ['a connection that ends at once', { kind: 'reset' }],
  ['JSON of another shape', { kind: 'changed', change: () => ({ latlng: 'none' }) }],
];

for (const [name, fault] of BROKEN) {
  test(`${name}: Strava is in trouble, and later it may be another`, async () => {
    meets(fault, 1);
    await assert.rejects(streams(), isFault('unavailable'));
    assert.ok((await streams()).latlng);
  });
}

test('of an answer that cannot be read, nothing is told on', async () => {
  const body = '[Heimlich]';
  says({ status: 200, body }, 1);
  const error: unknown = await streams().catch((fault) => fault);
  assert.ok(isFault('unavailable')(error));
  assert.throws(() => JSON.parse(body), /Heimlich/, 'as its words would');
  assert.doesNotMatch(inspect(error, { depth: 5 }), /Heimlich/);
});

test('an answer that does not come: Strava is in trouble, and later it may come', async () => {
  meets({ kind: 'slow', ms: HOUR }, 1);
  await assert.rejects(impatient.streams(account, activityId, { purpose: 'bulk' }), isFault('unavailable'));
  assert.ok((await streams()).latlng);
});

test('trouble three times in a row is an outage: all wait, and the first good answer ends it', async () => {
  says(ANSWERS.broken);
  await assert.rejects(streams(), isFault('unavailable'));
  await assert.rejects(streams(), isFault('unavailable'));
  await assert.rejects(streams(), isNotNow('unavailable'));
  await assert.rejects(list(), isNotNow('unavailable'));
  strava.faults.clear();
  strava.clock.advance(HOUR);
  assert.ok(await list());
  assert.ok((await streams()).latlng);
});
