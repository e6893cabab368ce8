import type { Bounds, Tile } from '../geo/tile.ts';
import { bounds, children, parent } from '../geo/tile.ts';
import type { AthleteIndex } from '../index/athlete-index.ts';
import type { Change } from '../index/change.ts';
import { EVERYTHING } from '../index/filter.ts';
import { type Window, windowOf } from '../index/window.ts';
import type { Layer } from './layer.ts';
import { Pace } from './pace.ts';

export interface HeatTilesOptions {
  /** World units; null: everywhere. */
  boxes: readonly Bounds[] | null;
  /** Only tiles that one of these concerns. */
  changes?: readonly Change[];
  /** Stops after so many. */
  limit: number;
}

/**
 * A layer's tiles that have heat, by their ordinals: x and y in turn, in the order of a depth-first walk down the
 * pyramid. The walk asks of every ancestor what it will ask of the tile itself, the same lines in the same width,
 * so that no branch is left which holds one: the work grows with the tiles found, not with those there are.
 */
export async function heatTiles(
  index: AthleteIndex,
  { zoom, size, areas }: Layer,
  { boxes, changes, limit }: HeatTilesOptions,
): Promise<Uint32Array> {
  const { level, reach } = windowOf({ z: zoom, x: 0, y: 0 }, size);
  const within = areas && new Areas(areas);
  const pace = new Pace();
  const found: number[] = [];
  const open: Tile[] = [{ z: 0, x: 0, y: 0 }];
  for (let tile = open.pop(); tile && found.length < limit * 2; tile = open.pop()) {
    await pace.pause();
    const area = bounds(tile);
    if (within?.excludes(tile) || boxes?.every((box) => !overlap(box, area))) continue;
    const window: Window = { level, area, reach };
    if (changes && !changes.some((change) => change.concerns(window, EVERYTHING))) continue;
    if (!index.anything(window, EVERYTHING)) continue;
    if (tile.z === zoom) found.push(tile.x, tile.y);
    else open.push(...children(tile).reverse());
  }
  return Uint32Array.from(found);
}

/** Some tiles, as the walk asks for them. */
class Areas {
  readonly #areas: ReadonlySet<string>;
  readonly #above = new Set<string>();

  constructor(areas: readonly Tile[]) {
    this.#areas = new Set(areas.map(keyOf));
    for (let tile of areas) {
      while (tile.z > 0) {
        tile = parent(tile);
        this.#above.add(keyOf(tile));
      }
    }
  }

  /** Whether a tile has nothing to do with any of them: none lies in it, and it lies in none. */
  excludes({ z, x, y }: Tile): boolean {
    if (this.#above.has(keyOf({ z, x, y }))) return false;
    for (let up = 0; up <= z; up++) {
      if (this.#areas.has(keyOf({ z: z - up, x: x >> up, y: y >> up }))) return false;
    }
    return true;
  }
}

function keyOf({ z, x, y }: Tile): string {
  return `${z}/${x}/${y}`;
}

function overlap(a: Bounds, b: Bounds): boolean {
  return a.minX < b.maxX && a.maxX > b.minX && a.minY < b.maxY && a.maxY > b.minY;
}
