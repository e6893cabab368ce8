import { UnknownAthlete } from '../athletes/keyring.ts';
import { deriveKey } from '../athletes/seal.ts';
import type { Found } from '../tracks/archive.ts';
import { Channel } from './channel.ts';
import { type KnownDigests, knownDigests, wordsDigest } from './digest.ts';
import { isDiskFull, isPassing } from './faults.ts';
import { ImportFiles } from './import-files.ts';
import { alone } from './import-lock.ts';
import type { ImportPool } from './import-pool.ts';
import type { ReadResult } from './import-worker.ts';
import type { Failure, Imports, Progress } from './imports.ts';
import { type Prepared, prepareRow } from './prepare.ts';
import { Room } from './room.ts';
import { saveActivities } from './save.ts';
import { type Spool, spoolKey } from './spool.ts';
import type { WriteDeps } from './write.ts';

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

interface About {
  id: string;
  athleteId: string;
  digestKey: Buffer;
  tagKey: Buffer;
  files: ImportFiles;
  signal: AbortSignal;
}

/** What the athlete has already: files to pass over, unless a row of an export tells more about them. */
interface Known {
  digests: KnownDigests;
  stravaIds: ReadonlySet<string>;
}

/** How many things found may wait to be read: they are names, not bytes, and say early how many there are. */
const MOST_FOUND = 50_000;
/** Bytes read that may wait to be saved. */
const MOST_READ = 8 * 2 ** 20;
/**
 * Points that files being read may have together, so that threads which meet a year of points in one file each do
 * not hold it all at once.
 */
const MOST_POINTS = 2_000_000;
/** Files saved in one transaction: fewer commits, and little is repeated should one of them fail. */
const BATCH = 16;
/** Progress is stored this often at most, in milliseconds. */
const PROGRESS_EVERY = 300;
const NOTHING_KNOWN = knownDigests([]);

/**
 * Runs one import to its end: find → read (in threads) → save, three loops with bounded queues between them.
 * Rejects only for what another attempt may mend (the database is away, the server stops); then the same import
 * is run again, passes quickly over what was saved, and counts anew. Throws UnknownAthlete when the athlete was
 * deleted meanwhile; nothing of the import is left then.
 */
export async function runImport(deps: ImportDeps, importId: string, signal: AbortSignal): Promise<void> {
  await alone(deps.db, `import:${importId}`, async () => {
    const begun = await deps.imports.begin(importId);
    if (!begun) return;
    const { athleteId, sources, spooled } = begun;
    const key = await deps.keyring.dataKey(athleteId);
    const files = new ImportFiles({ spool: deps.spool, importId, key: spoolKey(key), sources, spooled });
    // left by a run that was killed
    await files.forget();
    const keys = { digestKey: deriveKey(key, 'digest'), tagKey: deriveKey(key, 'map') };
    const run = new Run(deps, { id: importId, athleteId, ...keys, files, signal });
    try {
      await deps.imports.finish(importId, await run.all());
    } catch (error) {
      // archives found within uploads may have been kept since the athlete's folders were removed
      if (error instanceof UnknownAthlete) await deps.spool.remove(importId);
      throw error;
    } finally {
      await files.forget();
    }
    await deps.spool.remove(importId);
  });
}

class Run {
  readonly #deps: ImportDeps;
  readonly #about: About;
  readonly #progress: Progress = { total: 0, done: 0, points: 0, added: 0 };
  readonly #found = new Channel<Found>(MOST_FOUND);
  readonly #read = new Channel<Read>(MOST_READ, weight);
  readonly #room = new Room(MOST_POINTS);
  #stored = '';
  #storing = Promise.resolve();

  constructor(deps: ImportDeps, about: About) {
    this.#deps = deps;
    this.#about = about;
  }

