import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { UnknownAthlete } from '../athletes/keyring.ts';
import { HttpError } from '../http/errors.ts';
import { isNotModified } from './etag.ts';
import { Busy } from './render-queue.ts';

/** Answers a tile, or that the client has it already. */
export function answer(reply: FastifyReply, known: string | undefined, etag: string, bytes: () => Buffer[]) {
  if (isNotModified(known, etag)) return notModified(reply, etag);
  const pieces = bytes();
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return reply
    .headers({ 'content-type': 'image/png', 'content-length': length, etag })
    .send(new Pieces(pieces));
}

/**
 * Bytes that lie in several places, sent in one go and without putting them together: copies of a hundred tiles a second
 * would have the garbage collector hold up the others.
 */
class Pieces extends Readable {
  readonly #pieces: Buffer[];

  constructor(pieces: Buffer[]) {
    super();
    this.#pieces = pieces;
  }

  override _read() {
    for (const piece of this.#pieces) this.push(piece);
    this.push(null);
  }
}

export function notModified(reply: FastifyReply, etag: string) {
  return reply.code(304).header('etag', etag).send();
}

/** Nobody is there to be answered. */
export class ClientGone extends Error {}

/** Aborted when the client goes away before it was answered. */
export function signalOf(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  const closed = () => {
    if (!reply.raw.writableFinished) gone.abort(new ClientGone());
  };
  // what came before, loading an index say, may have outlasted the client, and nobody is told of that twice
  if (reply.raw.destroyed) closed();
  else reply.raw.once('close', closed);
  return gone.signal;
}

/** The error that a client is told of, for one of the tile service's. */
export function translated(error: unknown, reply: FastifyReply): unknown {
  if (error instanceof UnknownAthlete) return new HttpError('not_found');
  if (!(error instanceof Busy)) return error;
  reply.header('retry-after', String(error.retryAfter));
  return new HttpError('busy');
}
