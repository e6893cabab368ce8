import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { preHandlerHookHandler } from 'fastify';
import type { Knex } from 'knex';
import { Type } from 'typebox';
import { calendarOf } from './calendar.ts';

export interface CalendarRoutesOptions {
  db: Knex;
  /** Whether others may see what came from Strava's API. */
  shareStravaApi: boolean;
  /** Leaves the athlete's id in `request.athleteId`, or answers 401. */
  requireAthlete: preHandlerHookHandler;
}

const Calendar = Type.Object({
  sports: Type.Array(Type.String()),
  // not tuples: the serialiser knows no tuple with a member that may be null
  entries: Type.Array(Type.Array(Type.Union([Type.Number(), Type.Null()])), {
    description:
      'day (UTC days since 1970, or null), which of the sports, commute, virtual, private (each 0 or 1), activities, metres, tracks',
  }),
});

/** When I was under way, by day and sport. */
export const calendarRoutes: FastifyPluginAsyncTypebox<CalendarRoutesOptions> = async (app, options) => {
  const { requireAthlete, ...deps } = options;
  app.get(
    '/api/activities/calendar',
    { schema: { tags: ['activities'], response: { 200: Calendar } }, preHandler: requireAthlete },
    async ({ athleteId }, reply) => {
      reply.header('cache-control', 'no-store');
      return calendarOf(deps, athleteId);
    },
  );
};
