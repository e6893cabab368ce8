import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { preHandlerHookHandler } from 'fastify';
import { Type } from 'typebox';
import type { WriteDeps } from '../activities/write.ts';
import { HttpError } from '../http/errors.ts';
import { changeHiddenEnds, readHiddenEnds } from './hiding.ts';
import { suggestZones } from './suggestions.ts';
import { changeZone, createZone, deleteZone, listZones, MOST_ZONES, TooManyZones } from './zones.ts';

export interface PrivacyRoutesOptions extends WriteDeps {
  /** Leaves the athlete's id in `request.athleteId`, or answers 401. */
  requireAthlete: preHandlerHookHandler;
}

const PLACE = {
  lng: Type.Number({ minimum: -180, maximum: 180 }),
  lat: Type.Number({ minimum: -90, maximum: 90 }),
  radius: Type.Number({ minimum: 100, maximum: 5000, description: 'metres' }),
};
const WORDS = { name: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' }), ...PLACE };
const Zone = Type.Object({ id: Type.String(), ...WORDS });
const Metres = Type.Integer({
  minimum: 0,
  maximum: 5000,
  description: 'metres that others do not see of each activity, at least',
});
const ENDS = { hideFirst: Metres, hideLast: Metres };
const Params = Type.Object({ id: Type.String({ pattern: '^[1-9][0-9]{0,17}$' }) });

/** What an athlete hides from others. What changes it is answered when it is in force everywhere. */
export const privacyRoutes: FastifyPluginAsyncTypebox<PrivacyRoutesOptions> = async (app, options) => {
  const { requireAthlete, ...deps } = options;
  const { db, keyring } = deps;
  app.addHook('preHandler', requireAthlete);
  app.addHook('preValidation', async ({ body }) => requireNumbers(body));
  app.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });

  app.get(
    '/api/zones',
    {
      schema: {
        tags: ['privacy'],
        response: { 200: Type.Object({ zones: Type.Array(Zone), most: Type.Integer() }) },
      },
    },
    async ({ athleteId }) => ({
      zones: await listZones(db, athleteId, await keyring.dataKey(athleteId)),
      most: MOST_ZONES,
    }),
  );

  app.get(
    '/api/zones/suggestions',
    {
      schema: {
        tags: ['privacy'],
        description: 'Where many activities begin or end and no zone is yet, the busiest place first.',
        response: {
          200: Type.Object({
            suggestions: Type.Array(Type.Object({ ...PLACE, activities: Type.Integer() })),
          }),
        },
      },
    },
    async ({ athleteId }) => {
      const key = await keyring.dataKey(athleteId);
      const store = { db, athleteId, geometry: 'own', shareStravaApi: false } as const;
      return { suggestions: await suggestZones(store, key, await listZones(db, athleteId, key)) };
    },
  );

  app.post(
    '/api/zones',
    {
      schema: {
        tags: ['privacy'],
        body: Type.Object(WORDS, { additionalProperties: false }),
        response: { 201: Zone },
      },
    },
    async ({ athleteId, body }, reply) => {
      try {
        return await reply.code(201).send(await createZone(deps, athleteId, body));
      } catch (error) {
        if (!(error instanceof TooManyZones)) throw error;
        throw new HttpError('too_many', { most: MOST_ZONES });
      }
    },
  );

  app.patch(
    '/api/zones/:id',
    {
      schema: {
        tags: ['privacy'],
        params: Params,
        body: Type.Partial(Type.Object(WORDS), { additionalProperties: false, minProperties: 1 }),
        response: { 200: Zone },
      },
    },
    async ({ athleteId, params: { id }, body }) => {
      const zone = await changeZone(deps, athleteId, id, body);
      if (!zone) throw new HttpError('not_found');
      return zone;
    },
  );

  app.delete(
    '/api/zones/:id',
    { schema: { tags: ['privacy'], params: Params, response: { 204: Type.Null() } } },
    async ({ athleteId, params: { id } }, reply) => {
      if (!(await deleteZone(deps, athleteId, id))) throw new HttpError('not_found');
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/api/me/privacy',
    { schema: { tags: ['privacy'], response: { 200: Type.Object(ENDS) } } },
    async ({ athleteId }) => told(await readHiddenEnds(db, athleteId)),
  );

  app.patch(
    '/api/me/privacy',
    {
      schema: {
        tags: ['privacy'],
        body: Type.Partial(Type.Object(ENDS), { additionalProperties: false, minProperties: 1 }),
        response: { 200: Type.Object(ENDS) },
      },
    },
    async ({ athleteId, body: { hideFirst, hideLast } }) => {
      const ends = {
        ...(hideFirst !== undefined && { first: hideFirst }),
        ...(hideLast !== undefined && { last: hideLast }),
      };
      return told(await changeHiddenEnds(deps, athleteId, ends));
    },
  );
};

/** What is no number is refused before it is made one: null would be 0, which is a place on the equator. */
function requireNumbers(body: unknown): void {
  for (const [parameter, value] of Object.entries(body ?? {})) {
    if ((parameter in PLACE || parameter in ENDS) && typeof value !== 'number') {
      throw new HttpError('bad_request', { parameter, message: `${parameter} is a number` });
    }
  }
}

function told({ first, last }: { first: number; last: number }) {
  return { hideFirst: first, hideLast: last };
}
