import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { preHandlerHookHandler } from 'fastify';
import { Type } from 'typebox';
import { isValid } from '../geo/tile.ts';
import { colour, EMPTY_TILE } from '../heat/png.ts';
import { HttpError } from '../http/errors.ts';
import { byKey, bySession } from './access.ts';
import { EMPTY } from './address.ts';
import { answer, ClientGone, notModified, signalOf, translated } from './answers.ts';
import { type DocumentRoutesOptions, documentRoutes } from './document-routes.ts';
import { etagOf, isNotModified } from './etag.ts';
import { filterOf, type OpenKey } from './map.ts';
import { askedPalette, MapQuery, TILE_PARAMS, tileOf } from './query.ts';

export interface TileRoutesOptions extends Omit<DocumentRoutesOptions, 'access'> {
  /** Leaves the athlete's id in `request.athleteId`, or answers 401. */
  requireAthlete: preHandlerHookHandler;
  openKey: OpenKey;
}

/** Every map, by whichever way one comes to it. */
export const tileRoutes: FastifyPluginAsyncTypebox<TileRoutesOptions> = async (app, options) => {
  const { requireAthlete, openKey, ...rest } = options;
  for (const access of [...bySession(requireAthlete), byKey(openKey)]) {
    await app.register(mapRoutes, { access, ...rest });
  }
};

/** A map's tiles, and the documents that describe them. */
const mapRoutes: FastifyPluginAsyncTypebox<DocumentRoutesOptions> = async (app, options) => {
  const { access, tiles } = options;
  const { route, params, preHandler } = access;
  const headers = { ...access.headers, 'cache-control': 'private, no-cache' };
  // of every answer: also of what was refused before it came here, as all tiles are while the server is held up
  app.addHook('onSend', (_request, reply, _payload, done) => {
    reply.headers(headers);
    done();
  });
  if (preHandler) app.addHook('preHandler', preHandler);
  await app.register(documentRoutes, options);

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
      const filter = filterOf(map, query);
      // said before any work, and also where the tile turns out empty
      askedPalette(map, query, 2);
      const { athleteId, geometry } = map;
      const asked = { athleteId, geometry, tile, size, filter };
      const known = request.headers['if-none-match'];
      try {
        const address = await tiles.address(asked);
        if (address === EMPTY) return answer(reply, known, etagOf(EMPTY, ''), () => [EMPTY_TILE]);
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
};
