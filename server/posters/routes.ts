import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, preHandlerHookHandler } from 'fastify';
import { Type } from 'typebox';
import { MAX_ZOOM } from '../geo/tile.ts';
import type { SportCount } from '../heat/by-sport.ts';
import { HttpError } from '../http/errors.ts';
import type { AthleteIndex } from '../index/athlete-index.ts';
import type { Filter } from '../index/filter.ts';
import { ClientGone, signalOf, translated } from '../tiles/answers.ts';
import { filterOf, ownMap } from '../tiles/map.ts';
import { askedPalette, MapQuery } from '../tiles/query.ts';
import { bandsOf, drawPoster, type Poster } from './draw.ts';
import { layersOf } from './layers.ts';
import { type Layout, layOut, PAPERS, type Paper } from './layout.ts';
import { pngStream } from './png-stream.ts';
import { zoomOf } from './squares.ts';
import { Turns } from './turns.ts';

export interface PosterRoutesOptions {
  /** Leaves the athlete's id in `request.athleteId`, or answers 401. */
  requireAthlete: preHandlerHookHandler;
  /** The athlete's index, whole and up to date. */
  indexOf(athleteId: string): Promise<AthleteIndex>;
  /** With how many activities each that the athlete has. */
  sportsOf(athleteId: string): Promise<readonly SportCount[]>;
  /** Visits drawn hottest at a zoom of tiles. */
  exposure(athleteId: string, filter: Filter, zoom: number): Promise<number>;
  drawTones: Poster['drawTones'];
}

/** Drawn at once by this process. Who has waited for so long, just below a proxy's minute, may ask again. */
const TURNS = { atOnce: 2, limit: 20, patience: 50_000 };
/** Pixels that a poster has on a screen at the most: its preview, on any paper. */
const ON_SCREEN = 1_500_000;

const Degrees = (most: number) => Type.Number({ minimum: -most, maximum: most });

const PosterQuery = Type.Interface([MapQuery], {
  by: Type.Optional(
    Type.Literal('sport', {
      description: 'each group of sports in colours of its own, whatever colours are named',
    }),
  ),
  west: Degrees(180),
  south: Degrees(90),
  east: Degrees(180),
  north: Degrees(90),
  paper: Type.Union(
    Object.keys(PAPERS).map((paper) => Type.Literal(paper as Paper)),
    { default: 'a4' },
  ),
  landscape: Type.Boolean({ default: false }),
  dpi: Type.Integer({ minimum: 50, maximum: 300, default: 300 }),
  theme: Type.Union([Type.Literal('dark'), Type.Literal('light')], { default: 'dark' }),
  title: Type.String({ maxLength: 100, default: '' }),
  subtitle: Type.String({ maxLength: 200, default: '' }),
  credit: Type.String({ maxLength: 200, default: 'Pathglow' }),
});

/**
 * The athlete's map as a picture to print. It is answered band by band as it is drawn, so that nothing is stored and
 * neither side needs memory for the whole; who goes away ends it.
 */
export const posterRoutes: FastifyPluginAsyncTypebox<PosterRoutesOptions> = async (app, options) => {
  const { requireAthlete, indexOf, sportsOf, exposure, drawTones } = options;
  // whoever looks for the best part of the map does not wait for what others print
  const previews = new Turns(TURNS);
  const prints = new Turns(TURNS);

  app.get(
    '/api/poster.png',
    {
      schema: {
        tags: ['posters'],
        querystring: PosterQuery,
        description:
          'The area, all of it in view, on paper. By sport, a legend names the groups that are seen. The header ' +
          '`poster-bands` says how many IDAT chunks there will be. Few are drawn at once: the others wait for their ' +
          'turn, and are answered 503 where too many do.',
      },
      preHandler: requireAthlete,
    },
    async ({ athleteId, query }, reply) => {
      const map = ownMap(athleteId);
      const filter = filterOf(map, query);
      askedPalette(map, query, 2);
      const layout = laidOut(query);
      const { width, height } = layout;
      const turns = width * height <= ON_SCREEN ? previews : prints;
      try {
        void finished(reply).then(await turns.take(signalOf(reply)));
      } catch (error) {
        if (error instanceof ClientGone) return reply.hijack();
        throw translated(error, reply);
      }

      const { title, subtitle, credit, theme, dpi } = query;
      const index = await indexOf(athleteId);
      const hot = query.hot ?? (await exposure(athleteId, filter, Math.min(MAX_ZOOM, zoomOf(layout))));
      const layers = await layersOf(filter, query, theme, () => sportsOf(athleteId));
      const words = { title, subtitle, credit };
      const bands = drawPoster({ index, layers, hot, theme, layout, words, drawTones });
      return reply
        .headers({
          'content-type': 'image/png',
          'content-disposition': 'attachment; filename="pathglow.png"',
          'cache-control': 'no-store',
          'poster-bands': String(bandsOf(layout) + 1),
        })
        .send(Readable.from(pngStream({ width, height, dpi }, bands), { objectMode: false }));
    },
  );
};

function laidOut({
  paper,
  landscape,
  dpi,
  west,
  south,
  east,
  north,
  title,
  subtitle,
  credit,
}: {
  paper: Paper;
  landscape: boolean;
  dpi: number;
  west: number;
  south: number;
  east: number;
  north: number;
  title: string;
  subtitle: string;
  credit: string;
}): Layout {
  try {
    const hasWords = Boolean(title || subtitle || credit);
    return layOut({ paper, landscape, dpi, area: { west, south, east, north }, hasWords });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new HttpError('bad_request', { parameter: 'north', message: error.message });
  }
}

/** When the answer has been sent, or cannot be any more. */
async function finished({ raw }: FastifyReply): Promise<void> {
  if (!raw.destroyed) await once(raw, 'close').catch(() => {});
}
