import rateLimit from '@fastify/rate-limit';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { preHandlerHookHandler } from 'fastify';
import type { Knex } from 'knex';
import { type Static, Type } from 'typebox';
import { HttpError } from '../http/errors.ts';
import { baseUrl } from '../http/guards.ts';
import { parseFilter } from '../index/filter.ts';
import { PUBLIC_FILTER_QUERY } from '../index/filter-query.ts';
import { ownMap } from '../tiles/map.ts';
import type { Look } from '../tiles/palettes.ts';
import { askedPalette } from '../tiles/query.ts';
import { countShared } from './facts.ts';
import { SHARE_LOOK } from './look.ts';
import { type FilterWords, MOST_SHARES, type Shares, TooManyShares } from './shares.ts';

export interface ShareRoutesOptions {
  db: Knex;
  shares: Shares;
  /** Whether others may see what came from Strava's API. */
  shareStravaApi: boolean;
  /** Sees to it that there is something for others to see. */
  publish(athleteId: string): Promise<void>;
  /** Leaves the athlete's id in `request.athleteId`, or answers 401. */
  requireAthlete: preHandlerHookHandler;
  /** Where this server is reached, without a slash at the end. */
  publicUrl: string | null;
}

const Known = Type.Union([Type.Number(), Type.Null()]);
const WORDS = {
  name: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' }),
  filter: Type.Object(PUBLIC_FILTER_QUERY, {
    additionalProperties: false,
    description: 'what it shows at the most',
  }),
  palette: SHARE_LOOK,
  viewerFilters: Type.Boolean({ description: 'whether visitors may filter further' }),
  embed: Type.Boolean({ description: 'whether other sites may show it in a frame' }),
};
// one type for both: where a number may become null in order to fit, 0 would mean never
const ExpiresIn = Type.Unsafe<number | null>({
  type: ['integer', 'null'],
  minimum: 60,
  maximum: 10 * 366 * 86_400,
  description: 'seconds from now; null: never',
});
const SHARE = {
  id: Type.String(),
  ...WORDS,
  createdAt: Type.Number({ description: 'Unix seconds' }),
  expiresAt: Known,
  lastUsedAt: Known,
  views: Type.Integer(),
};
const { name, ...FURTHER } = WORDS;
const Created = Type.Object(
  { name, expiresIn: Type.Optional(ExpiresIn), ...Type.Partial(Type.Object(FURTHER)).properties },
  { additionalProperties: false },
);
const Changed = Type.Partial(Type.Object({ ...WORDS, expiresIn: ExpiresIn }), {
  additionalProperties: false,
  minProperties: 1,
});
const Params = Type.Object({ id: Type.String({ pattern: '^[1-9][0-9]{0,17}$' }) });

/** Shares: made, listed, changed, revoked, by their owner alone. */
export const shareRoutes: FastifyPluginAsyncTypebox<ShareRoutesOptions> = async (app, options) => {
  const { db, shares, shareStravaApi, publish, requireAthlete, publicUrl } = options;
  app.addHook('preHandler', requireAthlete);
  app.addHook('preValidation', async ({ body }) => {
    const { expiresIn = null } = (body ?? {}) as { expiresIn?: unknown };
    // what is no number is not made one, nor null: that would be for ever
    if (expiresIn !== null && typeof expiresIn !== 'number') {
      throw new HttpError('bad_request', { parameter: 'expiresIn', message: 'a number of seconds, or null' });
    }
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });

  app.get(
    '/api/sharing',
    {
      schema: {
        tags: ['shares'],
        description:
          'How many of my activities others see, and why not the others. Asked for, the map for others is made.',
        response: {
          200: Type.Object({
            shown: Type.Integer(),
            withinHidden: Type.Integer({ description: 'nothing is left outside zones and hidden ends' }),
            pending: Type.Integer({ description: 'still being made ready' }),
            hidden: Type.Integer(),
            notPublic: Type.Integer({ description: 'not for everyone at Strava' }),
            fromStravaApi: Type.Integer({ description: "from Strava's API, which others may not see here" }),
          }),
        },
      },
    },
    async ({ athleteId }) => {
      await publish(athleteId);
      return countShared(db, athleteId, shareStravaApi);
    },
  );

  app.get(
    '/api/shares',
    {
      schema: {
        tags: ['shares'],
        response: { 200: Type.Object({ shares: Type.Array(Type.Object(SHARE)), most: Type.Integer() }) },
      },
    },
    async ({ athleteId }) => ({ shares: await shares.list(athleteId), most: MOST_SHARES }),
  );

  await app.register(async (limited) => {
    await limited.register(rateLimit, { max: 60, timeWindow: '1 minute' });
    limited.post(
      '/api/shares',
      {
        schema: {
          tags: ['shares'],
          body: Created,
          response: {
            201: Type.Object({
              ...SHARE,
              key: Type.String({ description: 'told this once' }),
              url: Type.String({ description: 'the link to give away: told this once' }),
            }),
          },
        },
      },
      async (request, reply) => {
        const body = request.body as Static<typeof Created>;
        checkWords(body);
        const { expiresIn = null, filter = {}, palette = {}, viewerFilters = false, embed = false } = body;
        const words = { name: body.name.trim(), filter, palette, viewerFilters, embed };
        try {
          const share = await shares.create(request.athleteId, words, expiresIn);
          const url = `${baseUrl(request, publicUrl)}/s/${share.key}`;
          return reply.code(201).send({ ...share, url });
        } catch (error) {
          if (!(error instanceof TooManyShares)) throw error;
          throw new HttpError('too_many', { most: MOST_SHARES });
        }
      },
    );
  });

  app.patch(
    '/api/shares/:id',
    {
      schema: { tags: ['shares'], params: Params, body: Changed, response: { 200: Type.Object(SHARE) } },
    },
    async ({ athleteId, params: { id }, body }) => {
      checkWords(body);
      const changes = { ...body, ...(body.name !== undefined && { name: body.name.trim() }) };
      const share = await shares.change(athleteId, id, changes);
      if (!share) throw new HttpError('not_found');
      return share;
    },
  );

  app.delete(
    '/api/shares/:id',
    { schema: { tags: ['shares'], params: Params, response: { 204: Type.Null() } } },
    async ({ athleteId, params: { id } }, reply) => {
      if (!(await shares.revoke(athleteId, id))) throw new HttpError('not_found');
      return reply.code(204).send(null);
    },
  );
};

/** Throws InvalidFilter and HttpError: a share that could not be opened is better not made. */
function checkWords({ filter, palette }: { filter?: FilterWords; palette?: Look }): void {
  if (filter) parseFilter(filter);
  if (palette) askedPalette(ownMap(''), palette, 2);
}
