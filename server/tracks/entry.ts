import { TrackFileError, type TrackFileFault } from './recording.ts';
import { type OpenSource, openFile } from './source.ts';
import { type Member, openMember } from './zip.ts';

/** Where the bytes of a file are, however deep in archives: plain data, to be opened in any thread. */
export interface EntryRef {
  path: string;
  /** Null where the file at `path` is meant itself. */
  member: Member | null;
}

/** A file somewhere in a folder or an archive, before it is known what it is. */
export interface Listed {
  /** Relative to what is listed, with slashes. */
  name: string;
  size: number;
  ref: EntryRef;
  /** Why it cannot be opened. */
  fault?: TrackFileError;
}

/** The bytes an entry refers to. Throws TrackFileError where an archive is damaged there. */
export async function* openEntry(ref: EntryRef, open: OpenSource = openFile): AsyncGenerator<Uint8Array> {
  const source = await open(ref.path);
  try {
    yield* ref.member ? openMember(source, ref.member) : source.stream(0, source.size);
  } finally {
    await source.close();
  }
}

/** The first bytes an entry refers to, at most `most` of them. */
export async function readFrom(ref: EntryRef, open: OpenSource, most: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of openEntry(ref, open)) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= most) break;
  }
  return Buffer.concat(chunks).subarray(0, most);
}

/** What is wrong with a file, in our words. Throws on what is not the file's fault: no room on the disk, no memory. */
export function faultOf(error: unknown): { code: TrackFileFault; message: string } {
  if (error instanceof TrackFileError) return { code: error.code, message: error.message };
  switch ((error as NodeJS.ErrnoException | null)?.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { code: 'missing_file', message: 'there is no such file' };
    case 'EACCES':
    case 'EPERM':
      return { code: 'not_readable', message: 'no permission to read it' };
    case 'ELOOP':
      return { code: 'not_readable', message: 'it is a link that leads to itself' };
    case 'EIO':
      return { code: 'not_readable', message: 'the disk cannot read it' };
    default:
      throw error;
  }
}
