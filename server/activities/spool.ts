import { createWriteStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { deriveKey, seal, open as unseal } from '../athletes/seal.ts';
import { TrackFileError } from '../tracks/recording.ts';
import type { Source } from '../tracks/source.ts';

/**
 * Where uploads wait for their import: a folder for each import, a file for each upload, sealed piece by piece
 * with a key of the athlete's. Each piece stands alone, so that a zip's directory is read without what comes
 * before it, and knows its file and place, so that none can be swapped, and the size tells whether one is missing.
 *
 *   | sealed 64 KiB | sealed 64 KiB | … | sealed rest |
 */

const PIECE = 64 * 1024;
/** What sealing adds to a piece: version, nonce and authentication tag. */
const SEAL_OVERHEAD = seal(Buffer.alloc(32), Buffer.alloc(0), '').length;
const SEALED_PIECE = PIECE + SEAL_OVERHEAD;
/** What archives found within uploads are called. */
const KEPT = 'kept-';

/** One spooled file: plain data, to be opened in any thread. */
export interface Spooled {
  path: string;
  /** Bytes before sealing. */
  size: number;
}

/** The uploads of imports that are not done yet. */
export class Spool {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Writes one file of an import to its end, sealed with a key made by `spoolKey`. On a failure (ENOSPC, a client
   * gone) the caller removes the import's files.
   */
  async write(importId: string, name: string, key: Buffer, bytes: Readable): Promise<Spooled> {
    const folder = join(this.#folder, importId);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, name);
    const sealing = new Sealing(key, contextOf(path));
    await pipeline(bytes, sealing, createWriteStream(path, { mode: 0o600, flags: 'wx' }));
    return { path, size: sealing.size };
  }

  /** Writes an archive found within another, the `ordinal`th of its import. */
  async keep(importId: string, ordinal: number, key: Buffer, bytes: Readable): Promise<Spooled> {
    return this.write(importId, `${KEPT}${ordinal}`, key, bytes);
  }

  /** Removes what `keep` wrote: an import that was killed keeps them anew. */
  async removeKept(importId: string): Promise<void> {
    const folder = join(this.#folder, importId);
    for (const name of await namesIn(folder)) {
      if (name.startsWith(KEPT)) await rm(join(folder, name), { force: true });
    }
  }

  /** Removes an import's files, if there are any. */
  async remove(importId: string): Promise<void> {
    await rm(join(this.#folder, importId), { recursive: true, force: true });
  }

  /** Removes the files of all imports but these: those whose server died while it received them. */
  async removeAllBut(importIds: ReadonlySet<string>): Promise<void> {
    for (const name of await namesIn(this.#folder)) if (!importIds.has(name)) await this.remove(name);
  }
}

/** The key that seals an athlete's files in the spool. */
export function spoolKey(dataKey: Buffer): Buffer {
  return deriveKey(dataKey, 'spool');
}

/** Opens a spooled file. Reading throws TrackFileError where its bytes are damaged, missing or another file's. */
export async function openSpooled({ path, size }: Spooled, key: Buffer): Promise<Source> {
  const file = await open(path);
  const context = contextOf(path);
  const stream = (start: number, end: number) =>
    pieces({ file, context, key, size }, start, Math.min(end, size));
  return {
    size,
    async read(offset, length) {
      if (offset + length > size) throw new RangeError('the file ends before that');
      const found: Buffer[] = [];
      for await (const piece of stream(offset, offset + length)) found.push(piece);
      return found.length === 1 ? found[0] : Buffer.concat(found);
    },
    stream,
    close: () => file.close(),
  };
}

/** What the pieces of a file are bound to: its import and its name, wherever the data folder is moved. */
function contextOf(path: string): string {
  return `spool:${basename(join(path, '..'))}:${basename(path)}`;
}

interface Sealed {
  file: FileHandle;
  context: string;
  key: Buffer;
  size: number;
}

async function* pieces(
  { file, context, key, size }: Sealed,
  start: number,
  end: number,
): AsyncGenerator<Buffer> {
  for (let piece = Math.floor(start / PIECE); piece * PIECE < end; piece++) {
    const from = piece * PIECE;
    const sealed = Buffer.allocUnsafe(Math.min(PIECE, size - from) + SEAL_OVERHEAD);
    const { bytesRead } = await file.read(sealed, 0, sealed.length, piece * SEALED_PIECE);
    const plain = opened(key, sealed.subarray(0, bytesRead), `${context}:${piece}`);
    yield plain.subarray(Math.max(0, start - from), Math.min(plain.length, end - from));
  }
}

function opened(key: Buffer, sealed: Buffer, context: string): Buffer {
  try {
    return unseal(key, sealed, context);
  } catch (error) {
    throw new TrackFileError('not_readable', 'it was damaged on the disk of the server', { cause: error });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

class Sealing extends Transform {
  size = 0;
  readonly #key: Buffer;
  readonly #context: string;
  readonly #piece = Buffer.allocUnsafe(PIECE);
  #filled = 0;
  #pieces = 0;

  constructor(key: Buffer, context: string) {
    super();
    this.#key = key;
    this.#context = context;
  }

  override _transform(bytes: Buffer, _: BufferEncoding, done: TransformCallback): void {
    this.size += bytes.length;
    for (let at = 0; at < bytes.length; ) {
      const taken = bytes.copy(this.#piece, this.#filled, at);
      at += taken;
      this.#filled += taken;
      if (this.#filled === PIECE) this.#push();
    }
    done();
  }

  override _flush(done: TransformCallback): void {
    if (this.#filled > 0) this.#push();
    done();
  }

  #push(): void {
    const plain = this.#piece.subarray(0, this.#filled);
    this.push(seal(this.#key, plain, `${this.#context}:${this.#pieces++}`));
    this.#filled = 0;
  }
}
