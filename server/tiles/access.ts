import type { FastifyRequest, preHandlerHookHandler } from 'fastify';
import type { TSchema } from 'typebox';
import { Type } from 'typebox';
import { HttpError } from '../http/errors.ts';
import type { OpenKey, TileMap } from './map.ts';
import { ownMap, publicMap } from './map.ts';

/** A way to a map: by what its URLs begin with, who is let in, and what the answers say to browsers. */
export interface Access {
  /** As the router reads it. */
  route: string;
  /** The route's own parameters. */
  params: Record<string, TSchema>;
  /** Runs before every request of the route. */
  preHandler?: preHandlerHookHandler;
  /** Of every answer, errors included. */
  headers: Record<string, string>;
  /** The map that is asked for. Throws HttpError. */
  open(request: FastifyRequest): Promise<TileMap>;
  /** What this map's URLs begin with. */
  pathOf(request: FastifyRequest): string;
}

/**
 * For whoever is signed in, and no other site: `/tiles/me`, all that is theirs, and `/tiles/public`, what others may see
 * of it.
 */
export function bySession(requireAthlete: preHandlerHookHandler): Access[] {
  return [
    { route: '/tiles/me', mapOf: ownMap },
    { route: '/tiles/public', mapOf: publicMap },
  ].map(({ route, mapOf }) => ({
    route,
    params: {},
    preHandler: requireAthlete,
    headers: { vary: 'Cookie', 'cross-origin-resource-policy': 'same-origin' },
    open: async ({ athleteId }) => mapOf(athleteId),
    pathOf: () => route,
  }));
}

/** `/tiles/token/{key}`, for whoever knows the key, from any site: the session counts for nothing here. */
export function byKey(openKey: OpenKey): Access {
  const keyOf = (request: FastifyRequest) => (request.params as { key: string }).key;
  return {
    route: '/tiles/token/:key',
    params: { key: Type.String({ description: 'an owner key, or the key of a share' }) },
    headers: {
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'ETag, Retry-After',
      'cross-origin-resource-policy': 'cross-origin',
    },
    async open(request) {
      const map = await openKey(keyOf(request));
      // unknown, revoked and expired are all alike
      if (!map) throw new HttpError('not_found');
      return map;
    },
    pathOf: (request) => `/tiles/token/${keyOf(request)}`,
  };
}
