import helmet from '@fastify/helmet';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import type { Basemap } from './basemap.ts';
import { contentSecurity } from './content-security.ts';
import { handleError, handleNotFound, handleUnread, handleUnreadable } from './errors.ts';
import { requireHost, requireSameOrigin } from './guards.ts';
import { logging } from './logging.ts';

export interface ServerOptions {
  logLevel: string;
  /** Whether there is a proxy in front, which says who asks. */
  trustProxy: boolean;
  basemap: Basemap;
  /** Whether the viewer may show Google's map. */
  withGoogle: boolean;
  /** Where browsers reach this server, if not by its own address. */
  publicUrl: string | null;
  /** Names by which it may be asked for; null: any. */
  hosts: ReadonlySet<string> | null;
}

const BODY_LIMIT = 64 * 1024;

/** A server with everything that all routes share: logs, headers, guards, errors. */
export async function makeServer(options: ServerOptions): Promise<FastifyInstance> {
  const { basemap, withGoogle, publicUrl } = options;
  const app = Fastify({
    logger: logging(options.logLevel),
    logController: new LogController({ disableRequestLogging: true }),
    // the one in front, and no further: what else stands in X-Forwarded-For whoever asks has written themselves
    trustProxy: options.trustProxy && ((_address, hop) => hop === 0),
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: 'idle',
    frameworkErrors: handleUnreadable,
    clientErrorHandler: handleUnread,
    routerOptions: { maxParamLength: 200 },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setErrorHandler(handleError);
  app.setNotFoundHandler(handleNotFound);
  app.decorateRequest('athleteId', '');
  app.addHook('onResponse', (request, reply, done) => {
    request.log.debug({ req: request, res: reply, ms: Math.round(reply.elapsedTime) }, 'answered');
    done();
  });
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: contentSecurity(basemap, withGoogle) },
    enableCSPNonces: withGoogle,
    // the map below may come from another host, which need not know of these headers
    crossOriginEmbedderPolicy: false,
    // tiles have their own; a proxy that speaks TLS knows whether it always will
    crossOriginResourcePolicy: false,
    strictTransportSecurity: false,
    // a key of Google's is bound to the page's origin, which therefore has to be told
    referrerPolicy: { policy: withGoogle ? 'strict-origin' : 'no-referrer' },
  });
  // after the headers, which what is refused here has as well
  app.addHook('onRequest', requireHost(options.hosts));
  app.addHook('onRequest', requireSameOrigin(publicUrl));
  return app as unknown as FastifyInstance;
}
