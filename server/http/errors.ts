import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { CATALOGUE, type ErrorCode } from './catalogue.ts';
import { isDiskFull, isPassing } from './faults.ts';

/** Seconds after which a database that was away may well be there. */
const RETRY_AFTER = 5;

/** An error with a code of the catalogue; `details` are shown to the client. */
export class HttpError extends Error {
  readonly code: ErrorCode;
  readonly statusCode: number;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, details?: Record<string, unknown>) {
    super(CATALOGUE[code][1]);
    this.name = 'HttpError';
    this.code = code;
    this.statusCode = CATALOGUE[code][0];
    this.details = details;
  }
}

/** The shape of every error's body. */
export interface ErrorBody {
  error: { code: string; message: string; details?: Record<string, unknown> };
}

/** The one place where errors become answers. What went wrong inside is logged and not told. */
export function handleError(error: FastifyError | HttpError, request: FastifyRequest, reply: FastifyReply) {
  const known = knownError(error);
  if (known.code === 'internal') request.log.error({ err: error }, 'a request failed');
  else if (known.statusCode >= 500 && isOurs(error)) {
    request.log.warn({ err: error }, 'a request has to be made again');
    if (known.code === 'busy') reply.header('retry-after', RETRY_AFTER);
  }
  const { code, message, details } = known;
  const body: ErrorBody = { error: { code, message, ...(details && { details }) } };
  return reply.code(known.statusCode).type('application/json').send(body);
}

/** For addresses the router cannot read: no hook ran, so nothing has set headers either. */
export function handleUnreadable(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  reply.headers({ 'content-security-policy': "default-src 'none'", 'x-content-type-options': 'nosniff' });
  return handleError(error, request, reply);
}

/** For what is no request yet: what came over a connection could not be read as one, or did not come in time. */
export function handleUnread({ code }: NodeJS.ErrnoException, socket: Socket) {
  if (code === 'ECONNRESET' || !socket.writable) return socket.destroy();
  const known = new HttpError(UNREAD[code ?? ''] ?? 'bad_request');
  const body: ErrorBody = { error: { code: known.code, message: known.message } };
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${known.statusCode} ${STATUS_CODES[known.statusCode]}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(text)}`,
    "content-security-policy: default-src 'none'",
    'x-content-type-options: nosniff',
    'connection: close',
  ];
  return socket.end(`${head.join('\r\n')}\r\n\r\n${text}`);
}

/** What Node says of it. */
const UNREAD: Record<string, ErrorCode> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'too_slow',
};

/** For what no route answers. */
export function handleNotFound(_request: FastifyRequest, reply: FastifyReply) {
  const { code, message } = new HttpError('not_found');
  return reply.code(404).send({ error: { code, message } } satisfies ErrorBody);
}

/** Whether it is the database or the system that has no room, or is away for a moment. */
function isOurs(error: unknown): boolean {
  return isDiskFull(error) || isPassing(error);
}

function knownError(error: FastifyError | HttpError): HttpError {
  if (error instanceof HttpError) return error;
  // it would repeat the address
  if (error.code === 'FST_ERR_BAD_URL') return new HttpError('bad_request');
  if (error.validation) return new HttpError('bad_request', { message: error.message });
  if (isDiskFull(error)) return new HttpError('disk_full');
  if (isPassing(error)) return new HttpError('busy');
  const { statusCode = 500 } = error;
  switch (statusCode) {
    case 400:
      return new HttpError('bad_request', {
        ...('parameter' in error && { parameter: error.parameter }),
        message: error.message,
      });
    case 401:
      return new HttpError('signed_out');
    // a path that leads out of the page's folder
    case 403:
    case 404:
    // a part of the address that is longer than any name here
    case 414:
      return new HttpError('not_found');
    case 413:
      return new HttpError('too_large');
    case 406:
    case 415:
      return new HttpError('unsupported_media');
    case 429:
      return new HttpError('too_many_requests');
    case 503:
      return new HttpError('busy');
  }
  // of what else a client may do wrong we have no words: a part of a file that is not there, say
  return new HttpError(statusCode >= 400 && statusCode < 500 ? 'bad_request' : 'internal');
}
