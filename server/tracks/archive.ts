import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LIMITS, tooLarge } from './limits.ts';
import { sniff } from './parse.ts';
import { TrackFileError, type TrackFileFault } from './recording.ts';
import { type OpenSource, openFile, type Source } from './source.ts';
import { type ExportRow, readActivitiesCsv } from './strava-export.ts';
import { type ArchiveLimits, dataStart, listZip, type Member, openMember } from './zip.ts';

/** Where the bytes of a file are, however deep in archives: plain data, to be opened in any thread. */
export interface EntryRef {
  path: string;
  /** Null where the file at `path` is meant itself. */
  member: Member | null;
}

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
  /** Opens paths; files of this machine by default. Folders are looked into only by default. */
  open?: OpenSource;
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
  /** Folders in folders. */
  folders: number;
  /** Bytes of one recording, unpacked if it is packed by an archive. */
  file: number;
}

export const WALK_LIMITS: WalkLimits = {
  entries: 200_000,
  unpacked: 64 * 2 ** 30,
  nesting: 1,
  folders: 32,
  file: LIMITS.bytes,
};

/** The bytes an entry refers to. Throws TrackFileError where an archive is damaged there. */
export async function* openEntry(ref: EntryRef, open: OpenSource = openFile): AsyncGenerator<Uint8Array> {
  const source = await open(ref.path);
  try {
    yield* ref.member ? openMember(source, ref.member) : source.stream(0, source.size);
  } finally {
    await source.close();
  }
}

/**
 * Finds all that may be recordings in a file, a folder or a zip file, with archives in archives and Strava's bulk
 * export joined with its list. Reads directories and first bytes only. Never throws for what is wrong with the
 * files: that is found too, as `failed`.
 */
export function walk(path: string, options: WalkOptions = {}): AsyncGenerator<Found> {
  return new Walk(options).all(path);
}

/** A file somewhere, before it is known what it is. */
interface Listed {
  /** Relative to what is listed, with slashes. */
  name: string;
  size: number;
  ref: EntryRef;
  fault?: TrackFileError;
}

/** A Strava export somewhere in a listing. */
interface Export {
  /** Of everything that belongs to it: empty, or ending in a slash. */
  prefix: string;
  rows: ExportRow[];
}

const RECORDING = /\.(gpx|tcx|fit)(\.gz)?$/i;
/** Left unopened beside recordings. */
const FOREIGN =
  /\.(jpe?g|png|gif|heic|webp|tiff?|bmp|svg|mp4|mov|avi|m4v|mp3|wav|pdf|docx?|xlsx?|pptx?|odt|ods|txt|md|rtf|csv|json|geojson|html?|kml|kmz|xsl|xsd|plist|ini|log|db|sqlite|exe|dll|js|ts|py|tar|tar\.gz|tgz|7z|rar|bz2|xz|jar|apk)$/i;
const HIDDEN = /(^|\/)(\.[^/]|__MACOSX(\/|$)|Thumbs\.db$|desktop\.ini$)/i;
const LIST = /(^|\/)activities\.csv$/i;
const HEAD = 4096;

class Walk {
  readonly #open: OpenSource;
  readonly #keep: NonNullable<WalkOptions['keep']>;
  readonly #limits: WalkLimits;
  readonly #name: string | undefined;
  readonly #inFolders: boolean;
  #seen = 0;

