import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpError } from './errors.ts';
import { isEqualSecret } from './guards.ts';

/**
 * A hook that lets only requests through which carry a token. Without one configured there is nothing here; compared
 * in a time that does not tell where two tokens differ. As `preParsing` it comes after a limit of attempts.
 */
export function requireToken(token: string | null) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (token === null) throw new HttpError('not_found');
    const [scheme, given = ''] = (request.headers.authorization ?? '').split(' ');
    if (scheme.toLowerCase() === 'bearer' && isEqualSecret(given, token)) return;
    reply.header('www-authenticate', 'Bearer');
    throw new HttpError('no_admin');
  };
}
