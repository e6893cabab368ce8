import { Readable } from 'node:stream';
import { constants, createGunzip, createInflateRaw } from 'node:zlib';
import { type Limits, tooDense } from './limits.ts';
import { type Note, TrackFileError } from './recording.ts';

/**
 * Unpacks gzip or deflate as it comes. What ends too early ends as early; what is damaged ends where it is, which
 * `note` tells once all chunks were taken. Throws `malformed_gzip` or `malformed_zip` where nothing at all could
 * be unpacked, and `too_large` for a bomb. Errors of `packed` are passed on.
 */
export function unpack(
  packed: AsyncIterable<Uint8Array>,
  format: 'gzip' | 'deflate',
  { ratio, ratioFrom }: Pick<Limits, 'ratio' | 'ratioFrom'>,
): { chunks: AsyncIterable<Uint8Array>; note(): Note | null } {
  let note: Note | null = null;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    let taken = 0;
    let given = 0;
    async function* counted() {
      for await (const chunk of packed) {
        taken += chunk.length;
        yield chunk;
      }
    }
    const source = Readable.from(counted(), { objectMode: false, highWaterMark: 64 * 1024 });
    // Without the flush, zlib would throw away the rest of what it has when the bytes end too early.
    const options = { finishFlush: constants.Z_SYNC_FLUSH, chunkSize: 64 * 1024 };
    const unpacking = format === 'gzip' ? createGunzip(options) : createInflateRaw(options);
    let sourceError: unknown = null;
    source.on('error', (error) => {
      sourceError = error;
      unpacking.destroy(error);
    });
    source.pipe(unpacking);
    try {
      for await (const chunk of unpacking as AsyncIterable<Buffer>) {
        given += chunk.length;
        if (given > ratioFrom && given > taken * ratio) throw tooDense(ratio);
        yield chunk;
      }
    } catch (error) {
      if (error === sourceError || error instanceof TrackFileError) throw error;
      if (given === 0) {
        const code = format === 'gzip' ? 'malformed_gzip' : 'malformed_zip';
        throw new TrackFileError(code, 'it is damaged: nothing could be unpacked');
      }
      note = 'damaged_end';
    } finally {
      source.destroy();
      unpacking.destroy();
    }
  }
  return { chunks: chunks(), note: () => note };
}
