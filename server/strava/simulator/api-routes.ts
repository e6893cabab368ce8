/** The API: athlete, activities, streams. */
import { createHash } from 'node:crypto';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { isVisible } from './accounts.ts';
import type { SimulatedActivity } from './activity.ts';
import { ANSWERS, Refused } from './answers.ts';
import { admit, grantOf } from './api-auth.ts';
import { athleteJson } from './athlete.ts';
import type { Grant } from './grants.ts';
import { pageOf } from './list.ts';
import { callOf } from './server.ts';
import { detail, streams, summaryRow } from './shapes.ts';
import { subscriptionRoutes } from './subscription-routes.ts';
import type { World } from './world.ts';

export interface ApiOptions {
  world: World;
  /** Whether a token may come as a parameter. */
  tokenParameters: () => boolean;
}

type Query = Record<string, string | undefined>;

export const apiRoutes: FastifyPluginAsync<ApiOptions> = async (api, { world, tokenParameters }) => {
  const { accounts, limits, choices, clock } = world;

  api.addHook('onSend', async (request, reply, payload) => {
    // whose app it is was not found out, or the answer is not Strava's own but a proxy's
    if (callOf(request).cost === 'none' || reply.statusCode >= 502) return payload;
    for (const [name, value] of Object.entries(limits.headers())) reply.raw.setHeader(name, value);
    if (reply.statusCode === 200 && typeof payload === 'string') {
      reply.header('etag', `W/"${createHash('md5').update(payload).digest('hex')}"`);
      reply.header('cache-control', 'max-age=0, private, must-revalidate');
    }
    return payload;
  });

  await api.register(subscriptionRoutes, { world });

  await api.register(async (own) => {
    own.decorateRequest('stravaGrant', null);
    own.addHook('onRequest', async (request) => {
      request.setDecorator('stravaGrant', grantOf(world, request, tokenParameters()));
      admit(world, request, 'read');
    });
    const grantFor = (request: FastifyRequest) => request.getDecorator<Grant>('stravaGrant');
    const seen = (activity: SimulatedActivity, { scopes }: Grant) => accounts.seen(activity, scopes);

    own.get('/athlete', async (request) =>
      athleteJson(accounts.athlete(grantFor(request).athleteId)!, { website: world.websiteUrl() }),
    );

    own.get<{ Querystring: Query }>('/athlete/activities', async (request) => {
      const grant = grantFor(request);
      requireScope(grant);
      const page = pageOf(accounts, grant, request.query, {
        now: clock.now(),
        afterOrder: choices.afterOrder,
      });
      return page.map((activity) => summaryRow(activity, seen(activity, grant)));
    });

    /** Throws Refused where there is none, or none that the asker may know of. */
    const find = (request: FastifyRequest): SimulatedActivity => {
      const grant = grantFor(request);
      requireScope(grant);
      const activity = accounts.activity(Number((request.params as { id: string }).id));
      const isOwn = activity?.athleteId === grant.athleteId;
      if (!activity || !isOwn || !isVisible(activity, grant.scopes)) throw new Refused(ANSWERS.noRecord);
      return activity;
    };

    own.get('/activities/:id', async (request) => {
      const activity = find(request);
      return detail(activity, seen(activity, grantFor(request)));
    });

    own.get<{ Querystring: Query }>('/activities/:id/streams', async (request) => {
      const left = seen(find(request), grantFor(request));
      if (!left) throw new Refused(ANSWERS.noResource);
      const { keys = '', key_by_type: byType } = request.query;
      return streams(left, keys.split(','), byType === 'true');
    });
  });
};

function requireScope({ scopes }: Grant): void {
  if (!scopes.some((scope) => scope === 'activity:read' || scope === 'activity:read_all')) {
    throw new Refused(ANSWERS.missingScope);
  }
}
