import { deriveKey } from '../athletes/seal.ts';
import { type Found, walk } from '../tracks/archive.ts';
import { Channel } from './channel.ts';
import { type KnownDigests, knownDigests, wordsDigest } from './digest.ts';
import { isDiskFull, isPassing } from './faults.ts';
import { alone } from './import-lock.ts';
import type { ImportPool } from './import-pool.ts';
import type { ReadResult } from './import-worker.ts';
import type { Failure, ImportSource, Imports, Progress } from './imports.ts';
import { type Prepared, type Provenance, prepareRow } from './prepare.ts';
import type { Spool } from './spool.ts';
import { saveActivities, type WriteDeps } from './write.ts';

export interface ImportDeps extends WriteDeps {
  imports: Imports;
  spool: Spool;
  pool: ImportPool;
  log: { warn(details: object, message: string): void };
}

/** What was read of one thing found, on its way to be saved. */
interface Read {
  name: string;
  result: ReadResult;
}

interface Keys {
  digestKey: Buffer;
  tagKey: Buffer;
}

/** How many things found may wait to be read: they are names, not bytes, and say early how many there are. */
const MOST_FOUND = 50_000;
/** Bytes read that may wait to be saved. */
const MOST_READ = 8 * 2 ** 20;
/** Files saved in one transaction: fewer commits, and little is repeated should one of them fail. */
const BATCH = 16;
/** Progress is stored this often at most, in milliseconds. */
const PROGRESS_EVERY = 300;

/**
 * Runs one import to its end: find → read (in threads) → save, three loops with bounded queues between them.
 * Rejects only for what another attempt may mend (the database is away, the server stops); then the same import
 * is run again, passes quickly over what was saved, and counts anew.
 */
export async function runImport(deps: ImportDeps, importId: string, signal: AbortSignal): Promise<void> {
  await alone(deps.db, `import:${importId}`, async () => {
    const begun = await deps.imports.begin(importId);
    if (!begun) return;
    const key = await deps.keyring.dataKey(begun.athleteId);
    const keys = { digestKey: deriveKey(key, 'digest'), tagKey: deriveKey(key, 'map') };
    const run = new Run(deps, { id: importId, athleteId: begun.athleteId, keys, signal });
    await deps.imports.finish(importId, await run.all(begun.sources));
    if (begun.spooled) await deps.spool.remove(importId);
  });
}

class Run {
  readonly #deps: ImportDeps;
  readonly #about: { id: string; athleteId: string; keys: Keys; signal: AbortSignal };
  readonly #progress: Progress = { total: 0, done: 0, points: 0 };
  readonly #found = new Channel<Found & { provenance: Provenance }>(MOST_FOUND);
  readonly #read = new Channel<Read>(MOST_READ, weight);
  #stored = '';

  constructor(deps: ImportDeps, about: { id: string; athleteId: string; keys: Keys; signal: AbortSignal }) {
    this.#deps = deps;
    this.#about = about;
  }

