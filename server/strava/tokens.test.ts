import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { Keyring } from '../athletes/keyring.ts';
import { restoreFrom } from '../commands/backup.ts';
import { readConfig } from '../config.ts';
import { backUp } from '../database/backup.ts';
import { TEST_MASTER_KEY, testAthlete, testDatabase } from '../testing/database.ts';
import { until } from '../testing/until.ts';
import { Accounts, type Tokens } from './accounts.ts';
import { Budget } from './budget.ts';
import { HOUR, MINUTE } from './clock.ts';
import { StravaFault } from './faults.ts';
import { revokeTokens } from './grants.ts';
import { type Simulator, startSimulator } from './simulator/simulator.ts';
import { accessToken, LostGrant, type TokenDeps } from './tokens.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let strava: Simulator;
let deps: TokenDeps;
let athleteId: string;
let stravaId: number;
let connect: (tokens: Tokens) => Promise<void>;

before(async () => {
  database = await testDatabase();
});
after(() => database.drop());

beforeEach(async () => {
  const { db } = database;
  strava = await startSimulator();
  const { clock, app, oauthUrl } = strava;
  stravaId = strava.athletes[0].id;
  ({ id: athleteId } = await testAthlete(db));
  await db('strava_accounts').delete();
  const accounts = new Accounts(db, new Keyring(db, TEST_MASTER_KEY));
  const grant = strava.grants.exchange(strava.grants.approve(stravaId, ['activity:read'], null), undefined);
  const tokens = { access: grant.accessToken, refresh: grant.refreshToken, expiresAt: grant.expiresAt };
  const consent = { stravaAthleteId: String(stravaId), clientId: app.clientId, name: null, scopes: [] };
  connect = (given) =>
    accounts.connect(athleteId, { ...consent, private: false, tokens: given }, clock.now());
  await connect(tokens);
  const world = { now: () => clock.now(), until: () => 0 };
  const credentials = { ...app, oauthUrl };
  const budget = new Budget(db, app.clientId, world);
  const revoke = (known: Tokens) => revokeTokens(credentials, budget, known);
  deps = { db, accounts, app: credentials, clock: world, revoke };
});
afterEach(() => strava.close());

const refreshes = () => strava.calls.count(/oauth.token/);
const isKind = (kind: string) => (error: unknown) => error instanceof StravaFault && error.kind === kind;

test('a token is used until shortly before its end, then renewed once, however many ask in however many processes', async () => {
  const first = await accessToken(deps, athleteId);
  strava.clock.advance(5 * HOUR);
  assert.equal(await accessToken(deps, athleteId), first);
  assert.equal(refreshes(), 0);
  strava.clock.advance(51 * MINUTE);
  const another = { ...deps, accounts: new Accounts(database.db, new Keyring(database.db, TEST_MASTER_KEY)) };
  const asked = Array.from({ length: 6 }, (_, at) => accessToken(at % 2 ? deps : another, athleteId));
  const tokens = new Set(await Promise.all(asked));
  assert.equal(tokens.size, 1);
  assert.ok(!tokens.has(first));
  assert.equal(refreshes(), 1);
  // the refresh token rotated, and the new one is what is kept
  const stored = await deps.accounts.tokens(athleteId);
  assert.equal(stored?.refresh, strava.grants.of(stravaId)?.refreshToken);
  strava.clock.advance(6 * HOUR);
  await accessToken(deps, athleteId);
  assert.equal(refreshes(), 2);
});

test('a refused token is renewed for whoever saw it refused first, and given to the others', async () => {
  const refused = await accessToken(deps, athleteId);
  strava.clock.advance(5.5 * HOUR);
  const asked = [1, 2, 3].map(() => accessToken(deps, athleteId, refused));
  assert.equal(new Set(await Promise.all(asked)).size, 1);
  assert.equal(refreshes(), 1);
});

test('a withdrawn consent is told from a refresh that was cut off', async () => {
  strava.clock.advance(6 * HOUR);
  strava.faults.add(/oauth.token/, { kind: 'broken_off' }, 1);
  await assert.rejects(accessToken(deps, athleteId), isKind('unavailable'));
  // Strava rotated, and nobody heard of it
  await assert.rejects(accessToken(deps, athleteId), LostGrant);
});

test('a withdrawn consent, after Strava was only busy, is a withdrawn consent', async () => {
  strava.clock.advance(6 * HOUR);
  strava.faults.add(/oauth.token/, { kind: 'answer', answer: { status: 503, body: '' } }, 1);
  await assert.rejects(accessToken(deps, athleteId), isKind('unavailable'));
  strava.deauthorize(stravaId);
  await assert.rejects(accessToken(deps, athleteId), isKind('dead_grant'));
});

test('a token that was renewed since a backup is no withdrawn consent where that is restored', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'pathglow-tokens-'));
  const fresh = await testDatabase();
  t.after(async () => {
    await fresh.drop();
    await rm(folder, { recursive: true });
  });
  const { db } = database;
  await backUp(db, { folder: join(folder, 'backup'), version: 'test' });
  strava.clock.advance(6 * HOUR);
  await accessToken(deps, athleteId);
  const config = readConfig({
    DATA_DIR: folder,
    DATABASE_URL: fresh.url,
    PATHGLOW_MASTER_KEY: TEST_MASTER_KEY.toString('hex'),
  });
  await restoreFrom(config, join(folder, 'backup'));
  const accounts = new Accounts(fresh.db, new Keyring(fresh.db, TEST_MASTER_KEY));
  const restored = { ...deps, db: fresh.db, accounts };
  await assert.rejects(accessToken(restored, athleteId), LostGrant);
});

test('an application that Strava does not know is no athlete’s fault', async () => {
  strava.clock.advance(6 * HOUR);
  const wrong = { ...deps, app: { ...deps.app, clientSecret: 'wrong' } };
  await assert.rejects(accessToken(wrong, athleteId), isKind('wrong_app'));
  assert.ok(await accessToken(deps, athleteId));
});

for (const [how, meanwhile, kept] of [
  ['connects again', () => connect({ access: 'later', refresh: 'latest', expiresAt: 0 }), 'latest'],
  ['leaves', () => deps.accounts.leave(athleteId), undefined],
] as const) {
  test(`what a refresh brings when its athlete ${how} meanwhile is kept by nobody`, async () => {
    strava.clock.advance(6 * HOUR);
    const { promise, resolve: letGo } = Promise.withResolvers<void>();
    strava.faults.add(/oauth.token/, { kind: 'held', until: promise });
    const refreshing = accessToken(deps, athleteId);
    await until(() => refreshes() === 1);
    await meanwhile();
    letGo();
    await refreshing;
    assert.equal((await deps.accounts.tokens(athleteId))?.refresh, kept);
    const { access_token } = await database.db('strava_accounts').where({ athlete_id: athleteId }).first();
    assert.equal(access_token === null, kept === undefined);
    assert.equal(strava.grants.of(stravaId) === undefined, kept === undefined, 'no consent is left standing');
  });
}
