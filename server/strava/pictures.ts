import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { HttpError } from '../http/errors.ts';

/** Strava's own pictures, which only Strava may hand out: the operator puts them into a folder. */
const NAMES = ['connect', 'powered'] as const;
const KINDS = { svg: 'image/svg+xml', png: 'image/png' } as const;

export type PictureName = (typeof NAMES)[number];

/** Where the page finds each picture; null where the operator has put none. */
export type Pictures = Record<PictureName, string | null>;

/** Looks which pictures a folder has: `connect` and `powered`, as .svg or .png. */
export async function findPictures(folder: string): Promise<Pictures> {
  const found = NAMES.map(async (name) => [name, (await read(folder, name)) && `/strava/${name}`] as const);
  return Object.fromEntries(await Promise.all(found)) as Pictures;
}

export const pictureRoutes: FastifyPluginAsyncTypebox<{ folder: string }> = async (app, { folder }) => {
  app.get(
    '/strava/:picture',
    { schema: { hide: true, params: Type.Object({ picture: Type.String({ maxLength: 20 }) }) } },
    async ({ params }, reply) => {
      const name = NAMES.find((one) => one === params.picture);
      const picture = name && (await read(folder, name));
      if (!picture) throw new HttpError('not_found');
      return reply.header('cache-control', 'public, max-age=3600').type(picture.type).send(picture.bytes);
    },
  );
};

async function read(folder: string, name: PictureName): Promise<{ type: string; bytes: Buffer } | null> {
  for (const [ending, type] of Object.entries(KINDS)) {
    const bytes = await readFile(join(folder, `${name}.${ending}`)).catch(() => null);
    if (bytes) return { type, bytes };
  }
  return null;
}
