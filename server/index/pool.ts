import type { Knex } from 'knex';
import { LRUCache } from 'lru-cache';
import { UnknownAthlete } from '../athletes/keyring.ts';
import type { AthleteIndex } from './athlete-index.ts';
import type { Source } from './load.ts';
import { catchUp, loadCoarse, loadFine } from './load.ts';
import { readRevision } from './stored.ts';
import type { Geometry } from './subject.ts';

/** What of an athlete has to be in memory: the coarse levels (z ≤ 12), or all of them. */
export type Part = 'coarse' | 'fine';

export interface IndexPoolOptions {
  db: Knex;
  /** The athlete's data key. */
  dataKey(athleteId: string): Promise<Buffer>;
  /** Whether others may see what came from Strava's API; no when left out. */
  shareStravaApi?: boolean;
  /** Bytes that loaded athletes may take; the one used last stays, however large. */
  memoryLimit: number;
  warn(message: string, details: Record<string, unknown>): void;
}

/** Milliseconds for which a compared revision is believed, unless a notice says otherwise. */
const BELIEVED = 1000;

interface Loaded {
  source: Source;
  coarse: Promise<AthleteIndex>;
  /** Begun when coarse is there. */
  fine: Promise<AthleteIndex>;
  /** Set with `coarse`, for the path that does not wait. */
  index: AthleteIndex | null;
  /** performance.now() when the last comparison with the database began. */
  comparedAt: number;
  comparing: Promise<void> | null;
  /** A notice has come since. */
  noticed: boolean;
  /** A newer index is being loaded. */
  renewing: boolean;
  /** Activities in the index when it was loaded. */
  loadedCount: number;
  /** Activities added or changed since. */
  changedCount: number;
  /** What the athlete hides has changed since it was loaded: nothing is answered from it any more. */
  outdated: boolean;
}

/**
 * The loaded athletes. An index is never older than a second: its revision is compared with the database's at
 * most once a second, at once after a notice, and what it lacks is read before it is handed out.
 */
export class IndexPool {
  readonly #options: IndexPoolOptions;
  readonly #athletes: LRUCache<string, Loaded>;

  constructor(options: IndexPoolOptions) {
    this.#options = options;
    this.#athletes = new LRUCache({ maxSize: Math.max(1, options.memoryLimit) });
  }

