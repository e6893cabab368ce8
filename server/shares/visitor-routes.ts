import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import type { Knex } from 'knex';
import { Type } from 'typebox';
import { HttpError } from '../http/errors.ts';
import { baseUrl } from '../http/guards.ts';
import { DIST, NOT_BUILT, readPage } from '../http/page.ts';
import { PUBLIC_FILTER_QUERY } from '../index/filter-query.ts';
import { answer, translated } from '../tiles/answers.ts';
import type { TileMap } from '../tiles/map.ts';
import type { TileService } from '../tiles/service.ts';
import { NO_CHOICES, readChoices } from './facts.ts';
import { SHARE_LOOK } from './look.ts';
import { PREVIEW, type PreviewDeps, Previews } from './preview.ts';
import { mapOf, type OpenShare, type Shares } from './shares.ts';

export interface VisitorRoutesOptions extends Omit<PreviewDeps, 'sportsOf'> {
  db: Knex;
  tiles: Pick<TileService, 'home' | 'view' | 'exposure'>;
  shares: Shares;
  /** Whether others may see what came from Strava's API. */
  shareStravaApi: boolean;
  /** Where this server is reached, without a slash at the end. */
  publicUrl: string | null;
  /** Whether the page offers Google's map, which wants nonces. */
  withGoogle: boolean;
}

const Params = Type.Object({ key: Type.String({ description: 'the key of a share' }) });
const Day = Type.Union([Type.String(), Type.Null()]);

const Facts = Type.Object({
  name: Type.String(),
  filter: Type.Object(PUBLIC_FILTER_QUERY),
  palette: SHARE_LOOK,
  viewerFilters: Type.Boolean({ description: 'whether a visitor may filter further' }),
  tiles: Type.String({ description: 'what the addresses of its tiles and of tile.json begin with' }),
  view: Type.Union(
    [Type.Object({ lng: Type.Number(), lat: Type.Number(), zoom: Type.Number() }), Type.Null()],
    { description: 'where most of it is; null when there is nothing' },
  ),
  sports: Type.Array(Type.String(), { description: 'what there is to choose from, most first' }),
  commutes: Type.Boolean({ description: 'whether there are any to choose' }),
  firstDay: Day,
  lastDay: Day,
  // not tuples: the serialiser knows no tuple with a member that may be null
  days: Type.Array(Type.Array(Type.Union([Type.Number(), Type.Null()])), {
    description:
      'where a visitor may filter, how many activities there are: the day (UTC days since 1970, or null), which of ' +
      '`sports`, commute, virtual (each 0 or 1), activities',
  }),
});

/** What whoever holds a share's link gets: the page, what the page asks, and a picture for those who show the link. */
export const visitorRoutes: FastifyPluginAsyncTypebox<VisitorRoutesOptions> = async (app, options) => {
  const { db, shares, tiles, shareStravaApi, publicUrl, withGoogle } = options;
  const built = existsSync(DIST);
  const choicesOf = (map: TileMap) => readChoices(db, { ...map, shareStravaApi }, map.only);
  const previews = new Previews({ ...options, sportsOf: async (map) => (await choicesOf(map)).sports });
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({ 'cache-control': 'private, no-cache', 'x-robots-tag': 'noindex' });
  });

  const opened = async (key: string): Promise<OpenShare> => {
    const share = await shares.open(key);
    // unknown, revoked and expired are all alike
    if (!share) throw new HttpError('not_found');
    return share;
  };

  app.get('/s/:key', { schema: { hide: true, params: Params } }, async (request, reply) => {
    const { key } = request.params;
    const share = await shares.open(key);
    if (share?.words.embed) allowFrames(reply);
    if (!built) return reply.code(503).type('text/plain').send(NOT_BUILT);
    const page = await readPage(withGoogle ? reply.cspNonce : undefined);
    reply.code(share ? 200 : 404).type('text/html');
    const url = `${baseUrl(request, publicUrl)}/s/${key}`;
    return share ? withHead(page, escaped(share.words.name), escaped(url)) : page;
  });

  app.get(
    '/api/shared/:key',
    { schema: { tags: ['shares'], params: Params, response: { 200: Facts } } },
    async ({ params: { key } }) => {
      const share = await opened(key);
      shares.viewed(share.id);
      const { name, filter, palette, viewerFilters } = share.words;
      const map = mapOf(share);
      const [view, choices] = await Promise.all([
        tiles.view(map, map.only),
        map.mayAsk === 'nothing' ? NO_CHOICES : choicesOf(map),
      ]);
      const told = map.mayAsk === 'sports' ? { ...NO_CHOICES, sports: choices.sports } : choices;
      return { name, filter, palette, viewerFilters, tiles: `/tiles/token/${key}`, view, ...told };
    },
  );

  app.get(
    '/s/:key/preview.png',
    { schema: { tags: ['shares'], params: Params } },
    async ({ params: { key }, headers }, reply) => {
      const share = await opened(key);
      try {
        const png = await previews.of(mapOf(share), share.words.palette);
        const etag = `"${createHash('sha256').update(png).digest('base64url').slice(0, 22)}"`;
        // pages of others show it
        reply.header('cross-origin-resource-policy', 'cross-origin');
        return answer(reply, headers['if-none-match'], etag, () => [png]);
      } catch (error) {
        throw translated(error, reply);
      }
    },
  );
};

/** Lets pages of other sites show this one in a frame. */
function allowFrames(reply: FastifyReply): void {
  const policy = String(reply.getHeader('content-security-policy'));
  reply.header('content-security-policy', policy.replace("frame-ancestors 'none'", 'frame-ancestors *'));
  reply.removeHeader('x-frame-options');
}

/** The page with what sites that show a link to it read, in HTML. */
function withHead(page: string, title: string, url: string): string {
  const meta: [kind: string, what: string, content: string][] = [
    ['name', 'robots', 'noindex'],
    ['property', 'og:type', 'website'],
    ['property', 'og:title', title],
    ['property', 'og:url', url],
    ['property', 'og:image', `${url}/preview.png`],
    ['property', 'og:image:width', String(PREVIEW.width)],
    ['property', 'og:image:height', String(PREVIEW.height)],
    ['name', 'twitter:card', 'summary_large_image'],
  ];
  const tags = meta.map(([kind, what, content]) => `<meta ${kind}="${what}" content="${content}" />`);
  // functions, since a name may hold what a replacement takes for more than text
  return page
    .replace(/<title>.*<\/title>/, () => `<title>${title} · Pathglow</title>`)
    .replace('</head>', () => `${tags.join('\n    ')}\n  </head>`);
}

function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (sign) => entities[sign]);
}
