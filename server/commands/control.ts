import type { Readable } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Failure } from '../activities/import-outcomes.ts';
import type { Import } from '../activities/imports.ts';
import { HttpError } from '../http/errors.ts';
import { isEqualSecret } from '../http/guards.ts';
import {
  SUBSCRIPTION_ACTIONS,
  type SubscriptionAction,
  type SubscriptionReport,
} from '../strava/subscription-command.ts';
import type { Warmup } from '../warmup/figures.ts';
import type { WarmupRequest } from '../warmup/warmup.ts';

/** An import as the command line shows it. */
export type ImportReport = Import & { failures: Failure[] };

/** A warm-up as the command line shows it. */
export type WarmupReport = Warmup;

export interface ControlOptions {
  /** In the data folder's control.json: who can read that may hand us files. */
  secret: string;
  signInLink(): Promise<string>;
  importPaths(paths: readonly string[]): Promise<string>;
  reportOf(importId: string): Promise<ImportReport | null>;
  enqueueRebuild(): Promise<void>;
  /** Everything the owner has, as a zip file. */
  exportOwner(): Promise<Readable>;
  /** Answers the warm-up's id; null when there is no such athlete. */
  startWarmup(request: WarmupRequest): Promise<string | null>;
  warmupOf(id: string): Promise<WarmupReport | null>;
  /** What is to be done with the subscription by which Strava tells of news. */
  stravaWebhook(action: SubscriptionAction): Promise<SubscriptionReport>;
  /** Who can read the control file can read the database's password beside it as well. */
  databaseUrl: string;
  /** Changes the master key in the data folder; false where it is not the only server's. */
  rotateMasterKey(): Promise<boolean>;
}

const Id = Type.Object({ id: Type.String({ format: 'uuid' }) });

/** What the command line asks of a running server. */
export const controlRoutes: FastifyPluginAsyncTypebox<ControlOptions> = async (app, options) => {
  app.addHook('onRequest', async (request) => {
    const [scheme, secret = ''] = (request.headers.authorization ?? '').split(' ');
    if (scheme !== 'Bearer' || !isEqualSecret(secret, options.secret)) throw new HttpError('not_found');
  });

  app.post('/control/links', { schema: { hide: true } }, async () => ({ link: await options.signInLink() }));

  app.post(
    '/control/imports',
    { schema: { hide: true, body: Type.Object({ paths: Type.Array(Type.String(), { minItems: 1 }) }) } },
    async (request, reply) => {
      reply.code(202);
      return { id: await options.importPaths(request.body.paths) };
    },
  );

  app.post('/control/rebuild', { schema: { hide: true } }, async (_request, reply) => {
    await options.enqueueRebuild();
    reply.code(202);
    return {};
  });

  app.post(
    '/control/strava-webhook',
    { schema: { hide: true, body: Type.Object({ action: Type.Enum(SUBSCRIPTION_ACTIONS) }) } },
    async ({ body }) => options.stravaWebhook(body.action),
  );
  app.post('/control/master-key', { schema: { hide: true } }, async () => ({
    rotated: await options.rotateMasterKey(),
  }));

  app.get('/control/database', { schema: { hide: true } }, async () => ({ url: options.databaseUrl }));

  app.get('/control/export', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/zip').send(await options.exportOwner()),
  );

  app.post('/control/warmups', { schema: { hide: true, body: Type.Object({}) } }, async (request, reply) => {
    // from our own command line, which has checked it
    const id = await options.startWarmup(request.body as WarmupRequest);
    if (id === null) throw new HttpError('not_found');
    reply.code(202);
    return { id };
  });

  app.get('/control/warmups/:id', { schema: { hide: true, params: Id } }, async (request) => {
    const report = await options.warmupOf(request.params.id);
    if (report === null) throw new HttpError('not_found');
    return report;
  });

  app.get('/control/imports/:id', { schema: { hide: true, params: Id } }, async (request) => {
    const report = await options.reportOf(request.params.id);
    if (report === null) throw new HttpError('not_found');
    return report;
  });
};
