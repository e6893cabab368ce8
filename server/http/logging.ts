import type { FastifyLoggerOptions, FastifyReply, FastifyRequest } from 'fastify';

/** Structured logs to standard error, without what opens anything: keys, cookies, passwords. */
export function logging(
  level: string,
): FastifyLoggerOptions & { stream: NodeJS.WriteStream; redact: string[] } {
  return {
    level,
    // @fastify/multipart tells at `trace` how it reads an upload: with all the request's headers, cookies among them
    redact: ['busboyOptions.headers'],
    // the link to sign in stands on standard output, alone
    stream: process.stderr,
    serializers: {
      req: (request: FastifyRequest) => ({ method: request.method, url: withoutSecrets(request.url) }),
      res: (reply) => ({ statusCode: (reply as FastifyReply).statusCode }),
    },
  };
}

/**
 * A URL as logs may have it: without what opens something (keys, codes of a sign-in, the secret of a webhook), and
 * without whatever else looks like a key.
 */
export function withoutSecrets(url: string): string {
  return url
    .replace(/([?&](?:key|code|state|hub\.verify_token)=)[^&]*/g, '$1…')
    .replace(/(\/token\/|\/webhooks\/strava\/)[^/?]*/g, '$1…')
    .replace(/[0-9A-Za-z]{43}/g, '…');
}
