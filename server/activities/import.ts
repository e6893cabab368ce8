import type { Knex } from 'knex';
import { UnknownAthlete } from '../athletes/keyring.ts';
import { deriveKey } from '../athletes/seal.ts';
import { isDiskFull, isPassing } from '../http/faults.ts';
import type { Found } from '../tracks/archive.ts';
import { Channel } from './channel.ts';
import { type KnownDigests, knownDigests, wordsDigest } from './digest.ts';
import { ImportFiles } from './import-files.ts';
import { alone } from './import-lock.ts';
import { DISK_FULL, type FileOutcome } from './import-outcomes.ts';
import type { ImportPool } from './import-pool.ts';
import { outcomesOf, preparedOf, type Read, weight } from './import-read.ts';
import type { Imports, Progress } from './imports.ts';
import { prepareRow } from './prepare.ts';
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

/** One thing found, under its number. */
interface Numbered {
  ordinal: number;
  found: Found;
}

interface About {
  id: string;
  athleteId: string;
  digestKey: Buffer;
  tagKey: Buffer;
  /** Activities that it added before it was begun again. */
  added: number;
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
 * is run again, passes quickly over what was saved, and goes on. Throws UnknownAthlete when the athlete was
 * deleted meanwhile; nothing of the import is left then.
 */
export async function runImport(deps: ImportDeps, importId: string, signal: AbortSignal): Promise<void> {
  await alone(deps.db, `import:${importId}`, async () => {
    const begun = await deps.imports.begin(importId);
    if (!begun) return;
    const { athleteId, sources, spooled, added } = begun;
    const key = await deps.keyring.dataKey(athleteId);
    const files = new ImportFiles({ spool: deps.spool, importId, key: spoolKey(key), sources, spooled });
    // left by a run that was killed
    await files.forget();
    const keys = { digestKey: deriveKey(key, 'digest'), tagKey: deriveKey(key, 'map') };
    const run = new Run(deps, { id: importId, athleteId, ...keys, added, files, signal });
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
  readonly #progress: Progress;
  readonly #found = new Channel<Numbered>(MOST_FOUND);
  readonly #read = new Channel<Read>(MOST_READ, weight);
  readonly #room = new Room(MOST_POINTS);
  #stored = '';
  #storing = Promise.resolve();

  constructor(deps: ImportDeps, about: About) {
    this.#deps = deps;
    this.#about = about;
    this.#progress = { total: 0, done: 0, points: 0, added: about.added };
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
      await this.#record([{ ordinal: 0, name: '', outcome: 'failed', ...whyOf(error) }]).catch((fault) => {
        // a full disk may have no room for these words either
        if (!isDiskFull(fault)) throw fault;
      });
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
      await this.#found.push({ ordinal: ++this.#progress.total, found });
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
      const { ordinal } = found;
      await this.#read.push({ ordinal, ...(await this.#readOne(found.found, known)) });
    }
  }

  async #readOne(found: Found, known: Known): Promise<Omit<Read, 'ordinal'>> {
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
      await this.#save(batch);
      this.#progress.done += batch.length;
    }
  }

  /**
   * Saves a batch and what became of each of its files, in one transaction; if that fails, one by one, to tell which of
   * them it was.
   */
  async #save(batch: readonly Read[]): Promise<void> {
    const { db } = this.#deps;
    const { athleteId, id } = this.#about;
    const prepared = batch.flatMap(preparedOf);
    try {
      if (prepared.length === 0) return await this.#record(await outcomesOf(db, athleteId, batch, []));
      const saved = await saveActivities(this.#deps, athleteId, prepared, async (trx, saved) =>
        this.#record(await outcomesOf(trx, athleteId, batch, saved), trx),
      );
      this.#progress.added += saved.filter(({ outcome }) => outcome === 'created').length;
    } catch (error) {
      if (isDiskFull(error) || isPassing(error) || error instanceof UnknownAthlete) throw error;
      if (batch.length > 1) {
        for (const one of batch) await this.#save([one]);
        return;
      }
      this.#deps.log.warn({ err: error, importId: id }, 'an activity could not be stored');
      const [{ ordinal, name }] = batch;
      const why = { code: 'not_stored', message: 'it could not be stored' };
      return this.#record([{ ordinal, name, outcome: 'failed', ...why }]);
    }
    for (const { pointCount } of prepared) this.#progress.points += pointCount;
  }

  async #record(files: readonly FileOutcome[], trx?: Knex): Promise<void> {
    await this.#deps.imports.record(this.#about.athleteId, this.#about.id, files, trx);
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

/** What is told of an import that could not go on. */
function whyOf(error: unknown): Pick<FileOutcome, 'code' | 'message'> {
  if (isDiskFull(error)) return DISK_FULL;
  return { code: 'stopped', message: 'Something went wrong on the server. What was imported before stays.' };
}

/** By the fewest bytes that a point takes in a file of that name. */
function likelyPoints(name: string, bytes: number): number {
  return bytes / (/\.gpx$/i.test(name) ? 60 : /\.tcx$/i.test(name) ? 150 : 10);
}
