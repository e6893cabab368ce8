import type { Tile } from '../geo/tile.ts';
import { children } from '../geo/tile.ts';
import type { AthleteIndex } from '../index/athlete-index.ts';
import type { Filter } from '../index/filter.ts';
import { windowOf } from '../index/window.ts';

/** Tiles kept at each zoom on the way down. */
const KEPT = 3;

/** Tiles, with how many activities touch each. */
interface Crowd {
  tile: Tile;
  activities: number;
}

/**
 * The tiles that most activities touch, zoom by zoom, found by going down the pyramid from the busiest tiles of the
 * zoom above. The same index and filter give the same tiles, whatever order the activities came in.
 */
export class Busiest {
  readonly #index: AthleteIndex;
  readonly #filter: Filter;
  readonly #generation: number;
  readonly #zooms: Crowd[][] = [];

  constructor(index: AthleteIndex, filter: Filter) {
    this.#index = index;
    this.#filter = filter;
    this.#generation = index.generation;
  }

  /** Whether what was found is still so. */
  get current(): boolean {
    return this.#index.generation === this.#generation;
  }

  /** The busiest tiles of a zoom, busiest first; none when nothing is drawn. Some searches for each new zoom. */
  at(zoom: number): Tile[] {
    this.#zooms[0] ??= this.#crowds([{ z: 0, x: 0, y: 0 }]);
    for (let z = this.#zooms.length; z <= zoom; z++) {
      this.#zooms[z] = this.#crowds(this.#zooms[z - 1].flatMap(({ tile }) => children(tile)));
    }
    return this.#zooms[zoom].map(({ tile }) => tile);
  }

  /** The zoom from which `at` still has to search. */
  get depth(): number {
    return this.#zooms.length;
  }

  #crowds(tiles: Tile[]): Crowd[] {
    return tiles
      .map((tile) => ({ tile, activities: this.#index.touching(windowOf(tile, 256), this.#filter).count }))
      .filter(({ activities }) => activities > 0)
      .sort((a, b) => b.activities - a.activities || a.tile.x - b.tile.x || a.tile.y - b.tile.y)
      .slice(0, KEPT);
  }
}
