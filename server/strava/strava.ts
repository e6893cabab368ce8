import type { FastifyInstance, FastifyRequest, preHandlerHookHandler } from 'fastify';
import type { Knex } from 'knex';
import { alone } from '../activities/import-lock.ts';
import type { SyncStatus } from '../activities/sync-status.ts';
import type { WriteDeps } from '../activities/write.ts';
import type { Keyring } from '../athletes/keyring.ts';
import { makeAthlete } from '../athletes/newcomer.ts';
import { Accounts, type Tokens } from './accounts.ts';
import { admit } from './admission.ts';
import { Budget } from './budget.ts';
import { StravaClient } from './client.ts';
import type { Clock } from './clock.ts';
import { type Connection, connectionOf } from './connection.ts';
import { keepHint } from './events.ts';
import { revokeTokens } from './grants.ts';
import { disconnect, finishLeaving, isRevoked, type LeaveDeps, leaveAltogether, withdrawn } from './leave.ts';
import { Outage } from './outage.ts';
import { findPictures, type Pictures, pictureRoutes } from './pictures.ts';
import { type PumpDeps, pump, syncNow } from './pump.ts';
import { stravaRoutes } from './routes.ts';
import { signInRoutes } from './sign-in-routes.ts';
import { readSyncStatus } from './status.ts';
import type { StravaApp } from './strava-app.ts';
import { type SubscriptionDeps, subscriptionId, verifyTokenOf } from './subscription.ts';
import {
  changeSubscription,
  type SubscriptionAction,
  type SubscriptionReport,
} from './subscription-command.ts';
import type { SyncDeps } from './sync-deps.ts';
import { accessToken } from './tokens.ts';
import { webhookRoutes } from './webhook-routes.ts';

export interface StravaOptions extends WriteDeps {
  app: StravaApp;
  keyring: Keyring;
  pool: SyncDeps['pool'];
  clock: Clock;
  /** Where browsers reach this server; null: by the name they ask for it. */
  publicUrl: string | null;
  cookieName: string;
  /** The folder where the operator puts Strava's own pictures. */
  pictures: string;
  /** Whether shares may show what the API gave. */
  shareable: boolean;
  /** The local owner's id. */
  owner(): Promise<string>;
  deleteAthlete: LeaveDeps['deleteAthlete'];
  /** Ends whatever opens an athlete's map, but for their sign-in at Strava. */
  endAccess: LeaveDeps['endAccess'];
  signIn(request: FastifyRequest, athleteId: string): Promise<void>;
  requireAthlete: preHandlerHookHandler;
  /** Has `run` called, in this or another process, so many milliseconds from now. */
  enqueue(delay: number): Promise<void>;
  log: { warn(details: object, message: string): void };
}

/** Athletes who may be connected, how many are, what the button looks like, and what becomes of what is read. */
export interface Seats {
  seats: number;
  taken: number;
  pictures: Pictures;
  retentionDays: number | null;
  /** Whether shares may show it. */
  shareable: boolean;
}

/** Everything about Strava, for whoever wires it. */
export interface Strava {
  /** Does all work that is due; false, and queued for later, while another process or call is at it. */
  run(signal: AbortSignal): Promise<boolean>;
  /** There is something new to do. */
  wake(): Promise<void>;
  status(athleteId: string): Promise<SyncStatus | null>;
  /** What there is to know before one connects. */
  seats(): Promise<Seats>;
  /** What a page is told of an athlete's connection. */
  connection(athleteId: string): Promise<Connection | null>;
  /** Deletes an athlete, then withdraws their consent, as far as Strava can be told within some seconds. */
  leaveAltogether(athleteId: string): Promise<void>;
  /** Makes, shows or deletes the subscription by which Strava tells of news. */
  changeSubscription(action: SubscriptionAction): Promise<SubscriptionReport>;
  register(server: FastifyInstance): Promise<void>;
}

/** Milliseconds after which it is looked again whether another process has done what this one was woken for. */
const WHILE_ANOTHER_RUNS = 2000;
/** Milliseconds between two runs, at least. */
const PAUSE = 500;

