import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { preHandlerHookHandler } from 'fastify';
import { Type } from 'typebox';
import { MAX_ZOOM } from '../geo/tile.ts';
import { HttpError } from '../http/errors.ts';
import { parseFilter } from '../index/filter.ts';
import { FILTER_QUERY } from '../index/filter-query.ts';
import { type NearDeps, passingBy, trackShape } from './near.ts';

export interface NearRoutesOptions extends NearDeps {
  /** Leaves the athlete's id in `request.athleteId`, or answers 401. */
  requireAthlete: preHandlerHookHandler;
}

const Zoom = Type.Integer({ minimum: 0, maximum: MAX_ZOOM, description: 'of the tiles that are shown' });
const Known = Type.Union([Type.Number(), Type.Null()]);
const Word = Type.Union([Type.String(), Type.Null()]);

const NearQuery = Type.Object({
  // a map that was turned around the world more than once says so
  lng: Type.Number({ minimum: -1800, maximum: 1800 }),
  lat: Type.Number({ minimum: -90, maximum: 90 }),
  zoom: Zoom,
  px: Type.Number({
    minimum: 0,
    maximum: 16,
    default: 0,
    description: 'pixels of a 256-px tile by which a drawn line may miss the place',
  }),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  ...FILTER_QUERY,
});

const Near = Type.Object({
  count: Type.Integer(),
  first: Known,
  last: Known,
  activities: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Word,
      sport: Type.String(),
      startedAt: Known,
      distance: Known,
      link: Word,
    }),
  ),
});

const Track = Type.Object({
  type: Type.Literal('Feature'),
  id: Type.String(),
  properties: Type.Object({}),
  geometry: Type.Object({
    type: Type.Literal('MultiLineString'),
    coordinates: Type.Array(Type.Array(Type.Array(Type.Number()))),
  }),
});

/** Which of my activities pass here, and what one of them looks like. */
export const nearRoutes: FastifyPluginAsyncTypebox<NearRoutesOptions> = async (app, options) => {
  const { requireAthlete, ...deps } = options;
  app.addHook('preHandler', requireAthlete);
  app.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });

  app.get(
    '/api/activities/near',
    { schema: { tags: ['activities'], querystring: NearQuery, response: { 200: Near } } },
    async ({ athleteId, query }) => {
      const { lng, lat, zoom, px, limit } = query;
      return passingBy(deps, athleteId, { place: { lng, lat, zoom, px }, filter: parseFilter(query), limit });
    },
  );

  app.get(
    '/api/activities/:id/track',
    {
      schema: {
        tags: ['activities'],
        params: Type.Object({ id: Type.String({ pattern: '^[1-9][0-9]{0,17}$' }) }),
        querystring: Type.Object({ zoom: Zoom }),
        response: { 200: Track },
      },
    },
    async ({ athleteId, params: { id }, query: { zoom } }) => {
      const shape = await trackShape(deps, athleteId, { id, zoom });
      if (!shape) throw new HttpError('not_found');
      return shape;
    },
  );
};
