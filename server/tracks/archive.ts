import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type EntryRef, faultOf, type Listed, readFrom } from './entry.ts';
import { HIDDEN, listFolder } from './folder.ts';
import { keepTemporarily } from './keep.ts';
import { LIMITS, tooLarge } from './limits.ts';
import {
  isNamedAsForeign,
  isNamedAsRecording,
  isNamedAsZip,
  startsAsList,
  startsAsRecording,
} from './looks.ts';
import { sniff } from './parse.ts';
import { TrackFileError, type TrackFileFault } from './recording.ts';
import { type OpenSource, openFile, type Source } from './source.ts';
import { type ExportRow, MOST_LIST_BYTES, readActivitiesCsv } from './strava-export.ts';
import { type ArchiveLimits, dataStart, listZip, openMember } from './zip.ts';

export { type EntryRef, openEntry } from './entry.ts';

/** A file that may hold a recording. */
export interface Entry {
  /** As the person who gave it would find it: the path within folder and archives. */
  name: string;
  ref: EntryRef;
  /** Bytes, before any gzip is unpacked. */
  size: number;
  /** What a Strava export says about it. */
  row?: ExportRow;
}

export type Found =
  | { kind: 'track'; entry: Entry }
  | { kind: 'manual'; row: ExportRow }
  | { kind: 'failed'; name: string; code: TrackFileFault; message: string };

export interface WalkOptions {
  /** What the file is called, where its path does not say. */
  name?: string;
  /** Opens paths; files of this machine by default. */
  open?: OpenSource;
  /** Whether a path may be a folder of this machine; by default only where `open` is left out. */
  folders?: boolean;
  /**
   * Keeps an archive that lies deflated within another, and answers by which path `open` finds it for as long as
   * its entries are wanted. By default in a folder for temporary files, until this process ends.
   */
  keep?: (archive: AsyncIterable<Uint8Array>) => Promise<string>;
  limits?: WalkLimits;
}

export interface WalkLimits extends ArchiveLimits {
  /** Archives in archives: 1 is a zip file in a zip file. */
  nesting: number;
  /** Bytes of one recording, unpacked if it is packed by an archive. */
  file: number;
}

export const WALK_LIMITS: WalkLimits = {
  entries: 200_000,
  unpacked: 64 * 2 ** 30,
  nesting: 1,
  file: LIMITS.bytes,
};

/**
 * Finds all that may be recordings in a file, a folder or a zip file, with archives in archives and Strava's bulk
 * export joined with its list. Reads directories and first bytes only. Never throws for what is wrong with the
 * files: that is found too, as `failed`.
 */
export function walk(path: string, options: WalkOptions = {}): AsyncGenerator<Found> {
  return new Walk(options).all(path);
}

/** The same for files that were given together, a dropped folder's for example, each named as it is within it. */
export function walkTogether(
  files: readonly { name: string; path: string; size: number }[],
  options: WalkOptions = {},
): AsyncGenerator<Found> {
  return new Walk(options).together(files);
}

/** A Strava export somewhere in a listing. */
interface Export {
  /** Of everything that belongs to it: empty, or ending in a slash. */
  prefix: string;
  rows: ExportRow[];
}

const LIST = /(^|\/)activities\.csv$/i;
/** What an export has beside its recordings; routes were planned, not recorded. */
const NO_RECORDINGS = /^(routes|media|clubs)\//i;
const HEAD = 4096;

class Walk {
  readonly #open: OpenSource;
  readonly #keep: NonNullable<WalkOptions['keep']>;
  readonly #limits: WalkLimits;
  readonly #name: string | undefined;
  readonly #inFolders: boolean;
  #seen = 0;

  constructor(options: WalkOptions) {
    const { name, open = openFile, keep = keepTemporarily, limits = WALK_LIMITS } = options;
    this.#open = open;
    this.#keep = keep;
    this.#limits = limits;
    this.#name = name;
    this.#inFolders = options.folders ?? options.open === undefined;
  }

