/** What all servers of the simulator share: forms, trouble, and the record of calls. */
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Answer, Refused } from './answers.ts';
import type { Call } from './calls.ts';
import type { Fault } from './faults.ts';
import type { World } from './world.ts';

const SECRETS = ['access_token', 'client_secret', 'code', 'token', 'refresh_token', 'verify_token'];

/** The call that a request makes: filled in on the way. */
export function callOf(request: FastifyRequest): Call {
  return request.getDecorator<Call>('stravaCall');
}

/** A server without routes. */
export function makeStravaServer({ clock, faults, calls, onAnswer }: World): FastifyInstance {
  const server = Fastify({ forceCloseConnections: true });
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body as string))),
  );
  server.decorateRequest('stravaCall', null);
  server.decorateRequest('stravaFault', null);

  server.addHook('onRequest', async (request) => {
    const { pathname, searchParams } = new URL(request.url, 'http://strava');
    const call: Call = {
      at: clock.now(),
      name: `${request.method} ${pathname.replace(/^\/api\/v3/, '')}`,
      query: Object.fromEntries([...searchParams].filter(([key]) => !SECRETS.includes(key))),
      athleteId: null,
      status: 0,
      cost: 'none',
    };
    calls.all.push(call);
    request.setDecorator('stravaCall', call);
  });

  server.addHook('preHandler', async (request, reply) => {
    const fault = faults.meet(callOf(request).name);
    request.setDecorator('stravaFault', fault);
    if (fault?.kind === 'answer') throw new Refused(fault.answer);
    if (fault?.kind === 'slow') await sleep(fault.ms, undefined, { ref: false });
    if (fault?.kind === 'reset') {
      reply.hijack();
      request.raw.socket.destroy();
    }
  });

  server.addHook('onSend', async (request, reply, payload) => {
    const call = callOf(request);
    call.status = reply.statusCode;
    onAnswer(call);
    const fault = request.getDecorator<Fault | null>('stravaFault');
    if (fault?.kind === 'held') await fault.until;
    return typeof payload === 'string' && fault ? spoilt(payload, fault, reply) : payload;
  });

  server.setErrorHandler((error, _request, reply) => {
    if (error instanceof Refused) return answer(reply, error.answer);
    throw error;
  });
  return server;
}

export function answer(reply: FastifyReply, { status, body, headers }: Answer): FastifyReply {
  if (typeof body === 'string') reply.type('text/plain; charset=utf-8');
  return reply
    .code(status)
    .headers(headers ?? {})
    .send(body);
}

/** The parameters of a request, wherever they are: in the address, in a form, in JSON. */
export function parametersOf(request: FastifyRequest): Record<string, string> {
  const given = { ...(request.query as object), ...((request.body as object | null) ?? {}) };
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, String(value)]));
}

function spoilt(payload: string, fault: Fault, reply: FastifyReply): string | Readable {
  const half = payload.slice(0, payload.length / 2);
  switch (fault.kind) {
    case 'truncated':
      return half;
    case 'broken_off':
      reply.header('content-length', Buffer.byteLength(payload));
      return Readable.from(breaksOff(half));
    case 'changed':
      return JSON.stringify(fault.change(JSON.parse(payload)));
    default:
      return payload;
  }
}

async function* breaksOff(half: string): AsyncGenerator<string> {
  yield half;
  // until what was sent is on its way
  await sleep(20);
  throw new Error('the connection is to break here');
}
