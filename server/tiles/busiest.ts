import type { Tile } from '../geo/tile.ts';
import { children } from '../geo/tile.ts';
import type { AthleteIndex } from '../index/athlete-index.ts';
import type { Filter } from '../index/filter.ts';
import { Slices } from '../index/slices.ts';
import { windowOf } from '../index/window.ts';

/** Tiles kept at each zoom on the way down. */
const KEPT = 3;

/**
 * The tiles that most activities touch, zoom by zoom, found by going down the pyramid from the busiest tiles of the
 * zoom above. The same index and filter give the same tiles, whatever order the activities came in.
 */
export class Busiest {
  readonly #index: AthleteIndex;
  readonly #filter: Filter;
  readonly #generation: number;
  readonly #zooms: Promise<Tile[]>[] = [];
  readonly #slices = new Slices();

  constructor(index: AthleteIndex, filter: Filter) {
    this.#index = index;
    this.#filter = filter;
    this.#generation = index.generation;
  }

  /** Whether what was found is still so. */
  get current(): boolean {
    return this.#index.generation === this.#generation;
  }

  /** The busiest tiles of a zoom, busiest first; none when nothing is drawn. A dozen searches for each new zoom. */
  at(zoom: number): Promise<Tile[]> {
    this.#zooms[zoom] ??= this.#descend(zoom);
    return this.#zooms[zoom];
  }

  async #descend(zoom: number): Promise<Tile[]> {
    const candidates = zoom === 0 ? [{ z: 0, x: 0, y: 0 }] : (await this.at(zoom - 1)).flatMap(children);
    const crowds: { tile: Tile; activities: number }[] = [];
    for (const tile of candidates) {
      const activities = this.#index.touching(windowOf(tile, 256), this.#filter).count;
      if (activities > 0) crowds.push({ tile, activities });
      await this.#slices.pause();
    }
    crowds.sort((a, b) => b.activities - a.activities || a.tile.x - b.tile.x || a.tile.y - b.tile.y);
    return crowds.slice(0, KEPT).map(({ tile }) => tile);
  }
}
