import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { HttpError } from '../http/errors.ts';
import { isEqualSecret } from '../http/guards.ts';
import type { Hint } from './events.ts';

export interface WebhookRoutesOptions {
  /** In the address: who knows it may tell news. */
  secret: string;
  /** What Strava has to repeat when a subscription is made. */
  verifyToken: string;
  /** The subscription whose news are believed; null: any. */
  subscription(): Promise<string | null>;
  /** Keeps a hint about an athlete, named by their number at Strava, for later; must not wait for Strava. */
  keep(stravaAthleteId: string, hint: Hint): Promise<void>;
}

const BODY_LIMIT = 16 * 1024;

const Word = Type.String({ pattern: '^\\w{0,50}$' });
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Event = Type.Object({
  object_type: Word,
  object_id: Count,
  aspect_type: Word,
  owner_id: Count,
  subscription_id: Count,
  event_time: Count,
  updates: Type.Optional(Type.Unknown()),
});

/**
 * Where Strava tells of news. They are not signed, may come twice, late or never, so one is nothing but a hint to look
 * for oneself; it is kept and answered at once, as Strava waits two seconds.
 */
export const webhookRoutes: FastifyPluginAsyncTypebox<WebhookRoutesOptions> = async (app, options) => {
  const { secret, verifyToken, subscription, keep } = options;
  const params = Type.Object({ secret: Type.String({ maxLength: 200 }) });
  const check = (given: string) => {
    if (!isEqualSecret(given, secret)) throw new HttpError('not_found');
  };

  app.get(
    '/webhooks/strava/:secret',
    {
      schema: {
        hide: true,
        params,
        querystring: Type.Object({
          'hub.mode': Type.Literal('subscribe'),
          'hub.challenge': Type.String({ maxLength: 200 }),
          'hub.verify_token': Type.String({ maxLength: 200 }),
        }),
      },
    },
    async ({ params, query }) => {
      check(params.secret);
      if (!isEqualSecret(query['hub.verify_token'], verifyToken)) throw new HttpError('not_found');
      return { 'hub.challenge': query['hub.challenge'] };
    },
  );

  app.post(
    '/webhooks/strava/:secret',
    { schema: { hide: true, params, body: Event }, bodyLimit: BODY_LIMIT },
    async ({ params, body }) => {
      check(params.secret);
      const expected = await subscription();
      const hint = hintOf(body);
      // answered alike, so that nobody learns from it what is believed
      if (hint && (expected === null || expected === String(body.subscription_id))) {
        await keep(String(body.owner_id), hint);
      }
      return {};
    },
  );
};

/** What to look at; null for news of another kind. */
function hintOf(event: {
  object_type: string;
  object_id: number;
  aspect_type: string;
  event_time: number;
  updates?: unknown;
}): Hint | null {
  const about = { objectId: String(event.object_id), aspect: event.aspect_type, time: event.event_time };
  if (event.object_type === 'activity') return { kind: 'activity', ...about };
  const { authorized } = (event.updates ?? {}) as { authorized?: unknown };
  return event.object_type === 'athlete' && String(authorized) === 'false'
    ? { kind: 'deauthorized', ...about }
    : null;
}