  /**
   * The athlete's index, up to date and with at least this part loaded. One load in flight per athlete and geometry.
   * Throws UnknownAthlete, and whatever the database throws (the next call then tries again).
   */
  async current(athleteId: string, part: Part, geometry: Geometry = 'own'): Promise<AthleteIndex> {
    const asked = performance.now();
    const loaded = this.#athletes.get(nameOf(athleteId, geometry)) ?? this.#load(athleteId, geometry);
    const index = loaded.index ?? (await loaded.coarse);
    if (part === 'fine') await loaded.fine;
    if (loaded.comparing) await loaded.comparing;
    // a comparison that was under way may have read the database before what this request is to see was confirmed
    while (
      loaded.comparedAt < asked &&
      (loaded.noticed || asked - loaded.comparedAt >= BELIEVED) &&
      !loaded.outdated
    ) {
      loaded.comparing ??= this.#compare(loaded).finally(() => {
        loaded.comparing = null;
      });
      await loaded.comparing;
    }
    if (loaded.outdated) return this.current(athleteId, part, geometry);
    return loaded.index ?? index;
  }

  /** A notice: the athlete has reached this revision. */
  noticed(athleteId: string, revision: string): void {
    for (const name of namesOf(athleteId)) {
      const loaded = this.#athletes.peek(name);
      if (loaded?.index && BigInt(loaded.index.revision) < BigInt(revision)) loaded.noticed = true;
    }
  }

  /** Notices may have been lost: compares everyone at their next request. */
  compareAll(): void {
    for (const loaded of this.#athletes.values()) loaded.noticed = true;
  }

  /** Lets go of an athlete, for instance one whose key was destroyed. */
  forget(athleteId: string): void {
    for (const name of namesOf(athleteId)) this.#athletes.delete(name);
  }

  /** Figures for the operator. */
  figures(): { athletes: number; bytes: number } {
    return { athletes: this.#athletes.size, bytes: this.#athletes.calculatedSize };
  }

  #load(athleteId: string, geometry: Geometry): Loaded {
    const { db, dataKey, shareStravaApi = false, warn } = this.#options;
    const source: Source = {
      db,
      athleteId,
      geometry,
      shareStravaApi,
      key: Buffer.alloc(0),
      onDamaged: (activityId, error) =>
        warn('a track cannot be read and is left out', { athleteId, activityId, error: String(error) }),
    };
    const comparedAt = performance.now();
    const coarse = (async () => {
      source.key = await dataKey(athleteId);
      return this.#loadIndex(source);
    })();
    const loaded: Loaded = {
      source,
      coarse,
      fine: coarse.then(async (index) => {
        loaded.index = index;
        loaded.loadedCount = index.activityCount;
        this.#weigh(loaded);
        await loadFine(source, index);
        this.#weigh(loaded);
        return index;
      }),
      index: null,
      comparedAt,
      comparing: null,
      noticed: false,
      renewing: false,
      loadedCount: 0,
      changedCount: 0,
      outdated: false,
    };
    loaded.fine.catch(() => this.#letGo(loaded));
    this.#athletes.set(nameOf(athleteId, geometry), loaded, { size: 1 });
    return loaded;
  }

  async #loadIndex(source: Source): Promise<AthleteIndex> {
    const revision = await readRevision(source.db, source.athleteId);
    if (revision === null) throw new UnknownAthlete(source.athleteId);
    return loadCoarse(source, revision);
  }

  async #compare(loaded: Loaded): Promise<void> {
    const { source, index } = loaded;
    if (!index) return;
    const began = performance.now();
    // one that comes from now on may tell of what is not read here
    loaded.noticed = false;
    const revision = await readRevision(source.db, source.athleteId);
    const changed = revision === index.revision ? 0 : revision && (await catchUp(source, index));
    // renewed meanwhile: it is the new one that will be answered from
    if (loaded.index !== index) return this.#compare(loaded);
    if (changed === 'outdated') {
      loaded.outdated = true;
      this.#letGo(loaded);
      return;
    }
    if (changed === null) {
      this.forget(source.athleteId);
      throw new UnknownAthlete(source.athleteId);
    }
    loaded.changedCount += Number(changed);
    if (changed) this.#weigh(loaded);
    loaded.comparedAt = began;
    if (isWorn(loaded)) this.#renew(loaded);
  }

  /** Loads the athlete anew beside the worn index, which goes on answering until the new one is complete. */
  #renew(loaded: Loaded): void {
    const { athleteId } = loaded.source;
    loaded.renewing = true;
    loaded.changedCount = 0;
    const renew = async () => {
      const index = await this.#loadIndex(loaded.source);
      await loadFine(loaded.source, index);
      // it stands where the athlete was when its loading began, the worn one may be further
      do {
        if (typeof (await catchUp(loaded.source, index)) !== 'number') return;
      } while (loaded.index && BigInt(index.revision) < BigInt(loaded.index.revision));
      loaded.index = index;
      loaded.loadedCount = index.activityCount;
      this.#weigh(loaded);
    };
    renew()
      .catch((error) => this.#options.warn('an index was not renewed', { athleteId, error: String(error) }))
      .finally(() => {
        loaded.renewing = false;
      });
  }

  #weigh(loaded: Loaded): void {
    const name = nameOf(loaded.source.athleteId, loaded.source.geometry);
    if (this.#athletes.peek(name) !== loaded || !loaded.index) return;
    // Without this the old weight would stay, as the value is the same.
    this.#athletes.delete(name);
    // an athlete larger than the limit would not be kept at all
    const size = Math.min(loaded.index.memory, this.#athletes.maxSize);
    this.#athletes.set(name, loaded, { size: Math.max(1, Math.ceil(size)) });
  }

  #letGo(loaded: Loaded): void {
    const name = nameOf(loaded.source.athleteId, loaded.source.geometry);
    if (this.#athletes.peek(name) === loaded) this.#athletes.delete(name);
  }
}

function nameOf(athleteId: string, geometry: Geometry): string {
  return `${geometry}/${athleteId}`;
}

function namesOf(athleteId: string): string[] {
  return [nameOf(athleteId, 'own'), nameOf(athleteId, 'public')];
}

/** Whether holes take a third of the memory, or most of the tree was grown piece by piece instead of packed. */
function isWorn({ index, renewing, loadedCount, changedCount }: Loaded): boolean {
  if (!index || renewing) return false;
  return index.wasted * 3 > index.memory || changedCount > Math.max(1000, loadedCount);
}
