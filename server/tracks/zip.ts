import { fromRandomAccessReaderPromise, RandomAccessReader } from 'yauzl';
import { LIMITS, type Limits } from './limits.ts';
import { TrackFileError } from './recording.ts';
import type { Source } from './source.ts';
import { unpack } from './unpack.ts';

/** Where in a source an archive's member lies, and how it is packed: plain data. */
export interface Member {
  /** Of its local header. */
  offset: number;
  packed: number;
  /** Unpacked. */
  size: number;
  /** 0 stored, 8 deflated. */
  method: number;
}

export interface ZipEntry extends Member {
  /** Relative, with slashes, never leaving the archive. */
  name: string;
  encrypted: boolean;
}

/** What one archive may ask of us. */
export interface ArchiveLimits {
  entries: number;
  /** Bytes all of its members unpack to. */
  unpacked: number;
}

const LOCAL_HEADER = 0x04034b50;
const LOCAL_HEADER_BYTES = 30;
const SYMLINK = 0xa000;

/**
 * The files in the zip archive that lies in `source` from `start` on, from its directory alone: folders, links
 * and what takes no room are left out. Throws TrackFileError for one that is damaged, too large, or unsafe: names
 * that lead out of it, or members that together unpack to far more than it holds (bombs).
 */
export async function listZip(
  source: Source,
  start: number,
  size: number,
  limits: ArchiveLimits,
): Promise<ZipEntry[]> {
  const entries: ZipEntry[] = [];
  let unpacked = 0;
  try {
    const zip = await fromRandomAccessReaderPromise(new SliceReader(source, start), size, {
      autoClose: false,
    });
    for await (const entry of zip.eachEntry()) {
      if (entries.length >= limits.entries) {
        throw new TrackFileError(
          'too_many_files',
          `it holds more than ${limits.entries.toLocaleString('en')} files`,
        );
      }
      const isLink =
        ((entry.externalFileAttributes >>> 16) & 0xf000) === SYMLINK && entry.versionMadeBy >> 8 === 3;
      if (entry.fileName.endsWith('/') || isLink) continue;
      unpacked += entry.uncompressedSize;
      entries.push({
        name: entry.fileName,
        offset: start + entry.relativeOffsetOfLocalHeader,
        packed: entry.compressedSize,
        size: entry.uncompressedSize,
        method: entry.compressionMethod,
        encrypted: entry.isEncrypted(),
      });
    }
  } catch (error) {
    throw zipError(error);
  }
  if (unpacked > LIMITS.ratioFrom && unpacked > size * LIMITS.ratio) {
    throw new TrackFileError(
      'unsafe_archive',
      `it unpacks to more than ${LIMITS.ratio} times its size: a zip bomb`,
    );
  }
  if (unpacked > limits.unpacked) {
    throw new TrackFileError(
      'too_large',
      `it unpacks to more than ${Math.floor(limits.unpacked / 2 ** 30)} GB`,
    );
  }
  return entries;
}

/** What a member of an archive holds, unpacked. Throws TrackFileError where it cannot be. */
export async function* openMember(
  source: Source,
  member: Member,
  limits: Pick<Limits, 'ratio' | 'ratioFrom'> = LIMITS,
): AsyncGenerator<Uint8Array> {
  const start = await dataStart(source, member);
  const packed = source.stream(start, start + member.packed);
  if (member.method === 0) {
    yield* packed;
    return;
  }
  let given = 0;
  for await (const chunk of unpack(packed, 'deflate', limits).chunks) {
    given += chunk.length;
    if (given > member.size)
      throw new TrackFileError('unsafe_archive', 'it unpacks to more than the archive says');
    yield chunk;
  }
}

/** Where the packed bytes of a member begin. */
export async function dataStart(source: Source, { offset, packed }: Member): Promise<number> {
  const header = await source.read(offset, LOCAL_HEADER_BYTES).catch(() => null);
  const found = header?.readUInt32LE(0) === LOCAL_HEADER;
  const start =
    header && found ? offset + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28) : 0;
  if (!found || start + packed > source.size) {
    throw new TrackFileError('malformed_zip', 'the archive is damaged where this file should be');
  }
  return start;
}

/** Part of a source, as yauzl reads it: small pieces one after the other, which come from one larger piece. */
class SliceReader extends RandomAccessReader {
  readonly #source: Source;
  readonly #start: number;
  #piece: Buffer = Buffer.alloc(0);
  #pieceStart = 0;

  constructor(source: Source, start: number) {
    super();
    this.#source = source;
    this.#start = start;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null) => void,
  ): void {
    this.#read(this.#start + position, length).then(
      (bytes) => {
        bytes.copy(buffer, offset);
        done(null);
      },
      (error: Error) => done(error),
    );
  }

  override close(done: (error: Error | null) => void): void {
    done(null);
  }

  async #read(position: number, length: number): Promise<Buffer> {
    const inPiece =
      position >= this.#pieceStart && position + length <= this.#pieceStart + this.#piece.length;
    if (!inPiece) {
      const most = Math.max(length, Math.min(64 * 1024, this.#source.size - position));
      this.#piece = await this.#source.read(position, most);
      this.#pieceStart = position;
    }
    return this.#piece.subarray(position - this.#pieceStart, position - this.#pieceStart + length);
  }
}

/** From yauzl's words to ours; what is not about the archive is passed on. */
function zipError(error: unknown): unknown {
  if (error instanceof TrackFileError || !(error instanceof Error)) return error;
  if ('code' in error && typeof error.code === 'string' && !(error instanceof RangeError)) return error;
  const fault = (
    code: 'unsafe_archive' | 'encrypted' | 'unsupported_zip' | 'malformed_zip',
    message: string,
  ) => new TrackFileError(code, message, { cause: error });
  if (/relative path|absolute path|invalid characters/.test(error.message)) {
    return fault('unsafe_archive', 'it holds names that lead out of it, so nothing of it is read');
  }
  if (/encryption/.test(error.message)) return fault('encrypted', 'it is encrypted');
  if (/multi-disk/.test(error.message)) return fault('unsupported_zip', 'it is one part of several');
  return fault('malformed_zip', 'it is a damaged or incomplete archive');
}
