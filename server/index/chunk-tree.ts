import type { BBox } from 'rbush';
import RBush from 'rbush';
import type { Bounds } from '../geo/tile.ts';

/** Where the bounds of the chunks lie: four numbers a chunk (minX, minY, maxX, maxY), by chunk number. */
export interface ChunkBounds {
  bounds: Int32Array;
}

/** What rbush keeps: inner nodes hold nodes, leaves hold chunk numbers. */
interface Node extends BBox {
  leaf: boolean;
  children: (Node | number)[];
}

/** Entries of a node: a leaf then costs about 20 bytes a chunk, and searches are no slower than with rbush's 9. */
const NODE_ENTRIES = 16;

/**
 * An R-tree whose items are chunk numbers instead of objects: a chunk's bounds stay in a typed array and
 * are looked at through `toBBox`. Numbers begin at 1, since rbush takes 0 for no item.
 */
export class ChunkTree extends RBush<number> {
  // Set before the first insertion; the base constructor runs earlier, but only makes an empty root.
  #chunks: ChunkBounds;

  constructor(chunks: ChunkBounds) {
    super(NODE_ENTRIES);
    this.#chunks = chunks;
    // rbush hands these three around without their object
    this.toBBox = (chunk) => {
      const { bounds } = this.#chunks;
      const at = chunk * 4;
      // a new object each time: rbush keeps an inserted item's box while it asks for others
      return { minX: bounds[at], minY: bounds[at + 1], maxX: bounds[at + 2], maxY: bounds[at + 3] };
    };
    this.compareMinX = (a, b) => this.#chunks.bounds[a * 4] - this.#chunks.bounds[b * 4];
    this.compareMinY = (a, b) => this.#chunks.bounds[a * 4 + 1] - this.#chunks.bounds[b * 4 + 1];
  }

  /**
   * Visits every chunk whose bounds come within `reach` of `area` (edges included), in no particular order, and
   * says whether the chunk lies wholly inside `area` (known of a whole subtree at once). Stops early when
   * `visit` returns false.
   */
  visit(area: Bounds, reach: number, visit: (chunk: number, inside: boolean) => boolean): void {
    const { bounds } = this.#chunks;
    const minX = area.minX - reach;
    const minY = area.minY - reach;
    const maxX = area.maxX + reach;
    const maxY = area.maxY + reach;
    const open: Node[] = [];
    const within: boolean[] = [];
    let node = this.toJSON() as Node | undefined;
    let inside = false;
    while (node) {
      const { children } = node;
      if (node.leaf) {
        for (let i = 0; i < children.length; i++) {
          const chunk = children[i] as number;
          let contained = inside;
          if (!inside) {
            const at = chunk * 4;
            const left = bounds[at];
            const top = bounds[at + 1];
            const right = bounds[at + 2];
            const bottom = bounds[at + 3];
            if (left > maxX || right < minX || top > maxY || bottom < minY) continue;
            contained = left >= area.minX && top >= area.minY && right < area.maxX && bottom < area.maxY;
          }
          if (!visit(chunk, contained)) return;
        }
      } else {
        for (let i = 0; i < children.length; i++) {
          const child = children[i] as Node;
          if (inside) {
            open.push(child);
            within.push(true);
          } else if (child.minX <= maxX && child.maxX >= minX && child.minY <= maxY && child.maxY >= minY) {
            open.push(child);
            within.push(
              child.minX >= area.minX &&
                child.minY >= area.minY &&
                child.maxX < area.maxX &&
                child.maxY < area.maxY,
            );
          }
        }
      }
      node = open.pop();
      inside = within.pop() ?? false;
    }
  }
}
