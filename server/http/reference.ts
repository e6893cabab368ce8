import swagger from '@fastify/swagger';
import scalar from '@scalar/fastify-api-reference';
import type { FastifyInstance } from 'fastify';

const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join(';');

/** Describes every route registered after it, and shows that on a page which needs no other server. */
export async function describeRoutes(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Pathglow', version, description: 'A heatmap of everywhere you have been.' },
    },
  });
  await app.register(async (docs) => {
    // the reference's own page starts by an inline script
    docs.addHook('onSend', async (_request, reply) => {
      reply.header('content-security-policy', POLICY);
    });
    await docs.register(scalar, {
      routePrefix: '/docs',
      configuration: { withDefaultFonts: false, hideClientButton: true, telemetry: false, theme: 'default' },
    });
  });
}
