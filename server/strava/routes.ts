import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { preHandlerHookHandler } from 'fastify';
import { Type } from 'typebox';
import { HttpError } from '../http/errors.ts';
import type { Left } from './leave.ts';

export interface StravaRoutesOptions {
  /** Leaves the athlete's id in `request.athleteId`, or answers 401. */
  requireAthlete: preHandlerHookHandler;
  /** Has everything looked at anew; false for who is not connected. */
  syncNow(athleteId: string): Promise<boolean>;
  /** Null for who is not connected. */
  disconnect(athleteId: string): Promise<Left | null>;
}

/** What somebody may do with their connection to Strava. */
export const stravaRoutes: FastifyPluginAsyncTypebox<StravaRoutesOptions> = async (app, options) => {
  const { requireAthlete, syncNow, disconnect } = options;

  app.post(
    '/api/sync',
    {
      schema: {
        tags: ['strava'],
        description: 'Looks for new and changed activities now, and tries again what was given up.',
        response: { 202: Type.Object({}) },
      },
      preHandler: requireAthlete,
    },
    async ({ athleteId }, reply) => {
      if (!(await syncNow(athleteId))) throw new HttpError('not_connected');
      return reply.code(202).send({});
    },
  );

  app.delete(
    '/api/strava',
    {
      schema: {
        tags: ['strava'],
        description: "Disconnects: removes all that Strava's API gave, and withdraws the consent there.",
        response: {
          200: Type.Object({
            revoked: Type.Boolean({
              description: 'false: Strava could not be told; it can be at its settings',
            }),
          }),
        },
      },
      preHandler: requireAthlete,
    },
    async ({ athleteId }) => {
      const left = await disconnect(athleteId);
      if (!left) throw new HttpError('not_connected');
      return left;
    },
  );
};
