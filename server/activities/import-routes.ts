import { randomUUID } from 'node:crypto';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import sse, { type SSEPluginOptions } from '@fastify/sse';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest, preHandlerHookHandler } from 'fastify';
import { type TSchema, Type } from 'typebox';
import type { Keyring } from '../athletes/keyring.ts';
import { HttpError } from '../http/errors.ts';
import { OUTCOMES } from './import-outcomes.ts';
import type { Imports } from './imports.ts';
import { type Spool, spoolKey } from './spool.ts';
import type { Status, StatusFeed } from './status.ts';
import type { EnqueueImport } from './submit.ts';
import { receiveUploads, UPLOAD_LIMITS, type UploadLimits } from './uploads.ts';

export interface ImportRoutesOptions {
  keyring: Pick<Keyring, 'dataKey'>;
  imports: Imports;
  spool: Spool;
  status: StatusFeed;
  enqueue: EnqueueImport;
  /** Leaves the athlete's id in `request.athleteId`, or answers 401. */
  requireAthlete: preHandlerHookHandler;
  /** Whether the session that a request came with is still there. */
  isSignedIn(request: FastifyRequest): Promise<boolean>;
  limits?: UploadLimits;
}

/** Imports that one athlete may begin, each of any number of files. */
const IMPORTS = {
  max: 60,
  timeWindow: '1 minute',
  keyGenerator: ({ session, ip }: FastifyRequest) => session?.athleteId ?? ip,
};
const HEARTBEAT = 15_000;
const NAME_BYTES = 4096;

const Time = Type.Union([Type.Number(), Type.Null()], { description: 'Unix seconds' });
const ImportState = Type.Object({
  id: Type.String(),
  state: Type.String({ description: 'queued, running, done, failed or cancelled' }),
  done: Type.Integer({ description: 'files and hand-written activities that are finished, failed ones too' }),
  total: Type.Integer({ description: 'found so far' }),
  points: Type.Number(),
  added: Type.Integer({ description: 'activities that were not here before' }),
  startedAt: Time,
  finishedAt: Time,
});
const ImportReport = Type.Interface([ImportState], {
  failures: Type.Array(Type.Object({ name: Type.String(), code: Type.String(), message: Type.String() }), {
    description: 'the first thousand',
  }),
});
const Nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
const ImportFiles = Type.Object({
  files: Type.Array(
    Type.Object({
      name: Type.String(),
      outcome: Type.String({
        description:
          'added, merged (another recording of an activity that was here), known (nothing new) or failed',
      }),
      added: Type.Integer({ description: 'activities in it that were not here before' }),
      code: Nullable(
        Type.String({ description: 'why it failed, or what could be passed over: truncated, say' }),
      ),
      message: Nullable(Type.String()),
      activity: Nullable(
        Type.Object({
          id: Type.String(),
          name: Nullable(Type.String()),
          sport: Type.String(),
          startedAt: Time,
          hasTrack: Type.Boolean(),
        }),
      ),
    }),
  ),
  next: Nullable(Type.Integer()),
  counts: Type.Record(Type.String(), Type.Integer(), {
    description: 'files of the whole import, by outcome',
  }),
});
const StatusReport = Type.Object({
  revision: Type.String(),
  imports: Type.Array(Type.Interface([ImportState], { failed: Type.Integer() })),
  sync: Type.Union([
    Type.Object({
      state: Type.String({ description: 'listing, fetching, waiting, current or failed' }),
      total: Type.Integer({ description: 'activities that Strava listed' }),
      done: Type.Integer({ description: 'of which everything is here that is to be had' }),
      failed: Type.Integer({ description: 'of the done, whose recording Strava could not give' }),
      until: Time,
      checkedAt: Time,
      problem: Type.Union([Type.Object({ code: Type.String(), message: Type.String() }), Type.Null()]),
    }),
    Type.Null(),
  ]),
});

