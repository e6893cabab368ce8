import { Readable } from 'node:stream';
import type { MultipartFile } from '@fastify/multipart';
import { HttpError } from '../http/errors.ts';
import { isDiskFull } from '../http/faults.ts';
import type { ImportSource } from './imports.ts';
import type { Spool } from './spool.ts';

/** What one request may upload. */
export interface UploadLimits {
  files: number;
  /** Bytes of all files together. */
  bytes: number;
}

/** An export of twenty years, or a folder of single files. */
export const UPLOAD_LIMITS: UploadLimits = { files: 20_000, bytes: 32 * 2 ** 30 };

const LONGEST_NAME = 500;

/**
 * Streams uploads into the spool as they come. Leaves nothing behind where it throws: HttpError with `too_large`,
 * `disk_full` or `bad_request` (no file), or the error of a request that was cut off.
 */
export async function receiveUploads(
  files: AsyncIterable<MultipartFile>,
  { spool, importId, key, limits }: { spool: Spool; importId: string; key: Buffer; limits: UploadLimits },
): Promise<ImportSource[]> {
  const sources: ImportSource[] = [];
  let received = 0;
  async function* counted(file: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of file) {
      received += chunk.length;
      if (received > limits.bytes) throw new HttpError('too_large');
      yield chunk;
    }
  }
  try {
    for await (const { file, filename } of files) {
      const bytes = Readable.from(counted(file), { objectMode: false });
      const spooled = await spool.write(importId, `${sources.length}`, key, bytes);
      sources.push({ name: nameOf(filename), ...spooled });
    }
    if (sources.length === 0) throw new HttpError('bad_request', { message: 'there is no file in it' });
    return sources;
  } catch (error) {
    await spool.remove(importId);
    throw isDiskFull(error) ? new HttpError('disk_full') : error;
  }
}

/** As the athlete will read it: with the folders it was in, which a dropped folder's files tell. */
function nameOf(filename: string): string {
  const name = filename
    .replace(/\p{Cc}/gu, '')
    .replace(/^[/.]+(?=.*\/)/, '')
    .slice(-LONGEST_NAME);
  return name || 'unnamed';
}
