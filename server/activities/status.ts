import type { Knex } from 'knex';
import { readRevision } from '../index/stored.ts';
import type { Import, Imports } from './imports.ts';
import type { SyncStatus } from './sync-status.ts';

/** What goes on for an athlete, as a page watches it. */
export interface Status {
  revision: string;
  /** Under way, or ended within the last minute. */
  imports: Import[];
  /** null: not connected with Strava. */
  sync: SyncStatus | null;
  /** Tiles being drawn before they are asked for. */
  warming: Warming | null;
}

export interface Warming {
  done: number;
  total: number;
}

/** What of an athlete's status is not kept here. */
export interface StatusSources {
  sync(athleteId: string): Promise<SyncStatus | null>;
  warming(athleteId: string): Promise<Warming | null>;
}

type Listener = (status: Status) => void;

const AT_MOST_EVERY = 250;
/** While something runs, which may be in another process. */
const WHILE_RUNNING = 1000;
/** While an import that ended is still shown, or the database is away. */
const WHILE_SHOWN = 5000;

/**
 * Tells pages how things go on. An athlete's status is read once for all who watch it: when something here changed
 * it, or a notice came, and regularly only while something is under way or shown.
 */
export class StatusFeed {
  readonly #db: Knex;
  readonly #imports: Imports;
  readonly #sources: StatusSources;
  readonly #atMostEvery: number;
  readonly #watches = new Map<string, Watch>();

  /** `atMostEvery`: milliseconds between two looks at one athlete's status, at least. */
  constructor(db: Knex, imports: Imports, sources: StatusSources, atMostEvery: number = AT_MOST_EVERY) {
    this.#db = db;
    this.#imports = imports;
    this.#sources = sources;
    this.#atMostEvery = atMostEvery;
    imports.changes.on('change', (athleteId) => this.changed(athleteId));
  }

  async read(athleteId: string): Promise<Status> {
    const [revision, imports, sync, warming] = await Promise.all([
      readRevision(this.#db, athleteId),
      this.#imports.recent(athleteId),
      this.#sources.sync(athleteId),
      this.#sources.warming(athleteId),
    ]);
    return { revision: revision ?? '0', imports, sync, warming };
  }

  /** Calls the listener soon and after each change, until the function it answers is called. */
  watch(athleteId: string, listener: Listener): () => void {
    let watch = this.#watches.get(athleteId);
    if (!watch) {
      watch = new Watch(() => this.read(athleteId), this.#atMostEvery);
      this.#watches.set(athleteId, watch);
    }
    const mine = watch;
    mine.add(listener);
    return () => {
      if (mine.remove(listener) === 0 && this.#watches.get(athleteId) === mine)
        this.#watches.delete(athleteId);
    };
  }

  /** Something of the athlete's changed: a notice of another process, say. */
  changed(athleteId: string): void {
    this.#watches.get(athleteId)?.look();
  }
}

/** Everybody who watches one athlete. */
class Watch {
  readonly #read: () => Promise<Status>;
  readonly #atMostEvery: number;
  readonly #listeners = new Set<Listener>();
  #timer: NodeJS.Timeout | null = null;
  /** When the timer fires. */
  #due = Number.POSITIVE_INFINITY;
  #looked = Number.NEGATIVE_INFINITY;
  #looking = false;
  /** Something changed while it was looking. */
  #again = false;
  #told: { status: Status; text: string } | null = null;

  constructor(read: () => Promise<Status>, atMostEvery: number) {
    this.#read = read;
    this.#atMostEvery = atMostEvery;
  }

  add(listener: Listener): void {
    this.#listeners.add(listener);
    if (this.#told) listener(this.#told.status);
    this.look();
  }

  /** Answers how many are left. */
  remove(listener: Listener): number {
    this.#listeners.delete(listener);
    if (this.#listeners.size === 0) this.#clear();
    return this.#listeners.size;
  }

  /** Looks as soon as it may. */
  look(): void {
    this.#again = this.#looking;
    if (!this.#looking) this.#lookIn(Math.max(0, this.#looked + this.#atMostEvery - performance.now()));
  }

  #lookIn(milliseconds: number): void {
    const due = performance.now() + milliseconds;
    if (this.#listeners.size === 0 || this.#due <= due) return;
    this.#clear();
    this.#due = due;
    this.#timer = setTimeout(() => void this.#tell(), milliseconds);
  }

  #clear(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#due = Number.POSITIVE_INFINITY;
  }

  async #tell(): Promise<void> {
    this.#clear();
    this.#looking = true;
    this.#looked = performance.now();
    let next = WHILE_SHOWN;
    try {
      const status = await this.#read();
      const text = JSON.stringify(status);
      if (text !== this.#told?.text) {
        this.#told = { status, text };
        for (const listener of [...this.#listeners]) listener(status);
      }
      const running = status.imports.some(({ finishedAt }) => finishedAt === null);
      if (running || status.warming) next = WHILE_RUNNING;
      else if (status.imports.length === 0 && status.sync === null) next = Number.POSITIVE_INFINITY;
    } catch {
      // the database is away; it is asked again
    }
    this.#looking = false;
    if (this.#again) this.look();
    this.#again = false;
    if (Number.isFinite(next)) this.#lookIn(next);
  }
}
