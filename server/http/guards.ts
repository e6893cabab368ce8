import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import { HttpError } from './errors.ts';

/** A name or an address, with a port or without; none, as HTTP/1.0 may have it and checks of a proxy's do. */
const HOST = /^(?:(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?)?$/i;
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Lets only requests through that name this server by one of its own names. A page of someone else's whose name was
 * made to point at 127.0.0.1 (DNS rebinding) names its own. `null`: any name, for servers that others reach by names
 * we do not know; there the password and the session's cookie, which belongs to a name, stand guard. What could be no
 * name is refused all the same, since answers repeat it.
 */
export function requireHost(hosts: ReadonlySet<string> | null): onRequestHookHandler {
  return (request, _reply, done) => {
    const host = request.host.toLowerCase();
    const isOurs = hosts === null ? HOST.test(host) : hosts.has(host);
    done(isOurs ? undefined : new HttpError('foreign_host'));
  };
}

/** Lets what changes something through only if it comes from our own pages, or from no page at all (curl). */
export function requireSameOrigin(publicUrl: string | null): onRequestHookHandler {
  return (request, _reply, done) => {
    done(
      SAFE.has(request.method) || isSameOrigin(request, publicUrl)
        ? undefined
        : new HttpError('foreign_origin'),
    );
  };
}

/** Whether a request comes from our own pages or from no page at all, as far as the browser says where it comes from. */
export function isSameOrigin(request: FastifyRequest, publicUrl: string | null): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  if (origin === undefined) return true;
  // by the name it was asked for, and by the one it has in public: they differ behind a proxy
  return [null, publicUrl].some((known) => origin === URL.parse(baseUrl(request, known))?.origin);
}

/** Compares two secrets, by digests of one length, in a time that tells neither where they differ nor how long they are. */
export function isEqualSecret(a: string, b: string): boolean {
  const [left, right] = [a, b].map((secret) => createHash('sha256').update(secret).digest());
  return timingSafeEqual(left, right);
}

/** Where this server is reached, without a slash at the end: as it was told, else by the name it was asked for. */
export function baseUrl(request: FastifyRequest, publicUrl: string | null): string {
  return publicUrl ?? `${request.protocol}://${request.host}`;
}
