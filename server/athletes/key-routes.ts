import rateLimit from '@fastify/rate-limit';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { preHandlerHookHandler } from 'fastify';
import { Type } from 'typebox';
import { HttpError } from '../http/errors.ts';
import { MOST_KEYS, type OwnerKeys, TooManyKeys } from './owner-keys.ts';

export interface KeyRoutesOptions {
  keys: OwnerKeys;
  /** Leaves the athlete's id in `request.athleteId`, or answers 401. */
  requireAthlete: preHandlerHookHandler;
}

const KEY = {
  id: Type.String(),
  name: Type.String(),
  createdAt: Type.Number({ description: 'Unix seconds' }),
  lastUsedAt: Type.Union([Type.Number(), Type.Null()], { description: 'Unix seconds; null: never' }),
};

const Named = Type.Object({ name: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' }) });
const Params = Type.Object({ id: Type.String({ pattern: '^[1-9][0-9]{0,17}$' }) });

/** Owner keys: made, listed, renamed, revoked, by their owner alone. */
export const keyRoutes: FastifyPluginAsyncTypebox<KeyRoutesOptions> = async (app, options) => {
  const { keys, requireAthlete } = options;
  app.addHook('preHandler', requireAthlete);
  app.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });

  app.get(
    '/api/keys',
    { schema: { tags: ['keys'], response: { 200: Type.Object({ keys: Type.Array(Type.Object(KEY)) }) } } },
    async ({ athleteId }) => ({ keys: await keys.list(athleteId) }),
  );

  await app.register(async (limited) => {
    await limited.register(rateLimit, { max: 20, timeWindow: '1 minute' });
    limited.post(
      '/api/keys',
      {
        schema: {
          tags: ['keys'],
          body: Named,
          response: {
            201: Type.Object({ ...KEY, key: Type.String({ description: 'told this once' }) }),
          },
        },
      },
      async (request, reply) => {
        const { name } = request.body as { name: string };
        try {
          return reply.code(201).send(await keys.create(request.athleteId, name.trim()));
        } catch (error) {
          if (!(error instanceof TooManyKeys)) throw error;
          throw new HttpError('too_many', { most: MOST_KEYS });
        }
      },
    );
  });

  app.patch(
    '/api/keys/:id',
    { schema: { tags: ['keys'], params: Params, body: Named, response: { 204: Type.Null() } } },
    async ({ athleteId, params: { id }, body: { name } }, reply) => {
      if (!(await keys.rename(athleteId, id, name.trim()))) throw new HttpError('not_found');
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/api/keys/:id',
    { schema: { tags: ['keys'], params: Params, response: { 204: Type.Null() } } },
    async ({ athleteId, params: { id } }, reply) => {
      if (!(await keys.revoke(athleteId, id))) throw new HttpError('not_found');
      return reply.code(204).send(null);
    },
  );
};
