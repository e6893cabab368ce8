import type { onRequestHookHandler } from 'fastify';
import { HttpError } from './errors.ts';
import { isEqualSecret } from './guards.ts';

/**
 * Lets only requests through that carry a token. Without one configured there is nothing here; compared in a time
 * that does not tell where two tokens differ.
 */
export function requireToken(token: string | null): onRequestHookHandler {
  return (request, reply, done) => {
    if (token === null) return done(new HttpError('not_found'));
    const [scheme, given = ''] = (request.headers.authorization ?? '').split(' ');
    if (scheme.toLowerCase() === 'bearer' && isEqualSecret(given, token)) return done();
    reply.header('www-authenticate', 'Bearer');
    done(new HttpError('no_admin'));
  };
}
