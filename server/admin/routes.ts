import rateLimit from '@fastify/rate-limit';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { BOX_WORDS, boxOf, type LngLatBox } from '../geo/box.ts';
import { MAX_ZOOM } from '../geo/tile.ts';
import { requireToken } from '../http/bearer.ts';
import { HttpError } from '../http/errors.ts';
import type { Warmup } from '../warmup/warmup.ts';

export interface AdminRoutesOptions {
  /** null: there are no admin routes. */
  token: string | null;
  warmup: Pick<Warmup, 'start' | 'warmups'>;
  /** Whose activities may have been in a box. */
  athletesIn(box: LngLatBox): Promise<{ athleteId: string; activities: number }[]>;
  /** Figures of this process, and of the queue that all share. */
  stats(): Promise<object>;
}

/** Requests a minute from one address: enough for a progress bar, too few to try tokens. */
const MOST_REQUESTS = 300;
const MOST_TILES = 5_000_000;
const USUAL_LIMIT = 100_000;

const AthleteId = Type.String({ pattern: '^[1-9][0-9]{0,17}$' });
const Box = Type.Array(Type.Number(), {
  minItems: 4,
  maxItems: 4,
  description: BOX_WORDS,
});
const Id = Type.Object({ id: Type.String({ format: 'uuid' }) });
const tags = ['operation'];

const NewWarmup = Type.Object(
  {
    athlete: Type.Optional(Type.Union([Type.Literal('all'), AthleteId])),
    zooms: Type.Optional(
      Type.Union([
        Type.Literal('popular'),
        Type.Array(Type.Integer({ minimum: 0, maximum: MAX_ZOOM }), { minItems: 1, maxItems: MAX_ZOOM + 1 }),
      ]),
    ),
    sizes: Type.Optional(
      Type.Array(Type.Union([Type.Literal(256), Type.Literal(512)]), { minItems: 1, maxItems: 2 }),
    ),
    box: Type.Optional(Box),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_TILES })),
  },
  { additionalProperties: false },
);

/** For the operator: drawing tiles ahead, how that goes on, and figures. */
export const adminRoutes: FastifyPluginAsyncTypebox<AdminRoutesOptions> = async (app, options) => {
  const { token, warmup, athletesIn, stats } = options;
  const { warmups } = warmup;
  if (token !== null) await app.register(rateLimit, { max: MOST_REQUESTS, timeWindow: '1 minute' });
  app.addHook('preParsing', requireToken(token));

  app.post('/admin/warmup', { schema: { tags, body: NewWarmup } }, async (request, reply) => {
    const { athlete = 'all', zooms = 'popular', sizes, box, limit = USUAL_LIMIT } = request.body;
    const asked = { athlete, zooms, sizes: sizes ?? null, box: box ? readBox(box) : null, limit };
    const id = await warmup.start(asked);
    if (id === null) throw new HttpError('not_found');
    return reply.code(202).send({ id });
  });

  app.get('/admin/jobs', { schema: { tags } }, async () => ({ jobs: await warmups.list() }));

  app.get('/admin/jobs/:id', { schema: { tags, params: Id } }, async (request) => {
    const found = await warmups.find(request.params.id);
    if (found === null) throw new HttpError('not_found');
    return found;
  });

  app.delete('/admin/jobs/:id', { schema: { tags, params: Id } }, async (request, reply) => {
    if (!(await warmups.cancel(request.params.id))) throw new HttpError('not_found');
    return reply.code(204).send();
  });

  app.get(
    '/admin/athletes',
    { schema: { tags, querystring: Type.Object({ box: Type.String({ maxLength: 200 }) }) } },
    async (request) => ({ athletes: await athletesIn(readBox(request.query.box)) }),
  );

  app.get('/admin/stats', { schema: { tags } }, () => stats());
};

/** Throws bad_request for what is no box on Earth. */
function readBox(given: string | readonly number[]): LngLatBox {
  const box = boxOf(given);
  if (!box) throw new HttpError('bad_request', { parameter: 'box', message: BOX_WORDS });
  return box;
}
