import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { TileSize } from '../geo/tile.ts';
import { baseUrl } from '../http/guards.ts';
import type { Filter } from '../index/filter.ts';
import type { Access } from './access.ts';
import { translated } from './answers.ts';
import { filterOf, type Subject } from './map.ts';
import { askedPalette, MapQuery, queryOf } from './query.ts';
import type { TileService } from './service.ts';
import { tileJson } from './tilejson.ts';
import { wmtsCapabilities } from './wmts.ts';

export interface DocumentRoutesOptions {
  access: Access;
  tiles: TileService;
  /** Where this server is reached, without a slash at the end. */
  publicUrl: string | null;
  /** Whether something that is drawn under this filter came through Strava's API. */
  fromStrava(subject: Subject, filter: Filter): Promise<boolean>;
}

const DOCUMENTS: { file: string; size: TileSize }[] = [
  { file: 'tile.json', size: 256 },
  { file: 'tile@2x.json', size: 512 },
];

/** What tells map programs of a map: TileJSON, for tiles of either size, and WMTS. */
export const documentRoutes: FastifyPluginAsyncTypebox<DocumentRoutesOptions> = async (app, options) => {
  const { access, tiles, publicUrl, fromStrava } = options;
  const schema = { params: Type.Object(access.params), querystring: MapQuery, tags: ['tiles'] };
  const urlOf = (request: FastifyRequest, rest: string) =>
    `${baseUrl(request, publicUrl)}${access.pathOf(request)}/${rest}`;

  for (const { file, size } of DOCUMENTS) {
    app.get(`${access.route}/${file}`, { schema }, async (request, reply) => {
      const map = await access.open(request);
      const { query } = request;
      const filter = filterOf(map, query);
      askedPalette(map, query, 2);
      try {
        const [extent, exposure, home, strava] = await Promise.all([
          tiles.extent(map, filter),
          tiles.exposures(map, filter),
          tiles.home(map, filter),
          fromStrava(map, filter),
        ]);
        const suffix = size === 512 ? '@2x' : '';
        const template = urlOf(request, `{z}/{x}/{y}${suffix}.png${queryOf(map, query)}`);
        const found = { template, size, extent, exposure, home, fromStrava: strava };
        return tileJson({ name: map.name, ...found });
      } catch (error) {
        throw translated(error, reply);
      }
    });
  }

  app.get(`${access.route}/wmts`, { schema }, async (request, reply) => {
    const map = await access.open(request);
    const { query } = request;
    const filter = filterOf(map, query);
    askedPalette(map, query, 2);
    try {
      const asked = queryOf(map, query);
      const capabilities = wmtsCapabilities({
        name: map.name,
        url: urlOf(request, `wmts${asked}`),
        template: urlOf(request, `{z}/{x}/{y}.png${asked}`),
        extent: await tiles.extent(map, filter),
      });
      return reply.type('application/xml').send(capabilities);
    } catch (error) {
      throw translated(error, reply);
    }
  });
};
