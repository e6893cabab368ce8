import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { preHandlerHookHandler } from 'fastify';
import { type Static, Type } from 'typebox';
import { BOX_WORDS, boxOf, type LngLatBox } from '../geo/box.ts';
import { HttpError } from '../http/errors.ts';
import { type Filter, type FilterQuery, parseFilter } from '../index/filter.ts';
import { FILTER_QUERY } from '../index/filter-query.ts';
import { hideActivities } from './hide.ts';
import { InvalidCursor, listActivities, PAGE, summarise } from './queries.ts';
import { deleteActivities, type WriteDeps } from './write.ts';

export interface ActivityRoutesOptions extends WriteDeps {
  /** Leaves the athlete's id in `request.athleteId`, or answers 401. */
  requireAthlete: preHandlerHookHandler;
  /** Which of the athlete's activities run through a box. */
  idsWithin(athleteId: string, box: LngLatBox): Promise<string[]>;
  /** Where most of the athlete's activities are. */
  home(athleteId: string): Promise<{ lng: number; lat: number; zoom: number } | null>;
  /** Whether others may see what came from Strava's API. */
  shareStravaApi: boolean;
  /** Where activities are shown at Strava. */
  stravaWebsite: string;
  /** The athlete's connection with Strava. */
  connection(athleteId: string): Promise<Static<typeof Connection> | null>;
}

/** Activities hidden or deleted by one request. */
const MOST_SELECTED = 1000;
const Connection = Type.Object({
  name: Type.Union([Type.String(), Type.Null()]),
  private: Type.Boolean({ description: 'whether what is not public there is on the map too' }),
  connectedAt: Type.Number({ description: 'Unix seconds' }),
  url: Type.String(),
  activityUrl: Type.String({
    description: "what an activity's `stravaId` is put behind, to view it on Strava",
  }),
});

const Count = Type.Integer({ minimum: 0 });
const Day = Type.Union([Type.String(), Type.Null()], { description: 'a UTC day, such as 2024-01-31' });
const Known = Type.Union([Type.Number(), Type.Null()]);

const Me = Type.Object({
  id: Type.String(),
  activities: Count,
  tracks: Count,
  points: Type.Number(),
  distance: Type.Number({ description: 'metres' }),
  sports: Type.Array(Type.Object({ sport: Type.String(), count: Count }), { description: 'most first' }),
  years: Type.Array(Type.Object({ year: Type.Integer(), count: Count }), { description: 'latest first' }),
  firstDay: Day,
  lastDay: Day,
  home: Type.Union([
    Type.Object({ lng: Type.Number(), lat: Type.Number(), zoom: Type.Number() }),
    Type.Null(),
  ]),
  strava: Type.Union([Connection, Type.Null()], { description: 'null: not connected' }),
  revision: Type.String(),
});

// virtual outings are listed always
const { virtual: _, ...LISTED_QUERY } = FILTER_QUERY;

const ActivityQuery = Type.Object({
  ...LISTED_QUERY,
  bbox: Type.Optional(
    Type.String({ maxLength: 200, description: `only what runs through it: ${BOX_WORDS}` }),
  ),
  cursor: Type.Optional(Type.String({ maxLength: 100, description: '`next` of the page before' })),
  limit: Type.Integer({ minimum: 1, maximum: MOST_SELECTED, default: PAGE, description: 'of a page' }),
});

const ActivityList = Type.Object({
  activities: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.Union([Type.String(), Type.Null()]),
      sport: Type.String(),
      startedAt: Known,
      distance: Known,
      elapsed: Known,
      hidden: Type.Boolean({ description: 'nobody else sees it' }),
      stravaId: Type.Union([Type.String(), Type.Null()]),
      link: Type.Union([Type.String(), Type.Null()], { description: 'where it is shown elsewhere' }),
    }),
  ),
  next: Type.Union([Type.String(), Type.Null()]),
});

const Id = Type.String({ pattern: '^[1-9][0-9]{0,17}$' });
const Ids = Type.Array(Id, { minItems: 1, maxItems: MOST_SELECTED });
const Found = Type.Object({ found: Type.Integer({ description: 'how many of them are mine' }) });
const Hidden = Type.Boolean({ description: 'whether nobody else sees it; to oneself it always shows' });

