import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Knex } from 'knex';
import { HttpError } from './errors.ts';

/** Milliseconds for the database's answer, and for this process to come to it where it does much at once. */
const PATIENCE = 5000;

/** Whether the process lives, and whether it can do its work. */
export const healthRoutes: FastifyPluginAsyncTypebox<{ db: Knex }> = async (app, { db }) => {
  app.get('/healthz', { schema: { tags: ['operation'] } }, async () => ({ status: 'ok' }));

  app.get('/readyz', { schema: { tags: ['operation'] } }, async (request) => {
    try {
      await db.raw('select 1').timeout(PATIENCE);
    } catch (error) {
      request.log.warn({ err: error }, 'the database does not answer');
      throw new HttpError('busy');
    }
    return { status: 'ok' };
  });
};
