import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, preHandlerHookHandler } from 'fastify';
import { Type } from 'typebox';
import { UnknownAthlete } from '../athletes/keyring.ts';
import type { Tile, TileSize } from '../geo/tile.ts';
import { isValid } from '../geo/tile.ts';
import type { Palette } from '../heat/palette.ts';
import { InvalidGradient } from '../heat/palette.ts';
import { colour, EMPTY_TILE } from '../heat/png.ts';
import { HttpError } from '../http/errors.ts';
import { baseUrl } from '../http/guards.ts';
import type { Filter, FilterQuery } from '../index/filter.ts';
import { InvalidFilter, parseFilter } from '../index/filter.ts';
import { EMPTY } from './address.ts';
import { etagOf, isNotModified } from './etag.ts';
import type { Look } from './palettes.ts';
import { paletteOf } from './palettes.ts';
import { Busy } from './render-queue.ts';
import type { TileService } from './service.ts';
import { tileJson } from './tilejson.ts';

export interface TileRoutesOptions {
  tiles: TileService;
  /** Leaves the athlete's id in `request.athleteId`, or answers 401. */
  requireAthlete: preHandlerHookHandler;
  /** Where this server is reached, without a slash at the end. */
  publicUrl: string | null;
}

// Integers, written as integers are; whether there is such a tile is another question (404).
const COORDINATE = '(?:0|-?[1-9][0-9]{0,15})';

const TileParams = Type.Object({
  z: Type.String({ pattern: `^${COORDINATE}$` }),
  x: Type.String({ pattern: `^${COORDINATE}$` }),
  y: Type.String({ pattern: `^${COORDINATE}(?:@2x)?\\.png$`, description: 'y.png, or y@2x.png for 512 px' }),
});

const TileQuery = Type.Object({
  sport: Type.Optional(Type.String({ maxLength: 2000, description: 'Strava sport types, joined by commas' })),
  from: Type.Optional(Type.String({ maxLength: 10, description: 'first UTC day, such as 2024-01-31' })),
  to: Type.Optional(Type.String({ maxLength: 10, description: 'last UTC day' })),
  commute: Type.Optional(Type.String({ maxLength: 5, description: 'true: only commutes; false: none' })),
  virtual: Type.Optional(Type.String({ maxLength: 5, description: 'true: virtual rides and runs too' })),
  color: Type.Optional(Type.String({ maxLength: 40, description: 'a palette by name' })),
  gradient: Type.Optional(Type.String({ maxLength: 2000, description: 'a palette of your own' })),
  hot: Type.Optional(Type.Number({ minimum: 1, maximum: 1e6, description: 'visits drawn hottest' })),
});

const TILE_HEADERS = {
  'content-type': 'image/png',
  'cache-control': 'private, no-cache',
  vary: 'Cookie',
  'cross-origin-resource-policy': 'same-origin',
};

/** The athlete's own map: its tiles, and the TileJSON that describes them. */
export const tileRoutes: FastifyPluginAsyncTypebox<TileRoutesOptions> = async (app, options) => {
  const { tiles, requireAthlete, publicUrl } = options;

  app.get(
    '/tiles/me/:z/:x/:y',
    { schema: { params: TileParams, querystring: TileQuery, tags: ['tiles'] }, preHandler: requireAthlete },
    async (request, reply) => {
      const { tile, size } = tileOf(request.params);
      if (!isValid(tile)) throw new HttpError('not_found');
      const filter = filterOf(request.query);
      // said before any work, and also where the tile turns out empty
      lookOf(request.query, 2);
      const { athleteId } = request;
      const asked = { athleteId, tile, size, filter };
      const known = request.headers['if-none-match'];
      try {
        const address = await tiles.address(asked);
        if (address === EMPTY) return answer(reply, known, etagOf(EMPTY, ''), () => EMPTY_TILE);
        const exposure = request.query.hot ?? tiles.exposure(athleteId, filter, tile.z);
        if (known !== undefined) {
          const etag = etagOf(address, lookOf(request.query, await exposure).id);
          if (isNotModified(known, etag)) return notModified(reply, etag);
        }
        const [found, hot] = await Promise.all([tiles.get(asked, signalOf(reply)), exposure]);
        const palette = lookOf(request.query, hot);
        return answer(reply, known, etagOf(found.address, palette.id), () => colour(found.png, palette));
      } catch (error) {
        if (error instanceof ClientGone) return reply.hijack();
        throw translated(error, reply);
      }
    },
  );

  app.get(
    '/tiles/me/tile.json',
    { schema: { querystring: TileQuery, tags: ['tiles'] }, preHandler: requireAthlete },
    async (request, reply) => {
      const { athleteId, query } = request;
      const filter = filterOf(query);
      lookOf(query, 2);
      const parameters = new URLSearchParams(
        Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
      ).toString();
      try {
        const [extent, exposure] = await Promise.all([
          tiles.extent(athleteId, filter),
          tiles.exposures(athleteId, filter),
        ]);
        reply.headers({ 'cache-control': 'private, no-cache', vary: 'Cookie' });
        return tileJson({
          name: 'Pathglow',
          tiles: [`${baseUrl(request, publicUrl)}/tiles/me/{z}/{x}/{y}.png${parameters && `?${parameters}`}`],
          extent,
          exposure,
        });
      } catch (error) {
        throw translated(error, reply);
      }
    },
  );
};

function tileOf({ z, x, y }: { z: string; x: string; y: string }): { tile: Tile; size: TileSize } {
  const size = y.endsWith('@2x.png') ? 512 : 256;
  return { tile: { z: Number(z), x: Number(x), y: Number.parseInt(y, 10) }, size };
}

function filterOf(query: FilterQuery): Filter {
  try {
    return parseFilter(query);
  } catch (error) {
    if (error instanceof InvalidFilter) {
      throw new HttpError('bad_request', { parameter: error.parameter, message: error.message });
    }
    throw error;
  }
}

function lookOf(look: Look, hot: number): Palette {
  try {
    const palette = paletteOf(look, hot);
    if (palette) return palette;
  } catch (error) {
    if (!(error instanceof InvalidGradient)) throw error;
    throw new HttpError('bad_request', { parameter: 'gradient', message: error.message });
  }
  throw new HttpError('bad_request', { parameter: 'color', message: 'there is no palette of that name' });
}

function answer(reply: FastifyReply, known: string | undefined, etag: string, bytes: () => Buffer) {
  if (isNotModified(known, etag)) return notModified(reply, etag);
  return reply.headers(TILE_HEADERS).header('etag', etag).send(bytes());
}

function notModified(reply: FastifyReply, etag: string) {
  const { 'content-type': _, ...headers } = TILE_HEADERS;
  return reply.code(304).headers(headers).header('etag', etag).send();
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