export function makeStrava(options: StravaOptions): Strava {
  const { app, db, keyring, clock, enqueue, log } = options;
  const { clientId } = app;
  const warn = (message: string, details: Record<string, unknown>) => log.warn(details, message);
  const accounts = new Accounts(db, keyring);
  const budget = new Budget(db, clientId, clock);
  const outage = new Outage(db, clientId, clock);
  const revoke = (tokens: Tokens) => revokeTokens(app, budget, tokens);
  const renewing = {
    db,
    accounts,
    app,
    clock,
    revoke: (tokens: Tokens) => isRevoked({ revoke, log }, tokens),
  };
  const token = (athleteId: string, instead?: string) => accessToken(renewing, athleteId, instead);
  const client = new StravaClient({ apiUrl: app.apiUrl, budget, outage, token, warn });
  const leaving: LeaveDeps = {
    ...options,
    accounts,
    revoke,
    cameByStrava: async (athleteId) => (await options.owner()) !== athleteId,
  };
  const webhook = app.webhookSecret === null || options.publicUrl === null ? null : app.webhookSecret;
  const verifyToken = verifyTokenOf(app.webhookSecret ?? '');
  const pumping: PumpDeps = {
    ...options,
    client,
    clientId,
    budget,
    retentionDays: app.retentionDays,
    isTold: async () => webhook !== null && (await subscriptionId(db, clientId)) !== null,
    withdrawn: (account) => withdrawn(leaving, account),
    changed: (athleteId) => tell(db, athleteId),
  };
  const subscribing: SubscriptionDeps = {
    ...app,
    db,
    budget,
    verifyToken,
    callbackUrl: webhook && `${options.publicUrl}/webhooks/strava/${webhook}`,
  };
  const wake = () => enqueue(0);

  return {
    async run(signal) {
      let due: number | null = null;
      const isMine = await alone(db, 'strava', async () => {
        await finishLeaving(leaving);
        due = await pump(pumping, signal);
      });
      if (!isMine) await enqueue(WHILE_ANOTHER_RUNS);
      else if (due !== null) await enqueue(Math.max(PAUSE, clock.until(due)));
      return isMine;
    },
    wake,
    status: (athleteId) => readSyncStatus({ db, clientId, budget, outage, clock }, athleteId),
    seats: async () => ({
      seats: app.athleteLimit,
      taken: await accounts.count(),
      pictures: await findPictures(options.pictures),
      retentionDays: app.retentionDays,
      shareable: options.shareable,
    }),
    connection: (athleteId) => connectionOf(accounts, app.websiteUrl, athleteId),
    leaveAltogether: (athleteId) => leaveAltogether(leaving, athleteId),
    changeSubscription: (action) => changeSubscription(subscribing, action),
    async register(server) {
      const now = () => clock.now();
      const newcomer = () => makeAthlete(db, keyring);
      await server.register(signInRoutes, {
        ...options,
        wake,
        now,
        wantsPrivate: async ({ stravaAthleteId, tokens }) => {
          const account = await accounts.findByStrava(stravaAthleteId);
          if (!account?.connected || !account.private) return false;
          // tokens of one athlete take each other's place: theirs are these now
          await accounts.replaceTokens(account.athleteId, tokens);
          return true;
        },
        admit: (consent, signedIn) =>
          admit({ ...app, ...options, accounts, revoke, makeAthlete: newcomer, now }, consent, signedIn),
      });
      await server.register(stravaRoutes, {
        ...options,
        async syncNow(athleteId) {
          if (!(await accounts.find(athleteId))?.connected) return false;
          await syncNow(db, athleteId, now());
          await wake();
          return true;
        },
        disconnect: (athleteId) => disconnect(leaving, athleteId),
      });
      await server.register(pictureRoutes, { folder: options.pictures });
      if (webhook === null) return;
      await server.register(webhookRoutes, {
        secret: webhook,
        verifyToken,
        subscription: () => subscriptionId(db, clientId),
        async keep(stravaAthleteId, hint) {
          const account = await accounts.findByStrava(stravaAthleteId);
          if (account?.connected && (await keepHint(db, account.athleteId, hint, now()))) await wake();
        },
      });
    },
  };
}

/** Has every process look at how things stand with an athlete: a notice of the revision there is. */
async function tell(db: Knex, athleteId: string): Promise<void> {
  await db.raw(`select pg_notify('revision', id || ':' || revision) from athletes where id = ?`, [athleteId]);
}
