import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { preHandlerHookHandler } from 'fastify';
import type { Knex } from 'knex';
import { Type } from 'typebox';
import { calendarOf } from './calendar.ts';

export interface CalendarRoutesOptions {
  db: Knex;
  /** Leaves the athlete's id in `request.athleteId`, or answers 401. */
  requireAthlete: preHandlerHookHandler;
}

const Flag = Type.Union([Type.Literal(0), Type.Literal(1)]);

const Calendar = Type.Object({
  sports: Type.Array(Type.String()),
  entries: Type.Array(
    Type.Tuple([
      Type.Union([Type.Integer({ description: 'UTC days since 1970' }), Type.Null()]),
      Type.Integer({ description: 'which of the sports' }),
      Flag,
      Flag,
      Type.Integer({ description: 'activities' }),
      Type.Number({ description: 'metres' }),
    ]),
    { description: 'day, sport, commute, virtual, activities, metres' },
  ),
});

/** When I was under way, by day and sport. */
export const calendarRoutes: FastifyPluginAsyncTypebox<CalendarRoutesOptions> = async (app, options) => {
  const { db, requireAthlete } = options;
  app.get(
    '/api/activities/calendar',
    { schema: { tags: ['activities'], response: { 200: Calendar } }, preHandler: requireAthlete },
    async ({ athleteId }, reply) => {
      reply.header('cache-control', 'no-store');
      return calendarOf(db, athleteId);
    },
  );
};