/** Who I am here and what I have; the list of my activities, and what others see of it. */
export const activityRoutes: FastifyPluginAsyncTypebox<ActivityRoutesOptions> = async (app, options) => {
  const { requireAthlete, idsWithin, home, connection, shareStravaApi, stravaWebsite, ...deps } = options;
  const { db, keyring } = deps;

  app.get(
    '/api/me',
    { schema: { tags: ['activities'], response: { 200: Me } }, preHandler: requireAthlete },
    async ({ athleteId }, reply) => {
      const [summary, place, strava] = await Promise.all([
        summarise(db, athleteId),
        home(athleteId),
        connection(athleteId),
      ]);
      if (!summary) throw new HttpError('not_found');
      reply.header('cache-control', 'no-store');
      return { id: athleteId, ...summary, home: place, strava };
    },
  );

  app.get(
    '/api/activities',
    {
      schema: { tags: ['activities'], querystring: ActivityQuery, response: { 200: ActivityList } },
      preHandler: requireAthlete,
    },
    async ({ athleteId, query }, reply) => {
      const key = await keyring.dataKey(athleteId);
      reply.header('cache-control', 'no-store');
      const box = query.bbox === undefined ? null : boxOf(query.bbox);
      if (!box && query.bbox !== undefined) {
        throw new HttpError('bad_request', { parameter: 'bbox', message: BOX_WORDS });
      }
      try {
        const { activities, next } = await listActivities(
          { db, shareStravaApi },
          {
            athleteId,
            key,
            filter: filterOf(query),
            within: box && (await idsWithin(athleteId, box)),
            cursor: query.cursor,
            limit: query.limit,
          },
        );
        const linkOf = (stravaId: string | null) =>
          stravaId && `${stravaWebsite}/activities/${encodeURIComponent(stravaId)}`;
        return { activities: activities.map((one) => ({ ...one, link: linkOf(one.stravaId) })), next };
      } catch (error) {
        if (!(error instanceof InvalidCursor)) throw error;
        throw new HttpError('bad_request', { parameter: 'cursor', message: error.message });
      }
    },
  );

  app.patch(
    '/api/activities/:id',
    {
      schema: {
        tags: ['activities'],
        params: Type.Object({ id: Id }),
        body: Type.Object({ hidden: Hidden }, { additionalProperties: false }),
        response: { 204: Type.Null() },
      },
      preHandler: requireAthlete,
    },
    async ({ athleteId, params: { id }, body: { hidden } }, reply) => {
      if ((await hideActivities(deps, athleteId, { ids: [id], hidden })) === 0)
        throw new HttpError('not_found');
      return reply.code(204).send(null);
    },
  );

  app.patch(
    '/api/activities',
    {
      schema: {
        tags: ['activities'],
        body: Type.Object({ ids: Ids, hidden: Hidden }, { additionalProperties: false }),
        response: { 200: Found },
      },
      preHandler: requireAthlete,
    },
    async ({ athleteId, body }) => ({ found: await hideActivities(deps, athleteId, body) }),
  );

  app.delete(
    '/api/activities',
    {
      schema: {
        tags: ['activities'],
        body: Type.Object({ ids: Ids }, { additionalProperties: false }),
        response: { 200: Found },
      },
      preHandler: requireAthlete,
    },
    async ({ athleteId, body: { ids } }) => ({ found: await deleteActivities(deps, athleteId, ids) }),
  );

  app.delete(
    '/api/activities/:id',
    {
      schema: {
        tags: ['activities'],
        params: Type.Object({ id: Id }),
        response: { 204: Type.Null() },
      },
      preHandler: requireAthlete,
    },
    async ({ athleteId, params: { id } }, reply) => {
      if ((await deleteActivities(deps, athleteId, [id])) === 0) throw new HttpError('not_found');
      return reply.code(204).send(null);
    },
  );
};

/** What is listed is what is drawn, and virtual outings beside it. */
function filterOf(query: FilterQuery): Filter {
  return { ...parseFilter(query), virtual: true };
}