/** Taking uploads, and telling how their imports go on. */
export const importRoutes: FastifyPluginAsyncTypebox<ImportRoutesOptions> = async (app, options) => {
  const { keyring, imports, spool, status, enqueue, limits = UPLOAD_LIMITS } = options;
  const { requireAthlete, isSignedIn } = options;
  await app.register(multipart, {
    preservePath: true,
    limits: {
      files: limits.files,
      parts: limits.files,
      fields: 0,
      fileSize: limits.bytes,
      fieldNameSize: NAME_BYTES,
      headerPairs: 20,
    },
  });
  // its types describe an ES module, it is a CommonJS one
  await app.register(sse as unknown as FastifyPluginAsync<SSEPluginOptions>, {
    heartbeatInterval: HEARTBEAT,
  });

  await app.register(rateLimit, { global: false });
  app.post(
    '/api/imports',
    {
      config: { rateLimit: IMPORTS },
      schema: {
        tags: ['imports'],
        consumes: ['multipart/form-data'],
        description: 'Imports any number of GPX, TCX and FIT files, their .gz, and zip files of them.',
        response: { 202: Type.Object({ id: Type.String() }) },
      },
      preHandler: requireAthlete,
    },
    async (request, reply) => {
      const { athleteId } = request;
      if (!request.isMultipart()) throw new HttpError('unsupported_media');
      if (Number(request.headers['content-length'] ?? 0) > limits.bytes) throw new HttpError('too_large');
      const importId = randomUUID();
      const key = spoolKey(await keyring.dataKey(athleteId));
      const sources = await receiveUploads(request.files(), { spool, importId, key, limits }).catch(
        (error) => {
          // a browser hears the answer only once it could send everything
          request.raw.resume();
          throw error;
        },
      );
      try {
        await imports.create(athleteId, { id: importId, sources, spooled: true }, enqueue);
      } catch (error) {
        await spool.remove(importId);
        throw error;
      }
      return reply.code(202).header('location', `/api/imports/${importId}`).send({ id: importId });
    },
  );

  app.get(
    '/api/imports/:id',
    {
      schema: {
        tags: ['imports'],
        params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
        response: { 200: ImportReport },
      },
      preHandler: requireAthlete,
    },
    async ({ athleteId, params: { id } }, reply) => {
      const found = await imports.find(athleteId, id);
      if (!found) throw new HttpError('not_found');
      reply.header('cache-control', 'no-store');
      return { ...found, failures: await imports.failures(athleteId, found) };
    },
  );

  app.get(
    '/api/imports/:id/files',
    {
      schema: {
        tags: ['imports'],
        description: 'What became of each file, in the order of finding, page by page.',
        params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
        querystring: Type.Object({
          outcome: Type.Optional(Type.Enum([...OUTCOMES], { description: 'only those with it' })),
          cursor: Type.Optional(
            Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1, description: '`next` of the page before' }),
          ),
        }),
        response: { 200: ImportFiles },
      },
      preHandler: requireAthlete,
    },
    async ({ athleteId, params: { id }, query }, reply) => {
      const page = await imports.files(athleteId, id, query);
      if (!page) throw new HttpError('not_found');
      reply.header('cache-control', 'no-store');
      return page;
    },
  );

  app.get(
    '/api/status',
    { schema: { tags: ['imports'], response: { 200: StatusReport } }, preHandler: requireAthlete },
    async ({ athleteId }, reply) => {
      reply.header('cache-control', 'no-store');
      return status.read(athleteId);
    },
  );

  const streams = new Set<FastifyReply>();
  // a stream never ends by itself, and a closing server waits for its answers
  app.addHook('preClose', async () => {
    for (const reply of streams) reply.sse.close();
  });

  app.get(
    '/api/status/events',
    {
      schema: {
        tags: ['imports'],
        description: 'The status as server-sent events: at once, then after each change.',
      },
      preHandler: requireAthlete,
      sse: 'only',
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      reply.sse.keepAlive();
      const tell = latestTo(reply, () => isSignedIn(request));
      const stop = status.watch(request.athleteId, tell);
      streams.add(reply);
      reply.sse.onClose(() => {
        streams.delete(reply);
        stop();
      });
      reply.sse.sendHeaders();
    },
  );
};

/**
 * Sends each status, but only the latest of those that come while the client still takes one; ends the stream instead
 * when it `mayGoOn` no more.
 */
function latestTo(reply: FastifyReply, mayGoOn: () => Promise<boolean>): (status: Status) => void {
  let sending = false;
  let next: Status | null = null;
  return (status) => {
    next = status;
    if (sending) return;
    sending = true;
    void (async () => {
      try {
        while (next !== null && reply.sse.isConnected) {
          const data = next;
          next = null;
          if (!(await mayGoOn())) return reply.sse.close();
          await reply.sse.send({ data });
        }
      } catch {
        // the client is gone
      } finally {
        // not a moment after the last look at what comes next
        sending = false;
      }
    })();
  };
}