  constructor({ name, open = openFile, keep = keepTemporarily, limits = WALK_LIMITS }: WalkOptions) {
    this.#open = open;
    this.#keep = keep;
    this.#limits = limits;
    this.#name = name;
    this.#inFolders = open === openFile;
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
        const rows = RECORDING.test(name) ? null : await this.#tryList(source);
        if (!rows)
          throw new TrackFileError('unknown_format', 'it is neither GPX, TCX, FIT nor a zip file of them');
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
    for (const one of visible) {
      if (!LIST.test(one.name)) continue;
      try {
        const rows = readActivitiesCsv(await this.#whole(one));
        exports.push({ prefix: one.name.slice(0, -'activities.csv'.length), rows });
      } catch (error) {
        yield failed(where + one.name, error);
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

  /** An export is its list, row by row, and what else lies in its folder of recordings; nothing beside it is read. */
  async *#export(
    { prefix, rows }: Export,
    members: Listed[],
    where: string,
    nesting: number,
  ): AsyncGenerator<Found> {
    const recordings = new Map<string, Listed>();
    for (const one of members) {
      const name = one.name.slice(prefix.length);
      if (/^activities\//i.test(name)) recordings.set(unzippedName(name), one);
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
    for (const one of rest) yield* this.#candidate(one, where, nesting);
  }

  /** A file among others: one that does not look like a recording is passed over. */
  async *#candidate(one: Listed, where: string, nesting: number): AsyncGenerator<Found> {
    if (RECORDING.test(one.name)) {
      yield this.#track(one, where);
      return;
    }
    if (FOREIGN.test(one.name) || one.size === 0) return;
    try {
      const isZip = /\.zip$/i.test(one.name);
      if (one.fault) {
        if (isZip) throw one.fault;
        return;
      }
      const head = await this.#head(one.ref);
      const format = sniff(head);
      if (format === 'zip' && isZip) yield* this.#nested(one, where, nesting);
      else if (isZip) throw new TrackFileError('malformed_zip', 'it is not a zip file');
      else if (format === 'fit') yield this.#track(one, where);
      else if (
        format === 'xml' &&
        /<(\w+:)?(gpx|TrainingCenterDatabase)\b/i.test(head.toString('latin1').replaceAll('\0', ''))
      ) {
        yield this.#track(one, where);
      } else if (format === 'gzip' && /(^|\/)[^./]+(\.gz)?$/i.test(one.name)) yield this.#track(one, where);
    } catch (error) {
      if (isEmpty(error)) return;
      yield failed(where + one.name, error);
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
              `it is packed in a way that is not supported (${member.method})`,
            )
          : undefined;
      return { name, size: member.size, ref: { path, member }, fault };
    });
  }

  /** All files below a folder, in order of their names. Links to folders are followed once. */
  async #listFolder(root: string): Promise<Listed[]> {
    const listed: Listed[] = [];
    const visited = new Set<string>();
    const visit = async (folder: string, prefix: string, depth: number): Promise<void> => {
      const about = await stat(folder);
      const identity = `${about.dev}:${about.ino}`;
      if (visited.has(identity) || depth > this.#limits.folders) return;
      visited.add(identity);
      const children = await readdir(folder, { withFileTypes: true });
      children.sort((a, b) => (a.name < b.name ? -1 : 1));
      for (const child of children) {
        if (HIDDEN.test(child.name)) continue;
        const path = join(folder, child.name);
        const name = prefix + child.name;
        try {
          const target = child.isSymbolicLink() ? await stat(path) : child;
          if (target.isDirectory()) await visit(path, `${name}/`, depth + 1);
          else if (target.isFile()) {
            if (++this.#seen > this.#limits.entries) {
              throw new TrackFileError(
                'too_many_files',
                `there are more than ${this.#limits.entries.toLocaleString('en')} files`,
              );
            }
            const { size } = child.isSymbolicLink() ? await stat(path) : await lstat(path);
            listed.push({ name, size, ref: { path, member: null } });
          }
        } catch (error) {
          if (error instanceof TrackFileError) throw error;
          // a link that leads nowhere, a folder nobody may read
          const fault = faultOf(error);
          listed.push({
            name,
            size: 1,
            ref: { path, member: null },
            fault: new TrackFileError(fault.code, fault.message),
          });
        }
      }
    };
    await visit(root, '', 0);
    return listed;
  }

  async #tryList(source: Source): Promise<ExportRow[] | null> {
    try {
      if (source.size > LIMITS.bytes) return null;
      return readActivitiesCsv(await source.read(0, source.size));
    } catch (error) {
      if (error instanceof TrackFileError) return null;
      throw error;
    }
  }

  async #whole({ ref, size, fault }: Listed): Promise<Buffer> {
    if (fault) throw fault;
    if (size > LIMITS.bytes) throw tooLarge(LIMITS.bytes);
    const chunks: Uint8Array[] = [];
    for await (const chunk of openEntry(ref, this.#open)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async #head(ref: EntryRef): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of openEntry(ref, this.#open)) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= HEAD) break;
    }
    return Buffer.concat(chunks).subarray(0, HEAD);
  }
}

/** Some people unpack what is gzipped in an export, and the list does not know. */
function unzippedName(name: string): string {
  return name.toLowerCase().replace(/\.gz$/, '');
}

function failed(name: string, error: unknown): Found {
  return { kind: 'failed', name, ...faultOf(error) };
}

/** Throws what is not the file's fault: no room on the disk, no memory. */
function faultOf(error: unknown): { code: TrackFileFault; message: string } {
  if (error instanceof TrackFileError) return { code: error.code, message: error.message };
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return { code: 'missing_file', message: 'there is no such file' };
  if (code === 'EACCES' || code === 'EPERM')
    return { code: 'not_readable', message: 'no permission to read it' };
  if (code === 'ELOOP') return { code: 'not_readable', message: 'it is a link that leads to itself' };
  if (code === 'EIO') return { code: 'not_readable', message: 'the disk cannot read it' };
  throw error;
}

function isEmpty(error: unknown): boolean {
  return error instanceof TrackFileError && error.code === 'empty_file';
}

let folder: string | null = null;
let kept = 0;

async function keepTemporarily(archive: AsyncIterable<Uint8Array>): Promise<string> {
  if (folder === null) {
    const made = mkdtempSync(join(tmpdir(), 'pathglow-'));
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  const path = join(folder, `${kept++}.zip`);
  await pipeline(
    Readable.from(archive, { objectMode: false }),
    createWriteStream(path, { mode: 0o600, flags: 'wx' }),
  );
  return path;
}
