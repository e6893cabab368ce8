import { Readable } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import { type Limits, tooDense } from './limits.ts';
import { type Note, TrackFileError } from './recording.ts';

/**
 * Unpacks a gzip file as it comes. One that ends too early ends as early; one that is damaged ends where it is,
 * which `note` tells once all chunks were taken. Throws `malformed_gzip` where nothing at all could be unpacked,
 * and `too_large` for a bomb.
 */
export function gunzip(
  packed: AsyncIterable<Uint8Array>,
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
    // Without the flush, zlib would throw away the rest of what it has when the file ends too early.
    const unpacking = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
    // An error of the source is the file system's, not the file's: pass it on as it is.
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
      if (given === 0) throw new TrackFileError('malformed_gzip', 'it is damaged: nothing could be unpacked');
      note = 'damaged_end';
    } finally {
      source.destroy();
      unpacking.destroy();
    }
  }
  return { chunks: chunks(), note: () => note };
}
