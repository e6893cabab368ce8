/** The routes of a whole server, from Fastify's own table. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { FastifyInstance, RouteOptions } from 'fastify';

/** What Fastify makes by itself of other routes, or that only answers what no route takes. */
const ITS_OWN = new Set(['HEAD', 'OPTIONS']);

/** Runs `start`, which makes servers, and answers with what it answers the routes they have: `GET /api/me` and so on. */
export async function routesOf<Server>(
  start: () => Promise<Server>,
): Promise<{ server: Server; routes: string[] }> {
  const routes = new Set<string>();
  const made = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance };
    fastify.addHook('onRoute', ({ method, url }: RouteOptions) => {
      for (const one of [method].flat()) if (!ITS_OWN.has(one)) routes.add(`${one} ${url}`);
    });
  };
  subscribe('fastify.initialization', made);
  try {
    return { server: await start(), routes: [...routes] };
  } finally {
    unsubscribe('fastify.initialization', made);
  }
}
