import { createHash } from 'node:crypto';
import { type EntryRef, faultOf, openEntry } from '../tracks/entry.ts';
import { parseTrackFile } from '../tracks/parse.ts';
import { type Note, TrackFileError } from '../tracks/recording.ts';
import { openFile } from '../tracks/source.ts';
import type { ExportRow } from '../tracks/strava-export.ts';
import { isKnown, type KnownDigests, partDigest } from './digest.ts';
import { type Prepared, type Provenance, prepare } from './prepare.ts';
import { openSpooled, type Spooled } from './spool.ts';

export { prepareAll } from './prepare-all.ts';
export { redraw, redrawPublic } from './redraw.ts';

/** One file to read, in a worker thread. */
export interface ReadTask {
  ref: EntryRef;
  /** The spooled file that `ref` leads into, and its key; null where it is a file of this machine. */
  sealed: (Spooled & { key: Uint8Array }) | null;
  row?: ExportRow;
  provenance: Provenance;
  digestKey: Uint8Array;
  tagKey: Uint8Array;
  known: KnownDigests;
}

export type ReadResult =
  | {
      kind: 'prepared';
      prepared: Prepared[];
      /** What was wrong with the file, and could be passed over. */
      note?: Note;
    }
  /** The file itself was imported before; `digest`: of its first recording. */
  | { kind: 'known'; digest: Uint8Array }
  | {
      kind: 'failed';
      code: string;
      message: string /** For the log, where it is not the file's fault. */;
      cause?: string;
    };

/** Files up to this size (bytes) are held whole, and so opened once; larger ones are read once more to be parsed. */
const HELD = 8 * 2 ** 20;

/** From a file's bytes to everything that is stored of it. Never rejects for what is wrong with the file. */
export default async function readFile({
  ref,
  sealed,
  row,
  known,
  digestKey,
  ...keys
}: ReadTask): Promise<ReadResult> {
  const open = sealed ? () => openSpooled(sealed, Buffer.from(sealed.key)) : openFile;
  try {
    const { hash, held } = await hashed(openEntry(ref, open));
    const digest = partDigest(digestKey, hash, 0);
    if (isKnown(known, digest)) return { kind: 'known', digest };
    const parsed = await parseTrackFile(held ? only(held) : openEntry(ref, open));
    const recorded = parsed.filter(({ planned }) => !planned);
    if (recorded.length === 0)
      throw new TrackFileError('not_an_activity', 'a planned route, not a recording');
    const prepared = recorded.map((raw, part) => {
      // a row of the export tells of one activity: the first, should its file hold more
      const about = { ...keys, row: part === 0 ? row : undefined };
      return prepare(raw, { ...about, digest: partDigest(digestKey, hash, part) });
    });
    return { kind: 'prepared', prepared, note: recorded.flatMap(({ notes }) => notes)[0] };
  } catch (error) {
    return { kind: 'failed', ...faultOfFile(error) };
  }
}

/** Hashes a file as it is read, and keeps what was read unless it is large. */
async function hashed(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ hash: Buffer; held: Uint8Array[] | null }> {
  const hash = createHash('sha256');
  let held: Uint8Array[] | null = [];
  let size = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    size += chunk.length;
    if (size > HELD) held = null;
    held?.push(chunk);
  }
  return { hash: hash.digest(), held };
}

async function* only(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

/** What is told of a failed file, without the paths of this machine. */
function faultOfFile(error: unknown): { code: string; message: string; cause?: string } {
  try {
    return faultOf(error);
  } catch {
    const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { code: 'unreadable', message: 'it could not be read', cause };
  }
}
