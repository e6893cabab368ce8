import type { Knex } from 'knex';
import { UnknownAthlete } from '../athletes/keyring.ts';
import { open, SealError, seal } from '../athletes/seal.ts';
import type { TileRequest } from '../tiles/service.ts';
import {
  addCounts,
  type Counts,
  decodeCounts,
  encodeCounts,
  keyOf,
  popularLayers,
  topCounts,
} from './counts.ts';
import type { Layer } from './layer.ts';

export interface PopularityOptions {
  db: Knex;
  /** The athlete's data key. */
  dataKey(athleteId: string): Promise<Buffer>;
  warn(message: string, details: Record<string, unknown>): void;
  /** Milliseconds for which counts stay in memory only. */
  flushEvery?: number;
}

/** Days that a request counts. */
const DAYS = 30;
const FLUSH_EVERY = 60_000;
/** Areas counted for one athlete: in memory between two flushes, and stored for a day. */
const MOST_AREAS = 4000;

/**
 * What athletes look at: requests for their own tiles by zoom, size and area, counted in memory, added up in the
 * database now and then, by day. There they are sealed with the athlete's key, for they tell where somebody lives.
 */
export class Popularity {
  readonly #options: PopularityOptions;
  #counts = new Map<string, Counts>();
  readonly #timer: NodeJS.Timeout;
  #flushing: Promise<void> = Promise.resolve();

  constructor(options: PopularityOptions) {
    this.#options = options;
    const every = options.flushEvery ?? FLUSH_EVERY;
    this.#timer = setInterval(() => void this.flush(), every).unref();
  }

  /** One more request. Costs as much as two look-ups. */
  count({ athleteId, geometry, tile, size }: TileRequest): void {
    if (geometry !== 'own') return;
    let counts = this.#counts.get(athleteId);
    if (!counts) {
      counts = new Map();
      this.#counts.set(athleteId, counts);
    }
    const key = keyOf(tile, size);
    const known = counts.get(key);
    if (known !== undefined || counts.size < MOST_AREAS) counts.set(key, (known ?? 0) + 1);
  }

  /** Stores what was counted, and forgets what is too old. What cannot be stored now is stored with the next. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(async () => {
      await this.#forget();
      const counted = this.#counts;
      this.#counts = new Map();
      for (const [athleteId, counts] of counted) {
        try {
          await this.#store(athleteId, counts);
        } catch (error) {
          if (error instanceof UnknownAthlete) continue;
          this.#options.warn('requests were not counted yet', { error: String(error) });
          const since = this.#counts.get(athleteId);
          if (since) addCounts(since, counts);
          else this.#counts.set(athleteId, counts);
        }
      }
    });
    return this.#flushing;
  }

  /** What carried most of the athlete's requests of late, as far as it was stored; none when there were none. */
  async popular(athleteId: string): Promise<Layer[]> {
    const { db, dataKey } = this.#options;
    const key = await dataKey(athleteId);
    const rows = await db('tile_requests')
      .where({ athlete_id: athleteId })
      .whereRaw(`day > (now() at time zone 'utc')::date - ${DAYS}`)
      .select<{ day: string; counts: Buffer }[]>(db.raw('day::text as day'), 'counts');
    const sum: Counts = new Map();
    for (const { day, counts } of rows) {
      addCounts(sum, opened(key, counts, contextOf(athleteId, day)));
    }
    return popularLayers(sum);
  }

  /** Stores what is left. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  /** Of all athletes, those who look at nothing any more too. */
  async #forget(): Promise<void> {
    await this.#options
      .db('tile_requests')
      .whereRaw(`day <= (now() at time zone 'utc')::date - ${DAYS}`)
      .delete()
      .catch((error) =>
        this.#options.warn('old counts of requests were not deleted', { error: String(error) }),
      );
  }

  async #store(athleteId: string, counts: Counts): Promise<void> {
    const { db, dataKey } = this.#options;
    const key = await dataKey(athleteId);
    const day = new Date().toISOString().slice(0, 10);
    const context = contextOf(athleteId, day);
    const where = { athlete_id: athleteId, day };
    await db.transaction(async (trx) => {
      await trx('tile_requests')
        .insert({ ...where, counts: seal(key, encodeCounts([]), context) })
        .onConflict(['athlete_id', 'day'])
        .ignore();
      const row = await trx('tile_requests').where(where).forUpdate().first<{ counts: Buffer }>('counts');
      const sum = opened(key, row.counts, context);
      addCounts(sum, counts);
      const sealed = seal(key, encodeCounts(topCounts(sum, MOST_AREAS)), context);
      await trx('tile_requests').where(where).update({ counts: sealed });
    });
  }
}

/** Counts that cannot be opened any more are none: they are only hints. */
function opened(key: Buffer, sealed: Buffer, context: string): Counts {
  try {
    return decodeCounts(open(key, sealed, context));
  } catch (error) {
    if (error instanceof SealError) return new Map();
    throw error;
  }
}

/** Binds counts to their athlete and day. */
function contextOf(athleteId: string, day: string): string {
  return `tile-requests:${athleteId}:${day}`;
}
