import rateLimit from '@fastify/rate-limit';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import type { Knex } from 'knex';
import { type Static, Type } from 'typebox';
import { HttpError } from '../http/errors.ts';
import { isEqualSecret } from '../http/guards.ts';
import { browserName } from './browser-name.ts';
import { takeLinkKey } from './owner.ts';

const Picture = Type.Union([Type.String(), Type.Null()]);

const StravaSeats = Type.Object({
  seats: Type.Integer({ description: 'athletes who may be connected; whoever is next is turned away' }),
  taken: Type.Integer(),
  pictures: Type.Object(
    { connect: Picture, powered: Picture },
    { description: "where Strava's own pictures are; null: the operator has put none" },
  ),
  retentionDays: Type.Union([Type.Integer(), Type.Null()], {
    description: "days after which what Strava's API gave is read again or removed; null: it is kept",
  }),
  shareable: Type.Boolean({ description: "whether shares may show what Strava's API gave" }),
});

export interface AthleteRoutesOptions {
  /** The local owner's id. */
  owner(): Promise<string>;
  /** null: there is no password; links alone sign in. */
  ownerPassword: string | null;
  /** What is said of signing in with Strava; null where nobody does. */
  strava(): Promise<Static<typeof StravaSeats> | null>;
}

/** Lets only requests of somebody signed in through, and says whose they are. */
export const requireAthlete: preHandlerAsyncHookHandler = async (request) => {
  const { athleteId } = request.session;
  if (!athleteId) throw new HttpError('signed_out');
  request.athleteId = athleteId;
};

/** Signing in, by link or password, and out. */
export const athleteRoutes: FastifyPluginAsyncTypebox<AthleteRoutesOptions> = async (app, options) => {
  const { owner, ownerPassword, strava } = options;

  app.get(
    '/auth/state',
    {
      schema: {
        tags: ['sign-in'],
        response: {
          200: Type.Object({
            signedIn: Type.Boolean(),
            password: Type.Boolean(),
            strava: Type.Union([StravaSeats, Type.Null()]),
          }),
        },
      },
    },
    async (request, reply) => {
      // it tells of who asks
      reply.header('cache-control', 'no-store');
      return {
        signedIn: Boolean(request.session.athleteId),
        password: ownerPassword !== null,
        strava: await strava(),
      };
    },
  );

  await app.register(async (limited) => {
    await limited.register(rateLimit, { max: 10, timeWindow: '1 minute' });
    limited.post(
      '/auth/owner',
      { schema: { tags: ['sign-in'], body: Type.Object({ password: Type.String({ maxLength: 1000 }) }) } },
      async (request, reply) => {
        const { password } = request.body as { password: string };
        if (ownerPassword === null || !isEqualSecret(password, ownerPassword)) {
          throw new HttpError('wrong_password');
        }
        await signIn(request, await owner());
        return reply.code(204).send();
      },
    );
  });

  app.post('/auth/logout', { schema: { tags: ['sign-in'] } }, async (request, reply) => {
    await request.session.destroy();
    // the browser's copies of this athlete's tiles are not the next one's to see
    return reply.code(204).header('clear-site-data', '"cache"').send();
  });
};

/** Signs in whom a link's key names; false when it names nobody (any more). */
export async function signInByLink(db: Knex, request: FastifyRequest, key: string): Promise<boolean> {
  const athleteId = await takeLinkKey(db, key);
  if (athleteId === null) return false;
  await signIn(request, athleteId);
  return true;
}

/**
 * A new session each time, so that no id known before signing in is worth anything after it. It is saved when the
 * answer is sent.
 */
export async function signIn(request: FastifyRequest, athleteId: string): Promise<void> {
  await request.session.regenerate();
  request.session.athleteId = athleteId;
  request.session.browser = browserName(request.headers['user-agent']);
}