  async *all(path: string): AsyncGenerator<Found> {
    const name = this.#name ?? basename(path);
    try {
      if (this.#inFolders) {
        const about = await stat(path);
        if (about.isDirectory()) {
          yield* this.#listing(await this.#listFolder(path), '', 0);
          return;
        }
        if (!about.isFile()) throw new TrackFileError('not_readable', 'it is neither a file nor a folder');
      }
      yield* this.#given(path, name);
    } catch (error) {
      yield failed(name, error);
    }
  }

  together(files: readonly { name: string; path: string; size: number }[]): AsyncGenerator<Found> {
    const listed = files.map(({ name, path, size }) => ({ name, size, ref: { path, member: null } }));
    return this.#listing(listed, '', 0);
  }

  /** A file that somebody named: whatever is wrong with it is told. */
  async *#given(path: string, name: string): AsyncGenerator<Found> {
    const source = await this.#open(path);
    try {
      const head = await source.read(0, Math.min(HEAD, source.size));
      const format = sniff(head);
      if (format === 'zip') {
        const entries = await this.#listZip(source, path, 0, source.size);
        yield* this.#listing(entries, '', 0);
      } else if (format !== null) {
        if (source.size > this.#limits.file) throw tooLarge(this.#limits.file);
        yield { kind: 'track', entry: { name, ref: { path, member: null }, size: source.size } };
      } else {
        const maybe = !isNamedAsRecording(name) && startsAsList(head) && source.size <= MOST_LIST_BYTES;
        if (!maybe)
          throw new TrackFileError('unknown_format', 'it is neither GPX, TCX, FIT nor a zip file of them');
        const rows = readActivitiesCsv(await source.read(0, source.size));
        const beside = this.#inFolders
          ? await this.#listFolder(join(dirname(path), 'activities')).catch(() => [])
          : [];
        const listed = beside.map((one) => ({ ...one, name: `activities/${one.name}` }));
        yield* this.#export({ prefix: '', rows }, listed, '', 0);
      }
    } finally {
      await source.close();
    }
  }

