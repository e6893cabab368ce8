/** All that reading from Strava needs, over a test's database and a simulated Strava. */
import type { Knex } from 'knex';
import { type ImportPool, makeImportPool } from '../activities/import-pool.ts';
import { Keyring } from '../athletes/keyring.ts';
import { footprintsOf } from '../database/footprint.ts';
import { Accounts, type Tokens } from '../strava/accounts.ts';
import { Budget } from '../strava/budget.ts';
import { StravaClient } from '../strava/client.ts';
import { HOUR } from '../strava/clock.ts';
import { revokeTokens } from '../strava/grants.ts';
import { Outage } from '../strava/outage.ts';
import type { PumpDeps } from '../strava/pump.ts';
import type { Clock } from '../strava/simulator/clock.ts';
import type { Simulator } from '../strava/simulator/simulator.ts';
import { accessToken } from '../strava/tokens.ts';
import { TEST_MASTER_KEY, testAthlete } from './database.ts';
import { type SignInOptions, stravaSession } from './strava-session.ts';

/** What is asked of the simulated Strava: also when it runs in another process. */
export type StravaAddress = Pick<Simulator<Clock>, 'apiUrl' | 'oauthUrl' | 'app'>;

export interface SyncOptions {
  clock: Clock;
  /** Whether Strava tells of news by itself. */
  told?: boolean;
  /** Called when how things stand changed. */
  changed?: PumpDeps['changed'];
  retentionDays?: number | null;
}

export interface TestSync extends PumpDeps {
  accounts: Accounts;
  keyring: Keyring;
  pool: ImportPool;
  /** What was logged. */
  warnings: string[];
  /** Those who withdrew their consent. */
  gone: string[];
  close(): Promise<void>;
}

export async function testSync(db: Knex, strava: StravaAddress, options: SyncOptions): Promise<TestSync> {
  const { clock, told = true, changed = async () => {}, retentionDays = null } = options;
  const { clientId, clientSecret } = strava.app;
  const keyring = new Keyring(db, TEST_MASTER_KEY);
  const accounts = new Accounts(db, keyring);
  const app = { clientId, clientSecret, oauthUrl: strava.oauthUrl };
  const budget = new Budget(db, clientId, clock);
  const revoke = (tokens: Tokens) => revokeTokens(app, budget, tokens);
  const warnings: string[] = [];
  const gone: string[] = [];
  const client = new StravaClient({
    apiUrl: strava.apiUrl,
    budget,
    outage: new Outage(db, clientId, clock, () => 0.5),
    token: (athleteId, instead) => accessToken({ db, accounts, app, clock, revoke }, athleteId, instead),
    warn: (message, details) => warnings.push(`${message} ${JSON.stringify(details)}`),
  });
  const pool = makeImportPool(2);
  return {
    db,
    keyring,
    footprints: await footprintsOf(db),
    client,
    clock,
    pool,
    retentionDays,
    clientId,
    budget,
    accounts,
    warnings,
    gone,
    isTold: async () => told,
    withdrawn: async ({ athleteId }) => {
      gone.push(athleteId);
      await db('strava_accounts').where({ athlete_id: athleteId }).update({ connected: false });
    },
    changed,
    log: { warn: (details, message) => warnings.push(`${message} ${JSON.stringify(details)}`) },
    close: () => pool.close(),
  };
}

/** Connects somebody who consents at the simulated Strava, as a new athlete here; answers the athlete's id. */
export async function connectAthlete(
  { db, accounts, clock }: Pick<TestSync, 'db' | 'accounts' | 'clock'>,
  strava: Simulator<Clock>,
  { scope = 'read,activity:read', ...consent }: SignInOptions = {},
): Promise<string> {
  const session = await stravaSession(strava, { scope, ...consent });
  const { id } = await testAthlete(db);
  const given = {
    stravaAthleteId: String(session.athleteId),
    clientId: strava.app.clientId,
    name: null,
    scopes: scope.split(','),
    private: scope.includes('activity:read_all'),
    tokens: {
      access: session.accessToken,
      refresh: session.refreshToken,
      expiresAt: clock.now() + 6 * HOUR,
    },
  };
  await accounts.connect(id, given, clock.now());
  return id;
}

/** Whether every connected athlete's list and recordings are read. */
export async function isAllRead(db: Knex): Promise<boolean> {
  const { rows } = await db.raw<{ rows: { all: boolean }[] }>(
    `select not exists (select from strava_accounts where connected and checked_at is null)
       and not exists (select from strava_activities where state = 'pending') as all`,
  );
  return rows[0].all;
}
