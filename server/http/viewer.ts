import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import rateLimit from '@fastify/rate-limit';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Basemap } from './basemap.ts';
import { DIST, NOT_BUILT, readPage } from './page.ts';

export interface ViewerOptions {
  basemap: Basemap;
  /** Offers Google's map; null: none. */
  googleMapsKey: string | null;
  version: string;
  /** Signs in by a link's key; false when the key is worth nothing. */
  signInByLink(request: FastifyRequest, key: string): Promise<boolean>;
}

/** Links that one address may try: guessing one is hopeless, and need not keep the database busy. */
const LINKS = {
  max: 30,
  timeWindow: '1 minute',
  allowList: ({ query }: FastifyRequest) => (query as { key?: string }).key === undefined,
};

/** The page itself, its assets, and what it asks before anybody has signed in. */
export const viewerRoutes: FastifyPluginAsyncTypebox<ViewerOptions> = async (app, options) => {
  const { basemap, googleMapsKey, version, signInByLink } = options;
  const built = existsSync(DIST);
  if (built) {
    await app.register(fastifyStatic, {
      root: fileURLToPath(DIST),
      index: false,
      cacheControl: false,
      // as the build has packed them
      preCompressed: true,
      setHeaders(reply, path) {
        // Vite names what is below assets/ by its content
        const isNamedByContent = path.includes('/assets/');
        reply.header('cache-control', isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  }

  await app.register(rateLimit, { global: false });
  app.get(
    '/',
    {
      config: { rateLimit: LINKS },
      schema: {
        hide: true,
        querystring: Type.Object({ key: Type.Optional(Type.String({ maxLength: 200 })) }),
      },
    },
    async (request, reply) => {
      const { key } = request.query;
      if (key !== undefined) {
        const signedIn = await signInByLink(request, key);
        // opened again by somebody who is signed in already: nothing is amiss
        const fine = signedIn || Boolean(request.session.athleteId);
        reply.header('referrer-policy', 'no-referrer').header('cache-control', 'no-store');
        return reply.redirect(fine ? '/' : '/?link=invalid', 303);
      }
      if (!built) return reply.code(503).type('text/plain').send(NOT_BUILT);
      if (googleMapsKey === null) return reply.sendFile('index.html');
      return reply
        .type('text/html')
        .header('cache-control', 'no-store')
        .send(await readPage(reply.cspNonce));
    },
  );

  app.get('/api/viewer', { schema: { tags: ['viewer'] } }, async () => ({
    basemap,
    googleMapsKey,
    version,
  }));
};
