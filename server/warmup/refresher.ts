import type { AthleteIndex } from '../index/athlete-index.ts';
import type { IndexPool } from '../index/pool.ts';
import type { Warmer } from './warmer.ts';
import type { Warmups } from './warmups.ts';

export interface RefresherOptions {
  warmups: Pick<Warmups, 'create' | 'isRefreshing'>;
  warmer: Pick<Warmer, 'popular' | 'changed' | 'draw'>;
  indexes: Pick<IndexPool, 'current'>;
  /** Whether much more is about to change, so that what is drawn now would be drawn in vain. */
  isArriving(athleteId: string): Promise<boolean>;
  /** Queues `refresh` of an athlete, in so many seconds; queued twice it is one job. */
  enqueue(athleteId: string, delay: number): Promise<void>;
  /** Tiles under way for an athlete, or no longer. */
  onChange(athleteId: string): void;
  warn(message: string, details: Record<string, unknown>): void;
  /** Milliseconds for which changes are gathered. */
  gather?: number;
}

const GATHER = 2000;
/** Seconds until it is looked again whether all has arrived. */
const LOOK_AGAIN = 10;
/** Changes that are looked at one by one; of more, everything popular is gone through. */
const MOST_CHANGES = 64;
/** Tiles a change makes warm at the most, where nobody says. */
const LIMIT = 50_000;

/**
 * Draws the popular tiles that changed, soon after an activity came, changed or went. What did not change has its
 * tiles still, as their addresses are the same; it is not even looked at where the index can tell what changed.
 */
export class Refresher {
  readonly #options: RefresherOptions;
  readonly #gathering = new Map<string, NodeJS.Timeout>();
  /** By index: up to which generation its tiles have been seen to. */
  readonly #seen = new WeakMap<AthleteIndex, number>();
  readonly #progress = new Map<string, { done: number; total: number }>();

  constructor(options: RefresherOptions) {
    this.#options = options;
  }

  /** Something of the athlete's changed. Every process may say so; it is one job. */
  changed(athleteId: string): void {
    if (this.#gathering.has(athleteId)) return;
    const timer = setTimeout(async () => {
      this.#gathering.delete(athleteId);
      try {
        await this.#options.enqueue(athleteId, 0);
      } catch (error) {
        this.#options.warn('changed tiles are not drawn ahead', { athleteId, error: String(error) });
      }
    }, this.#options.gather ?? GATHER);
    this.#gathering.set(athleteId, timer.unref());
  }

  /** The job. Rejects with the signal's reason, and with what the index pool throws. */
  async refresh(athleteId: string, signal: AbortSignal): Promise<void> {
    const { warmups, indexes, isArriving, enqueue } = this.#options;
    if (await isArriving(athleteId)) return enqueue(athleteId, LOOK_AGAIN);
    const index = await indexes.current(athleteId, 'fine');
    const { generation } = index;
    const seen = this.#seen.get(index);
    const changes = seen === undefined ? null : index.changesSince(seen);
    if (changes && changes.length <= MOST_CHANGES) {
      await this.#drawChanged(athleteId, index, changes, signal);
    } else {
      // another may have passed over tiles that changed behind it
      if (await warmups.isRefreshing(athleteId)) return enqueue(athleteId, LOOK_AGAIN);
      const everything = { zooms: null, sizes: null, boxes: null };
      await warmups.create({
        athleteId,
        athletes: [athleteId],
        origin: 'change',
        limit: LIMIT,
        ...everything,
      });
    }
    this.#seen.set(index, generation);
    this.#options.onChange(athleteId);
  }

  /** Tiles of the athlete's that this process is drawing after a change; null when none are. */
  progress(athleteId: string): { done: number; total: number } | null {
    return this.#progress.get(athleteId) ?? null;
  }

  /** What was gathered of an athlete who is deleted is nothing to draw. */
  forget(athleteId: string): void {
    clearTimeout(this.#gathering.get(athleteId));
    this.#gathering.delete(athleteId);
  }

  /** Gathers no more. What was gathered is lost: those tiles are drawn when they are asked for. */
  close(): void {
    for (const timer of this.#gathering.values()) clearTimeout(timer);
    this.#gathering.clear();
  }

  async #drawChanged(
    athleteId: string,
    index: AthleteIndex,
    changes: NonNullable<ReturnType<AthleteIndex['changesSince']>>,
    signal: AbortSignal,
  ): Promise<void> {
    const { warmer, onChange } = this.#options;
    const work: { layer: Awaited<ReturnType<Warmer['popular']>>[number]; tiles: Uint32Array }[] = [];
    for (const layer of await warmer.popular(athleteId, null)) {
      signal.throwIfAborted();
      work.push({ layer, tiles: await warmer.changed(index, layer, changes) });
    }
    const progress = {
      done: 0,
      skipped: 0,
      failed: 0,
      total: work.reduce((sum, { tiles }) => sum + tiles.length / 2, 0),
    };
    if (progress.total === 0) return;
    this.#progress.set(athleteId, progress);
    onChange(athleteId);
    try {
      for (const { layer, tiles } of work) await warmer.draw(athleteId, layer, tiles, progress, signal);
    } finally {
      this.#progress.delete(athleteId);
    }
  }
}
