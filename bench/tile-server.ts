/** The tile routes over a service, on a port, for one athlete who is signed in. */
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Tile, TileSize } from '../server/geo/tile.ts';
import { tileRoutes } from '../server/tiles/routes.ts';
import type { TileService } from '../server/tiles/service.ts';

export interface TileServer {
  app: FastifyInstance;
  /** Listens; answers the origin, without a slash at the end. */
  listen(): Promise<string>;
}

export async function tileServer(tiles: TileService, athleteId: string): Promise<TileServer> {
  const app = Fastify();
  app.decorateRequest('athleteId', '');
  await app.register(tileRoutes, {
    tiles,
    publicUrl: null,
    openKey: async () => null,
    fromStrava: async () => false,
    requireAthlete: async (request) => {
      request.athleteId = athleteId;
    },
  });
  return {
    app,
    async listen() {
      await app.listen({ port: 0, host: '127.0.0.1' });
      return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    },
  };
}

/** Where a tile is, with a pinned exposure, as the viewer asks for it. */
export function pathOf({ z, x, y }: Tile, size: TileSize): string {
  return `/tiles/me/${z}/${x}/${y}${size === 512 ? '@2x' : ''}.png?hot=32`;
}
