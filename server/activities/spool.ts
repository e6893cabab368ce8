import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { seal, open as unseal } from '../athletes/seal.ts';

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

/** One spooled upload. */
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

  /** Writes one upload to its end. On a failure (ENOSPC, a client gone) the caller removes the import's folder. */
  async write(importId: string, ordinal: number, key: Buffer, bytes: Readable): Promise<Spooled> {
    const folder = join(this.#folder, importId);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, `${ordinal}`);
    const sealing = new Sealing(key, contextOf(importId, ordinal));
    await pipeline(bytes, sealing, createWriteStream(path, { mode: 0o600, flags: 'wx' }));
    return { path, size: sealing.size };
  }

  /** Removes an import's uploads, if there are any. */
  async remove(importId: string): Promise<void> {
    await rm(join(this.#folder, importId), { recursive: true, force: true });
  }

  /** Removes the uploads of all imports but these: those whose server died while it received them. */
  async removeAllBut(importIds: ReadonlySet<string>): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    for (const name of names) if (!importIds.has(name)) await this.remove(name);
  }
}

/** What the pieces of one upload are bound to. */
export function contextOf(importId: string, ordinal: number): string {
  return `spool:${importId}:${ordinal}`;
}

/** Reads the bytes from `start` to `end` (exclusive) of a spooled file. Throws SealError where it is damaged. */
export async function* readSpooled(
  spooled: Spooled,
  key: Buffer,
  context: string,
  start = 0,
  end = spooled.size,
): AsyncGenerator<Buffer> {
  const file = await open(spooled.path);
  try {
    for (let piece = Math.floor(start / PIECE); piece * PIECE < end; piece++) {
      const from = piece * PIECE;
      const length = Math.min(PIECE, spooled.size - from) + SEAL_OVERHEAD;
      const sealed = Buffer.allocUnsafe(length);
      const { bytesRead } = await file.read(sealed, 0, length, piece * SEALED_PIECE);
      const plain = unseal(key, sealed.subarray(0, bytesRead), `${context}:${piece}`);
      yield plain.subarray(Math.max(0, start - from), Math.min(plain.length, end - from));
    }
  } finally {
    await file.close();
  }
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
