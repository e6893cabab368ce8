import { Readable } from 'node:stream';
import { type Found, walk, walkTogether } from '../tracks/archive.ts';
import { openFile, type Source } from '../tracks/source.ts';
import type { ImportSource } from './imports.ts';
import { openSpooled, type Spool, type Spooled } from './spool.ts';

export interface ImportFilesOptions {
  spool: Spool;
  importId: string;
  /** Seals what is kept in the spool; made by `spoolKey`. */
  key: Buffer;
  sources: readonly ImportSource[];
  /** Whether the sources are uploads in the spool, or paths of this machine. */
  spooled: boolean;
}

/**
 * What one import reads: paths of this machine, or its sealed uploads, and archives found within archives, which
 * are kept sealed beside them while the import lasts.
 */
export class ImportFiles {
  readonly #options: ImportFilesOptions;
  readonly #spooled = new Map<string, Spooled>();
  #kept = 0;

  constructor(options: ImportFilesOptions) {
    this.#options = options;
    if (!options.spooled) return;
    for (const { path, size } of options.sources) this.#spooled.set(path, { path, size: size ?? 0 });
  }

  /** Everything that may be an activity. Rejects where archives cannot be kept (ENOSPC). */
  async *find(): AsyncGenerator<Found> {
    const { sources, spooled } = this.#options;
    const open = (path: string) => this.#open(path);
    const keep = (archive: AsyncIterable<Uint8Array>) => this.#keep(archive);
    if (!spooled) {
      for (const { path } of sources) yield* walk(path, { open, keep, folders: true });
      return;
    }
    // a folder that was dropped on the page: its list of activities tells about the files beside it
    const together = sources.filter(({ name }) => name.includes('/'));
    if (together.length > 0) {
      const files = together.map(({ name, path, size }) => ({ name, path, size: size ?? 0 }));
      yield* walkTogether(files, { open, keep });
    }
    for (const { name, path } of sources) if (!name.includes('/')) yield* walk(path, { name, open, keep });
  }

  /** How another thread opens what a path leads to: null as a file of this machine. */
  sealedAt(path: string): (Spooled & { key: Uint8Array }) | null {
    const spooled = this.#spooled.get(path);
    return spooled ? { ...spooled, key: this.#options.key } : null;
  }

  /** Removes what was found within archives. */
  async forget(): Promise<void> {
    await this.#options.spool.removeKept(this.#options.importId);
  }

  #open(path: string): Promise<Source> {
    const spooled = this.#spooled.get(path);
    return spooled ? openSpooled(spooled, this.#options.key) : openFile(path);
  }

  async #keep(archive: AsyncIterable<Uint8Array>): Promise<string> {
    const { spool, importId, key } = this.#options;
    const bytes = Readable.from(archive, { objectMode: false });
    const kept = await spool.keep(importId, this.#kept++, key, bytes);
    this.#spooled.set(kept.path, kept);
    return kept.path;
  }
}
