import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { preHandlerHookHandler } from 'fastify';
import { Type } from 'typebox';

export interface AccountRoutesOptions {
  /** Leaves the athlete's id in `request.athleteId`, or answers 401. */
  requireAthlete: preHandlerHookHandler;
  /** Deletes an athlete; resolves once nothing of theirs is answered any more. */
  remove(athleteId: string): Promise<void>;
}

/** What somebody may do with their account. */
export const accountRoutes: FastifyPluginAsyncTypebox<AccountRoutesOptions> = async (app, options) => {
  const { requireAthlete, remove } = options;

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
