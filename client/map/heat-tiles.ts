/** Fetches the tiles of the heat that is shown now, whatever was shown when a tile was first asked for. */
import { hotAt } from '../legend.ts';

/** What the heat layer shows. */
export interface Heat {
  /** The query of a tile, without its exposure. */
  query: string;
  /** Visits drawn hottest, by the zoom of the tile. */
  exposure: readonly number[];
  /** Stops of light more than automatic. */
  light: number;
  opacity: number;
  /** Changes with the activities: tiles are asked for again. */
  revision: string;
}

/** The server will not give this tile, now or later. */
export class TileRefused extends Error {
  override name = 'TileRefused';
}

const RETRY_MS = 2000;

/** `tile` is 'z/x/y', or 'z/x/y@2x'. The exposure is that of its zoom: one view never mixes two. */
export function tilePath(tile: string, { query, exposure, light }: Heat): string {
  const zoom = Number(tile.slice(0, tile.indexOf('/')));
  return `/tiles/me/${tile}.png?${query}&hot=${hotAt(exposure[zoom] ?? 2, light)}`;
}

/**
 * MapLibre starts a second load of a tile without ending the first, and whichever answers last stays. So every load
 * still under way when the heat changes begins again: the picture never mixes two looks, in whatever order the
 * answers come.
 */
export class HeatTiles {
  #heat: Heat | null = null;
  #replaced = new AbortController();
  readonly #origin: string;
  readonly #onSignedOut: () => void;

  constructor(origin: string, onSignedOut: () => void) {
    this.#origin = origin;
    this.#onSignedOut = onSignedOut;
  }

  /** From now on tiles are of this heat. */
  use(heat: Heat | null) {
    this.#heat = heat;
    this.#replaced.abort();
    this.#replaced = new AbortController();
  }

  /**
   * The PNG of a tile. A server that is busy or away is asked again until it answers; the picture before stays so
   * long. Rejects with TileRefused, or when `gone` is aborted.
   */
  async load(tile: string, gone: AbortSignal): Promise<ArrayBuffer> {
    for (;;) {
      gone.throwIfAborted();
      if (this.#heat === null) throw new TileRefused('no heat is shown');
      const until = AbortSignal.any([gone, this.#replaced.signal]);
      try {
        const answer = await fetch(this.#origin + tilePath(tile, this.#heat), { signal: until });
        if (answer.ok) {
          const png = await answer.arrayBuffer();
          if (!until.aborted) return png;
        } else if (answer.status < 500) {
          if (answer.status === 401) this.#onSignedOut();
          throw new TileRefused(`the server answered with status ${answer.status}`);
        }
      } catch (error) {
        if (error instanceof TileRefused) throw error;
      }
      await pause(RETRY_MS, until);
    }
  }
}

/** Resolves after `ms`, or as soon as `until` is aborted. */
function pause(ms: number, until: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (until.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      until.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    until.addEventListener('abort', end);
  });
}
