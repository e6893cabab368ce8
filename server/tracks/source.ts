import { open } from 'node:fs/promises';

/** Bytes that can be read from anywhere: a file, or an upload that lies sealed. */
export interface Source {
  readonly size: number;
  /** Exactly these bytes; throws RangeError where there are fewer. */
  read(offset: number, length: number): Promise<Buffer>;
  /** The bytes from `start` to `end`, exclusive. */
  stream(start: number, end: number): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** Opens what a path names; a path means what its opener takes it for. */
export type OpenSource = (path: string) => Promise<Source>;

const PIECE = 64 * 1024;

/** A file of this machine. */
export const openFile: OpenSource = async (path) => {
  const file = await open(path);
  const { size } = await file.stat();
  return {
    size,
    async read(offset, length) {
      const bytes = Buffer.allocUnsafe(length);
      for (let at = 0; at < length; ) {
        const { bytesRead } = await file.read(bytes, at, length - at, offset + at);
        if (bytesRead === 0) throw new RangeError('the file ends before that');
        at += bytesRead;
      }
      return bytes;
    },
    async *stream(start, end) {
      for (let at = start; at < end; ) {
        const bytes = Buffer.allocUnsafe(Math.min(PIECE, end - at));
        const { bytesRead } = await file.read(bytes, 0, bytes.length, at);
        if (bytesRead === 0) return;
        at += bytesRead;
        yield bytes.subarray(0, bytesRead);
      }
    },
    close: () => file.close(),
  };
};