  /** What is found in a folder or an archive. `where` leads to it, in names. */
  async *#listing(listed: Listed[], where: string, nesting: number): AsyncGenerator<Found> {
    const visible = listed.filter(({ name }) => !HIDDEN.test(name));
    const exports: Export[] = [];
    for (const one of visible.filter(({ name }) => LIST.test(name))) {
      const prefix = one.name.slice(0, -'activities.csv'.length);
      try {
        if (one.fault) throw one.fault;
        if (one.size > MOST_LIST_BYTES) throw tooLarge(MOST_LIST_BYTES);
        exports.push({ prefix, rows: readActivitiesCsv(await readFrom(one.ref, this.#open, one.size)) });
      } catch (error) {
        // other services have lists of that name too
        const belongs = visible.some(({ name }) => name.startsWith(`${prefix}activities/`));
        if (belongs) yield failed(where + one.name, error);
      }
    }
    // the innermost first
    exports.sort((a, b) => b.prefix.length - a.prefix.length);
    const belonging = new Map<Export, Listed[]>(exports.map((one) => [one, []]));
    for (const one of visible) {
      const owner = exports.find(({ prefix }) => one.name.startsWith(prefix));
      if (owner) belonging.get(owner)!.push(one);
      else yield* this.#candidate(one, where, nesting);
    }
    for (const [owner, members] of belonging) yield* this.#export(owner, members, where, nesting);
  }

  /**
   * An export is its list, row by row, and what else lies in its folder of recordings. Of what lies beside that only
   * recordings and archives are read, by their names: somebody's own files, as no export has them there.
   */
  async *#export(
    { prefix, rows }: Export,
    members: Listed[],
    where: string,
    nesting: number,
  ): AsyncGenerator<Found> {
    const recordings = new Map<string, Listed>();
    const beside: Listed[] = [];
    for (const one of members) {
      const name = one.name.slice(prefix.length);
      if (/^activities\//i.test(name)) recordings.set(unzippedName(name), one);
      else if (!NO_RECORDINGS.test(name) && (isNamedAsRecording(name) || isNamedAsZip(name)))
        beside.push(one);
    }
    const rest = new Set(recordings.values());
    for (const row of rows) {
      if (row.filename === null) {
        yield { kind: 'manual', row };
        continue;
      }
      const recording = recordings.get(unzippedName(row.filename));
      if (recording) {
        rest.delete(recording);
        yield this.#track(recording, where, row);
      } else {
        const message = 'activities.csv names this file, but it is not there';
        yield { kind: 'failed', name: where + prefix + row.filename, code: 'missing_file', message };
      }
    }
    for (const one of [...rest, ...beside]) yield* this.#candidate(one, where, nesting);
  }

  /** A file among others: one that does not look like a recording is passed over. */
  async *#candidate(one: Listed, where: string, nesting: number): AsyncGenerator<Found> {
    if (isNamedAsRecording(one.name)) {
      yield this.#track(one, where);
      return;
    }
    const isZip = isNamedAsZip(one.name);
    if (isNamedAsForeign(one.name) || (!isZip && (one.fault || one.size === 0))) return;
    try {
      if (one.fault) throw one.fault;
      const head = await readFrom(one.ref, this.#open, HEAD);
      if (!isZip) {
        if (startsAsRecording(head, one.name)) yield this.#track(one, where);
      } else if (sniff(head) === 'zip') yield* this.#nested(one, where, nesting);
      else throw new TrackFileError('malformed_zip', 'it is not a zip file');
    } catch (error) {
      if (isZip || !isEmpty(error)) yield failed(where + one.name, error);
    }
  }

  async *#nested({ name, ref, size }: Listed, where: string, nesting: number): AsyncGenerator<Found> {
    if (ref.member && nesting >= this.#limits.nesting) {
      throw new TrackFileError('too_deep', 'it is an archive in an archive in an archive');
    }
    const source = await this.#open(ref.path);
    let entries: Listed[];
    try {
      if (!ref.member) entries = await this.#listZip(source, ref.path, 0, source.size);
      else if (ref.member.method === 0) {
        // it lies there as it is: its members can be read in place
        entries = await this.#listZip(source, ref.path, await dataStart(source, ref.member), size);
      } else {
        const path = await this.#keep(openMember(source, ref.member));
        const kept = await this.#open(path);
        try {
          entries = await this.#listZip(kept, path, 0, kept.size);
        } finally {
          await kept.close();
        }
      }
    } finally {
      await source.close();
    }
    yield* this.#listing(entries, `${where}${name}/`, ref.member ? nesting + 1 : nesting);
  }

  #track({ name, size, ref, fault }: Listed, where: string, row?: ExportRow): Found {
    if (fault) return failed(where + name, fault);
    if (size > this.#limits.file) return failed(where + name, tooLarge(this.#limits.file));
    return { kind: 'track', entry: { name: where + name, ref, size, ...(row && { row }) } };
  }

  async #listZip(source: Source, path: string, start: number, size: number): Promise<Listed[]> {
    const entries = await listZip(source, start, size, {
      ...this.#limits,
      entries: this.#limits.entries - this.#seen,
    });
    this.#seen += entries.length;
    return entries.map(({ name, encrypted, ...member }) => {
      const fault = encrypted
        ? new TrackFileError('encrypted', 'it is encrypted')
        : member.method !== 0 && member.method !== 8
          ? new TrackFileError(
              'unsupported_zip',
              `it is packed in a way (${member.method}) that is not supported`,
            )
          : undefined;
      return { name, size: member.size, ref: { path, member }, fault };
    });
  }

  async #listFolder(path: string): Promise<Listed[]> {
    const listed = await listFolder(path, this.#limits.entries - this.#seen);
    this.#seen += listed.length;
    return listed;
  }
}

/** Some people unpack what is gzipped in an export, and the list does not know. */
function unzippedName(name: string): string {
  return name.toLowerCase().replace(/\.gz$/, '');
}

function failed(name: string, error: unknown): Found {
  return { kind: 'failed', name, ...faultOf(error) };
}

function isEmpty(error: unknown): boolean {
  return error instanceof TrackFileError && error.code === 'empty_file';
}