  async all(sources: readonly ImportSource[]): Promise<'done' | 'failed'> {
    const { signal } = this.#about;
    const stop = () => this.#stop(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    const ticking = setInterval(() => this.#store().catch(() => {}), PROGRESS_EVERY);
    try {
      signal.throwIfAborted();
      await this.#together([this.#find(sources), this.#readAll(), this.#saveAll()]);
      return 'done';
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      await this.#fail([
        { name: '', code: 'disk_full', message: 'The disk is full. What was imported before stays.' },
      ]);
      return 'failed';
    } finally {
      clearInterval(ticking);
      signal.removeEventListener('abort', stop);
      await this.#store().catch(() => {});
    }
  }

  /** The first loop that fails stops the others; rejects once all of them have ended. */
  async #together(loops: readonly Promise<void>[]): Promise<void> {
    for (const loop of loops) loop.catch((error) => this.#stop(error));
    const failed = (await Promise.allSettled(loops)).find(({ status }) => status === 'rejected');
    if (failed) throw (failed as PromiseRejectedResult).reason;
  }

  #stop(error: unknown): void {
    this.#found.fail(error);
    this.#read.fail(error);
  }

  async #find(sources: readonly ImportSource[]): Promise<void> {
    for (const source of sources) {
      for await (const found of walk(source.path)) {
        this.#progress.total++;
        await this.#found.push({ ...found, provenance: 'upload' });
      }
    }
    this.#found.close();
  }

  /** As many readers as threads, and one more so that a thread never waits for its next file. */
  async #readAll(): Promise<void> {
    const known = knownDigests(await this.#digests());
    const readers = Array.from({ length: this.#deps.pool.threads + 1 }, () => this.#reader(known));
    await this.#together(readers);
    this.#read.close();
  }

  async #digests(): Promise<Buffer[]> {
    const rows = await this.#deps
      .db('recordings')
      .where({ athlete_id: this.#about.athleteId })
      .select<{ digest: Buffer }[]>('digest');
    return rows.map(({ digest }) => digest);
  }

  async #reader(known: KnownDigests): Promise<void> {
    for (;;) {
      const [found] = await this.#found.take(1);
      if (!found) return;
      await this.#read.push(await this.#readOne(found, known));
    }
  }

  async #readOne(found: Found & { provenance: Provenance }, known: KnownDigests): Promise<Read> {
    const { keys, signal } = this.#about;
    const { provenance } = found;
    if (found.kind === 'failed') return { name: found.name, result: found };
    if (found.kind === 'manual') {
      const { row } = found;
      const digest = wordsDigest(keys.digestKey, [row.activityId, row.startedAt, row.sport, row.name]);
      const prepared = prepareRow(row, { digest, provenance });
      return { name: row.name ?? row.activityId, result: { kind: 'prepared', prepared: [prepared] } };
    }
    const { name, ref, row } = found.entry;
    return { name, result: await this.#deps.pool.read({ ref, row, provenance, ...keys, known }, signal) };
  }

  async #saveAll(): Promise<void> {
    for (;;) {
      const batch = await this.#read.take(BATCH);
      if (batch.length === 0) return;
      const failures = await this.#save(batch);
      for (const { name, result } of batch) {
        if (result.kind === 'failed') failures.push({ name, code: result.code, message: result.message });
      }
      await this.#fail(failures);
      this.#progress.done += batch.length;
    }
  }

  /** Saves a batch in one transaction; if that fails, one by one, to tell which of them it was. */
  async #save(batch: readonly Read[]): Promise<Failure[]> {
    try {
      await this.#write(batch.flatMap(preparedOf));
      return [];
    } catch (error) {
      if (isDiskFull(error) || isPassing(error)) throw error;
      const [first, ...others] = batch;
      if (others.length > 0) return (await Promise.all(batch.map((one) => this.#save([one])))).flat();
      this.#deps.log.warn({ err: error, importId: this.#about.id }, 'an activity could not be stored');
      return [{ name: first.name, code: 'not_stored', message: 'It could not be stored.' }];
    }
  }

  async #write(prepared: Prepared[]): Promise<void> {
    if (prepared.length === 0) return;
    await saveActivities(this.#deps, this.#about.athleteId, prepared);
    for (const { pointCount } of prepared) this.#progress.points += pointCount;
  }

  async #fail(failures: readonly Failure[]): Promise<void> {
    await this.#deps.imports.fail(this.#about.athleteId, this.#about.id, failures);
  }

  async #store(): Promise<void> {
    const now = JSON.stringify(this.#progress);
    if (now === this.#stored) return;
    this.#stored = now;
    await this.#deps.imports.progress(this.#about.id, this.#progress);
  }
}

function preparedOf({ result }: Read): Prepared[] {
  return result.kind === 'prepared' ? result.prepared : [];
}

/** Bytes that a file's result holds until it is saved. */
function weight(read: Read): number {
  let bytes = 1024;
  for (const { source, drawing } of preparedOf(read)) {
    bytes += (source?.length ?? 0) + (drawing ? drawing.coarse.length + drawing.fine.length : 0);
  }
  return bytes;
}
