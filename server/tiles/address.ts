import { createHmac } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Tile, TileSize } from '../geo/tile.ts';
import { PIPELINE_VERSION } from '../heat/pipeline.ts';
import type { AthleteIndex } from '../index/athlete-index.ts';
import type { Filter } from '../index/filter.ts';
import { filterKey } from '../index/filter.ts';
import type { Drawing } from '../index/refs.ts';
import type { TagSum } from '../index/tag-sum.ts';
import { windowOf } from '../index/window.ts';

/** The content address of a tile that has no heat: of all such tiles. */
export const EMPTY = 'empty';

/** Tiles per athlete whose address is remembered: some hundred screens. About 200 bytes each. */
const REMEMBERED = 20_000;

/** Changes worth testing one by one; a search costs about as much as so many. */
const TESTED_CHANGES = 64;

interface Entry {
  address: string;
  generation: number;
}

/**
 * The address of a tile: equal addresses mean equal pixels. 128 bits of an HMAC over all that a pixel depends on,
 * keyed so that an address tells nothing to whoever sees it in a log or a cache.
 */
export function tileAddress(secret: Buffer, tile: Tile, size: TileSize, sum: TagSum): string {
  if (sum.count === 0) return EMPTY;
  return createHmac('sha256', secret)
    .update(`${PIPELINE_VERSION}/${size}/${tile.z}/${tile.x}/${tile.y}/`)
    .update(sum.bytes())
    .digest()
    .toString('base64url', 0, 16);
}

/**
 * The addresses of one loaded index's tiles. One found before is kept for as long as no later change concerns
 * its tile, which is worked out when it is asked for again, so a change costs nothing for tiles nobody looks at.
 */
export class AddressTable {
  readonly #index: AthleteIndex;
  readonly #secret: Buffer;
  readonly #entries = new LRUCache<string, Entry>({ max: REMEMBERED });

  constructor(index: AthleteIndex, secret: Buffer) {
    this.#index = index;
    this.#secret = secret;
  }

  /** The tile's address as of this moment. */
  find(tile: Tile, size: TileSize, filter: Filter): string {
    const index = this.#index;
    const key = keyOf(tile, size, filter);
    const known = this.#entries.get(key);
    if (known?.generation === index.generation) return known.address;
    const window = windowOf(tile, size);
    if (known) {
      const changes = index.changesSince(known.generation);
      const few = changes !== null && changes.length <= TESTED_CHANGES;
      if (few && !changes.some((change) => change.concerns(window, filter))) {
        known.generation = index.generation;
        return known.address;
      }
    }
    return this.#remember(key, tile, size, index.touching(window, filter));
  }

  /** The tile's address together with what to draw, of one moment; `drawing` is null where there is no heat. */
  draw(tile: Tile, size: TileSize, filter: Filter): { address: string; drawing: Drawing | null } {
    const drawing = this.#index.drawing(windowOf(tile, size), filter);
    if (!drawing) return { address: EMPTY, drawing: null };
    return { address: this.#remember(keyOf(tile, size, filter), tile, size, drawing.sum), drawing };
  }

  #remember(key: string, tile: Tile, size: TileSize, sum: TagSum): string {
    const address = tileAddress(this.#secret, tile, size, sum);
    this.#entries.set(key, { address, generation: this.#index.generation });
    return address;
  }
}

function keyOf({ z, x, y }: Tile, size: TileSize, filter: Filter): string {
  return `${z}/${x}/${y}/${size}/${filterKey(filter)}`;
}
