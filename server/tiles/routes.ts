import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, preHandlerHookHandler } from 'fastify';
import { Type } from 'typebox';
import { UnknownAthlete } from '../athletes/keyring.ts';
import { isValid } from '../geo/tile.ts';
import { colour, EMPTY_TILE } from '../heat/png.ts';
import { HttpError } from '../http/errors.ts';
import { baseUrl } from '../http/guards.ts';
import type { Access } from './access.ts';
import { byKey, bySession } from './access.ts';
import { EMPTY } from './address.ts';
import { etagOf, isNotModified } from './etag.ts';
import type { OpenKey } from './map.ts';
import { askedFilter, askedPalette, MapQuery, queryOf, TILE_PARAMS, tileOf } from './query.ts';
import { Busy } from './render-queue.ts';
import type { TileService } from './service.ts';
import { tileJson } from './tilejson.ts';

export interface TileRoutesOptions {
  tiles: TileService;
  /** Leaves the athlete's id in `request.athleteId`, or answers 401. */
  requireAthlete: preHandlerHookHandler;
  openKey: OpenKey;
  /** Where this server is reached, without a slash at the end. */
  publicUrl: string | null;
}

interface MapRoutesOptions {
  access: Access;
  tiles: TileService;
  publicUrl: string | null;
}

/** Every map, by whichever way one comes to it. */
export const tileRoutes: FastifyPluginAsyncTypebox<TileRoutesOptions> = async (app, options) => {
  const { tiles, requireAthlete, openKey, publicUrl } = options;
  for (const access of [bySession(requireAthlete), byKey(openKey)]) {
    await app.register(mapRoutes, { access, tiles, publicUrl });
  }
};

/** A map's tiles, and the TileJSON that describes them. */
const mapRoutes: FastifyPluginAsyncTypebox<MapRoutesOptions> = async (app, { access, tiles, publicUrl }) => {
  const { route, params, preHandler } = access;
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({ ...access.headers, 'cache-control': 'private, no-cache' });
  });
  if (preHandler) app.addHook('preHandler', preHandler);

  app.get(
    `${route}/:z/:x/:y`,
    {
      schema: {
        params: Type.Object({ ...params, ...TILE_PARAMS }),
        querystring: MapQuery,
        tags: ['tiles'],
      },
    },
    async (request, reply) => {
      const map = await access.open(request);
      const { query } = request;
      const { tile, size } = tileOf(request.params);
      if (!isValid(tile)) throw new HttpError('not_found');
      const filter = askedFilter(map, query);
      // said before any work, and also where the tile turns out empty
      askedPalette(map, query, 2);
      const { athleteId, geometry } = map;
      const asked = { athleteId, geometry, tile, size, filter };
      const known = request.headers['if-none-match'];
      try {
        const address = await tiles.address(asked);
        if (address === EMPTY) return answer(reply, known, etagOf(EMPTY, ''), () => EMPTY_TILE);
        const exposure = query.hot ?? tiles.exposure(map, filter, tile.z);
        if (known !== undefined) {
          const etag = etagOf(address, askedPalette(map, query, await exposure).id);
          if (isNotModified(known, etag)) return notModified(reply, etag);
        }
        const [found, hot] = await Promise.all([tiles.get(asked, signalOf(reply)), exposure]);
        const palette = askedPalette(map, query, hot);
        return answer(reply, known, etagOf(found.address, palette.id), () => colour(found.png, palette));
      } catch (error) {
        if (error instanceof ClientGone) return reply.hijack();
        throw translated(error, reply);
      }
    },
  );

  app.get(
    `${route}/tile.json`,
    { schema: { params: Type.Object(params), querystring: MapQuery, tags: ['tiles'] } },
    async (request, reply) => {
      const map = await access.open(request);
      const { query } = request;
      const filter = askedFilter(map, query);
      askedPalette(map, query, 2);
      try {
        const [extent, exposure] = await Promise.all([
          tiles.extent(map, filter),
          tiles.exposures(map, filter),
        ]);
        const base = baseUrl(request, publicUrl) + access.pathOf(request);
        return tileJson({
          name: map.name,
          tiles: [`${base}/{z}/{x}/{y}.png${queryOf(map, query)}`],
          extent,
          exposure,
        });
      } catch (error) {
        throw translated(error, reply);
      }
    },
  );
};

function answer(reply: FastifyReply, known: string | undefined, etag: string, bytes: () => Buffer) {
  if (isNotModified(known, etag)) return notModified(reply, etag);
  return reply.headers({ 'content-type': 'image/png', etag }).send(bytes());
}

function notModified(reply: FastifyReply, etag: string) {
  return reply.code(304).header('etag', etag).send();
}

/** Nobody is there to be answered. */
class ClientGone extends Error {}

/** Aborted when the client goes away before it was answered. */
function signalOf(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort(new ClientGone());
  });
  return gone.signal;
}

function translated(error: unknown, reply: FastifyReply): unknown {
  if (error instanceof UnknownAthlete) return new HttpError('not_found');
  if (!(error instanceof Busy)) return error;
  reply.header('retry-after', String(error.retryAfter));
  return new HttpError('busy');
}
