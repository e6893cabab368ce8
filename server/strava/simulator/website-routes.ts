/** The website, as far as the product links to it. */
import type { FastifyPluginAsync } from 'fastify';
import { escaped, page } from './page.ts';
import type { World } from './world.ts';

export const websiteRoutes: FastifyPluginAsync<{ world: World }> = async (www, { world }) => {
  const { accounts } = world;

  www.get<{ Params: { id: string } }>('/activities/:id', async (request, reply) => {
    const activity = accounts.activity(Number(request.params.id));
    reply.type('text/html; charset=utf-8');
    if (!activity) return reply.code(404).send(page('Not found', '<p>There is no such activity.</p>'));
    return page(activity.name, `<p>${escaped(activity.sport)}, activity ${activity.id}.</p>`);
  });
};
