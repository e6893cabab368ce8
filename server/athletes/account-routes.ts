import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { preHandlerHookHandler } from 'fastify';
import type { Knex } from 'knex';
import { Type } from 'typebox';
import { HttpError } from '../http/errors.ts';
import { hashOf } from './owner.ts';
import { endAllSessions, endSession, listSessions } from './session-list.ts';

export interface AccountRoutesOptions {
  db: Knex;
  /** Leaves the athlete's id in `request.athleteId`, or answers 401. */
  requireAthlete: preHandlerHookHandler;
  /** Deletes an athlete; resolves once nothing of theirs is answered any more. */
  remove(athleteId: string): Promise<void>;
}

const Sessions = Type.Object({
  sessions: Type.Array(
    Type.Object({
      id: Type.String(),
      browser: Type.Union([Type.String(), Type.Null()], { description: 'which, roughly: Firefox on Linux' }),
      createdAt: Type.Number({ description: 'Unix seconds' }),
      usedAt: Type.Number({ description: 'Unix seconds, some minutes coarse' }),
      expiresAt: Type.Number({ description: 'Unix seconds' }),
      current: Type.Boolean({ description: 'the one that asks' }),
    }),
    { description: 'the current one first, then by their last use' },
  ),
});

/** What somebody may do with their account: see and end sessions, and leave. */
export const accountRoutes: FastifyPluginAsyncTypebox<AccountRoutesOptions> = async (app, options) => {
  const { db, requireAthlete, remove } = options;

  app.get(
    '/api/sessions',
    { schema: { tags: ['account'], response: { 200: Sessions } }, preHandler: requireAthlete },
    async ({ athleteId, session }, reply) => {
      reply.header('cache-control', 'no-store');
      return { sessions: await listSessions(db, athleteId, hashOf(session.sessionId)) };
    },
  );

  app.delete(
    '/api/sessions/:id',
    {
      schema: {
        tags: ['account'],
        description: 'Ends a session. It is answered when no process takes it any more.',
        params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
        response: { 204: Type.Null() },
      },
      preHandler: requireAthlete,
    },
    async ({ athleteId, params: { id } }, reply) => {
      if (!(await endSession(db, athleteId, id))) throw new HttpError('not_found');
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/api/sessions',
    {
      schema: {
        tags: ['account'],
        description:
          'Signs me out everywhere, here too. It is answered when no process takes any session of mine.',
        response: { 204: Type.Null() },
      },
      preHandler: requireAthlete,
    },
    async ({ athleteId, session }, reply) => {
      await endAllSessions(db, athleteId);
      await session.destroy();
      return reply.code(204).header('clear-site-data', '"cache"').send(null);
    },
  );

  app.delete(
    '/api/me',
    {
      schema: {
        tags: ['account'],
        description:
          'Deletes everything of mine, here and now. It is answered when nothing of it can be had.',
        response: { 200: Type.Object({ deleted: Type.Boolean() }) },
      },
      preHandler: requireAthlete,
    },
    async ({ athleteId, session }, reply) => {
      await remove(athleteId);
      await session.destroy();
      reply.header('clear-site-data', '"cache"');
      return { deleted: true };
    },
  );
};
