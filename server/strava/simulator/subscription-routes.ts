/** Push subscriptions: for the app itself, by its id and secret. */
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { isoTime } from '../../demo/iso-time.ts';
import { ANSWERS, Refused } from './answers.ts';
import { admit, checkClient } from './api-auth.ts';
import { parametersOf } from './server.ts';
import type { Subscription } from './webhooks.ts';
import type { World } from './world.ts';

export const subscriptionRoutes: FastifyPluginAsync<{ world: World }> = async (api, { world }) => {
  const { webhooks, app } = world;

  const enter = (request: FastifyRequest) => {
    const given = parametersOf(request);
    checkClient(world, given);
    admit(world, request, 'read');
    return given;
  };

  api.post('/push_subscriptions', async (request, reply) => {
    const { callback_url = '', verify_token = '' } = enter(request);
    const subscription = await webhooks.create(callback_url, verify_token);
    return reply.code(201).send(json(subscription));
  });

  api.get('/push_subscriptions', async (request) => {
    enter(request);
    return webhooks.subscription ? [json(webhooks.subscription)] : [];
  });

  api.delete<{ Params: { id: string } }>('/push_subscriptions/:id', async (request, reply) => {
    enter(request);
    if (!webhooks.remove(Number(request.params.id))) throw new Refused(ANSWERS.noRecord);
    return reply.code(204).send();
  });

  function json({ id, callbackUrl, createdAt }: Subscription): Record<string, unknown> {
    const created = isoTime(Math.floor(createdAt / 1000));
    return {
      id,
      resource_state: 2,
      application_id: Number(app.clientId),
      callback_url: callbackUrl,
      created_at: created,
      updated_at: created,
    };
  }
};