  async all(): Promise<'done' | 'failed'> {
    const { id, signal } = this.#about;
    const stop = () => this.#stop(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    const ticking = setInterval(() => this.#store(), PROGRESS_EVERY);
    try {
      signal.throwIfAborted();
      await this.#together([this.#find(), this.#readAll(), this.#saveAll()]);
      return 'done';
    } catch (error) {
      if (signal.aborted || isPassing(error) || error instanceof UnknownAthlete) throw error;
      this.#deps.log.warn({ err: error, importId: id }, 'an import failed');
      const why = isDiskFull(error)
        ? { code: 'disk_full', message: 'The disk is full. What was imported before stays.' }
        : { code: 'stopped', message: 'Something went wrong on the server. What was imported before stays.' };
      await this.#fail([{ name: '', ...why }]);
      return 'failed';
    } finally {
      clearInterval(ticking);
      signal.removeEventListener('abort', stop);
      await this.#store();
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

  async #find(): Promise<void> {
    for await (const found of this.#about.files.find()) {
      this.#progress.total++;
      await this.#found.push(found);
    }
    this.#found.close();
  }

  /** As many readers as threads, and one more so that a thread never waits for its next file. */
  async #readAll(): Promise<void> {
    const known = await this.#known();
    const readers = Array.from({ length: this.#deps.pool.threads + 1 }, () => this.#reader(known));
    await this.#together(readers);
    this.#read.close();
  }

  async #known(): Promise<Known> {
    const { db } = this.#deps;
    const owned = { athlete_id: this.#about.athleteId };
    const digests = await db('recordings').where(owned).pluck<Buffer[]>('digest');
    const stravaIds = await db('activities')
      .where(owned)
      .whereNotNull('strava_id')
      .pluck<string[]>('strava_id');
    return { digests: knownDigests(digests), stravaIds: new Set(stravaIds) };
  }

  async #reader(known: Known): Promise<void> {
    for (;;) {
      const [found] = await this.#found.take(1);
      if (!found) return;
      await this.#read.push(await this.#readOne(found, known));
    }
  }

  async #readOne(found: Found, known: Known): Promise<Read> {
    const { digestKey, tagKey, files, signal } = this.#about;
    if (found.kind === 'failed') return { name: found.name, result: found };
    if (found.kind === 'manual') {
      const { row } = found;
      const digest = wordsDigest(digestKey, [row.activityId, row.startedAt, row.sport, row.name]);
      const prepared = prepareRow(row, { digest, provenance: 'bulk_export' });
      return { name: row.name ?? row.activityId, result: { kind: 'prepared', prepared: [prepared] } };
    }
    const { name, ref, size, row } = found.entry;
    const tellsMore = row !== undefined && !known.stravaIds.has(row.activityId);
    const task = {
      ref,
      sealed: files.sealedAt(ref.path),
      row,
      provenance: row ? ('bulk_export' as const) : ('upload' as const),
      digestKey,
      tagKey,
      known: tellsMore ? NOTHING_KNOWN : known.digests,
    };
    const points = likelyPoints(name, size);
    const result = await this.#room.within(points, () => this.#deps.pool.read(task, signal));
    if (result.kind === 'failed' && result.cause) {
      this.#deps.log.warn({ cause: result.cause, importId: this.#about.id }, 'a file could not be read');
    }
    return { name, result };
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
    const prepared = batch.flatMap(preparedOf);
    try {
      if (prepared.length === 0) return [];
      const saved = await saveActivities(this.#deps, this.#about.athleteId, prepared);
      this.#progress.added += saved.filter(({ outcome }) => outcome === 'created').length;
    } catch (error) {
      if (isDiskFull(error) || isPassing(error) || error instanceof UnknownAthlete) throw error;
      if (batch.length === 1) {
        this.#deps.log.warn({ err: error, importId: this.#about.id }, 'an activity could not be stored');
        return [{ name: batch[0].name, code: 'not_stored', message: 'it could not be stored' }];
      }
      const failures: Failure[] = [];
      for (const one of batch) failures.push(...(await this.#save([one])));
      return failures;
    }
    for (const { pointCount } of prepared) this.#progress.points += pointCount;
    return [];
  }

  async #fail(failures: readonly Failure[]): Promise<void> {
    await this.#deps.imports.fail(this.#about.athleteId, this.#about.id, failures);
  }

  /** One after the other, so that no older count overtakes a newer one; a count that is lost is no harm. */
  #store(): Promise<void> {
    this.#storing = this.#storing.then(async () => {
      const now = JSON.stringify(this.#progress);
      if (now === this.#stored) return;
      await this.#deps.imports.progress(this.#about.id, this.#progress).then(
        () => {
          this.#stored = now;
        },
        () => {},
      );
    });
    return this.#storing;
  }
}

function preparedOf({ result }: Read): Prepared[] {
  return result.kind === 'prepared' ? result.prepared : [];
}

/** By the fewest bytes that a point takes in a file of that name. */
function likelyPoints(name: string, bytes: number): number {
  return bytes / (/\.gpx$/i.test(name) ? 60 : /\.tcx$/i.test(name) ? 150 : 10);
}

/** Bytes that a file's result holds until it is saved. */
function weight(read: Read): number {
  let bytes = 1024;
  for (const { source, drawing } of preparedOf(read)) {
    bytes += (source?.length ?? 0) + (drawing ? drawing.coarse.length + drawing.fine.length : 0);
  }
  return bytes;
}
