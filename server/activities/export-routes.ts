import rateLimit from '@fastify/rate-limit';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest, preHandlerHookHandler } from 'fastify';
import { type ExportDeps, exportActivities } from './export.ts';

export interface ExportRoutesOptions extends ExportDeps {
  /** Leaves the athlete's id in `request.athleteId`, or answers 401. */
  requireAthlete: preHandlerHookHandler;
}

/** Exports that one athlete may begin: each reads everything there is of them. */
const EXPORTS = {
  max: 6,
  timeWindow: '10 minutes',
  keyGenerator: ({ session, ip }: FastifyRequest) => session?.athleteId ?? ip,
};

/** Taking everything along. */
export const exportRoutes: FastifyPluginAsyncTypebox<ExportRoutesOptions> = async (app, options) => {
  const { requireAthlete, ...deps } = options;
  await app.register(rateLimit, { global: false });

  app.get(
    '/api/me/export',
    {
      config: { rateLimit: EXPORTS },
      schema: {
        tags: ['account'],
        description:
          'Everything of mine as a zip file: a GPX file for each activity, `activities.json`, and `settings.json` with zones, hidden ends and shares, without their keys. Importing it gives the same map; settings are not taken back.',
      },
      preHandler: requireAthlete,
    },
    async ({ athleteId }, reply) => {
      const day = new Date().toISOString().slice(0, 10);
      reply.headers({
        'content-type': 'application/zip',
        'content-disposition': `attachment; filename="pathglow-${day}.zip"`,
        'cache-control': 'no-store',
      });
      return reply.send(await exportActivities(deps, athleteId));
    },
  );
};
