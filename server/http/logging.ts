import type { FastifyLoggerOptions, FastifyReply, FastifyRequest } from 'fastify';

/** Structured logs to standard error, without what opens anything: keys, cookies, passwords. */
export function logging(level: string): FastifyLoggerOptions & { stream: NodeJS.WriteStream } {
  return {
    level,
    // the link to sign in stands on standard output, alone
    stream: process.stderr,
    serializers: {
      req: (request: FastifyRequest) => ({ method: request.method, url: withoutSecrets(request.url) }),
      res: (reply) => ({ statusCode: (reply as FastifyReply).statusCode }),
    },
  };
}

/** A URL as logs may have it. */
export function withoutSecrets(url: string): string {
  return url.replace(/([?&]key=)[^&]*/g, '$1…').replace(/(\/tiles\/token\/)[^/?]*/g, '$1…');
}
