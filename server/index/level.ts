import type { Bounds } from '../geo/tile.ts';
import { chunkTouches } from '../geo/touch.ts';
import { Arena, blockOf, wordOf } from './arena.ts';
import { ChunkTree } from './chunk-tree.ts';
import type { Window } from './window.ts';
import { sortAlongZOrder } from './z-order.ts';

/** Chunks bulk-loaded into the tree in one go, a power of the node size: about 8 ms of work. */
const PLANTED_AT_ONCE = 16 ** 3;

/** Chunks sorted in one go, some milliseconds: each run is a tree of its own kind, and a search looks into all. */
const SORTED_AT_ONCE = PLANTED_AT_ONCE * 16;

/** Slot of a chunk that was removed, perhaps before it reached the tree. */
const GONE = 2 ** 32 - 1;

const WORLD = 2 ** 31 - 1;

/**
 * All chunks of one level of one athlete: their geometry in shared blocks, their bounds, owner and position
 * in typed arrays by chunk number, and a tree over the numbers. About 45 bytes a chunk beside its geometry.
 * An owner is a slot: the activity's place in the athlete's table.
 */
export class Level {
  readonly arena = new Arena();
  /** Four a chunk. */
  bounds = new Int32Array(0);
  /** Four a slot: what this level has of an activity; empty (min > max) where it has nothing. */
  slotBounds = new Int32Array(0);
  /** The slot of the activity a chunk belongs to. */
  slots = new Uint32Array(0);
  /** Where in the arena its header lies. */
  positions = new Uint32Array(0);
  readonly #tree = new ChunkTree(this);
  // Chunk 0 does not exist.
  #count = 1;
  #unplanted: number[] = [];
  #wasted = 0;

  /** Appends one chunk, `geometry[from, to)`, and returns its number. It is found once it has been planted. */
  append(slot: number, geometry: Uint8Array, from: number, to: number, bounds: Bounds): number {
    const chunk = this.#count++;
    if (chunk >= this.slots.length) this.#reserve(Math.max(256, Math.ceil(chunk * 1.25)));
    this.bounds[chunk * 4] = bounds.minX;
    this.bounds[chunk * 4 + 1] = bounds.minY;
    this.bounds[chunk * 4 + 2] = bounds.maxX;
    this.bounds[chunk * 4 + 3] = bounds.maxY;
    this.slots[chunk] = slot;
    this.positions[chunk] = this.arena.append(geometry, from, to);
    this.#extend(slot * 4, bounds);
    this.#unplanted.push(chunk);
    return chunk;
  }

  /**
   * Puts the chunks appended so far into the tree, a slice at each step, so that the caller may let others
   * work in between. Chunks appended meanwhile wait for the next planting.
   */
  *plant(): Generator<void> {
    const waiting = Uint32Array.from(this.#unplanted);
    this.#unplanted = [];
    const { bounds } = this;
    for (let first = 0; first < waiting.length; first += SORTED_AT_ONCE) {
      const run = sortAlongZOrder(
        waiting.subarray(first, first + SORTED_AT_ONCE),
        (chunk) => bounds[chunk * 4],
        (chunk) => bounds[chunk * 4 + 1],
      );
      for (let from = 0; from < run.length; from += PLANTED_AT_ONCE) {
        const slice = Array.from(run.subarray(from, from + PLANTED_AT_ONCE));
        this.#tree.load(slice.filter((chunk) => this.slots[chunk] !== GONE));
        yield;
      }
    }
  }

  /** Plants at once the chunks from `first` on, the last ones appended; others keep waiting for `plant`. */
  plantSince(first: number): void {
    if (first === this.#count) return;
    this.#tree.load(this.#unplanted.splice(this.#unplanted.length - (this.#count - first)));
  }

  /** The number the next chunk will have. */
  get nextChunk(): number {
    return this.#count;
  }

  /** Takes an activity's chunks out of the tree; their bytes stay, as a render may be reading them. */
  remove(slot: number, first: number, count: number): void {
    for (let chunk = first; chunk < first + count; chunk++) {
      this.#tree.remove(chunk);
      this.slots[chunk] = GONE;
      this.#wasted += 45 + this.arena.chunkBytes(this.positions[chunk]);
    }
    // a level that is not loaded, or has nothing of that slot or later ones, has no bounds of it either
    if (slot * 4 < this.slotBounds.length) this.slotBounds.set([WORLD, WORLD, -1, -1], slot * 4);
  }

  /** Whether the bounds of a chunk come within the window's reach. */
  near(chunk: number, { area, reach }: Window): boolean {
    const { bounds } = this;
    const at = chunk * 4;
    return (
      bounds[at] <= area.maxX + reach &&
      bounds[at + 1] <= area.maxY + reach &&
      bounds[at + 2] >= area.minX - reach &&
      bounds[at + 3] >= area.minY - reach
    );
  }

  /** Whether a segment of the chunk comes within the window's reach: exact. */
  touches(chunk: number, { area, reach }: Window): boolean {
    const position = this.positions[chunk];
    return chunkTouches(this.arena.words[blockOf(position)], wordOf(position), area, reach);
  }

  /** See ChunkTree.visit. */
  visit(area: Bounds, reach: number, visit: (chunk: number, inside: boolean) => boolean): void {
    this.#tree.visit(area, reach, visit);
  }

  /** The bounds of all slots that a mask lets through, of `slots` there are; null when they have nothing here. */
  extent(mask: Uint8Array, slots: number): Bounds | null {
    const { slotBounds } = this;
    const extent = { minX: WORLD, minY: WORLD, maxX: -1, maxY: -1 };
    for (let slot = 0, at = 0; slot < slots && at < slotBounds.length; slot++, at += 4) {
      if (mask[slot] === 0) continue;
      // what is empty has its minima at the far end and changes nothing
      extent.minX = Math.min(extent.minX, slotBounds[at]);
      extent.minY = Math.min(extent.minY, slotBounds[at + 1]);
      extent.maxX = Math.max(extent.maxX, slotBounds[at + 2]);
      extent.maxY = Math.max(extent.maxY, slotBounds[at + 3]);
    }
    return extent.maxX < 0 ? null : extent;
  }

  /** Gives back the slack that growing left. */
  trim(): void {
    this.#reserve(this.#count);
  }

  /** Estimated from what a node and an array cost in V8; the bench compares it with the process's memory. */
  get memory(): number {
    return this.arena.bytes + this.slots.length * 24 + this.#count * 22 + this.slotBounds.byteLength;
  }

  /** Bytes held by what has been removed. */
  get wasted(): number {
    return this.#wasted;
  }

  #extend(at: number, { minX, minY, maxX, maxY }: Bounds) {
    if (at >= this.slotBounds.length) {
      const used = this.slotBounds.length;
      this.slotBounds = resized(this.slotBounds, new Int32Array(Math.max(256, Math.ceil(at * 1.25)) & ~3));
      for (let slot = used; slot < this.slotBounds.length; slot += 4) {
        this.slotBounds.set([WORLD, WORLD, -1, -1], slot);
      }
    }
    const bounds = this.slotBounds;
    if (minX < bounds[at]) bounds[at] = minX;
    if (minY < bounds[at + 1]) bounds[at + 1] = minY;
    if (maxX > bounds[at + 2]) bounds[at + 2] = maxX;
    if (maxY > bounds[at + 3]) bounds[at + 3] = maxY;
  }

  #reserve(chunks: number) {
    this.bounds = resized(this.bounds, new Int32Array(chunks * 4));
    this.slots = resized(this.slots, new Uint32Array(chunks));
    this.positions = resized(this.positions, new Uint32Array(chunks));
  }
}

function resized<Column extends Int32Array | Uint32Array>(from: Column, to: Column): Column {
  to.set(from.length > to.length ? from.subarray(0, to.length) : from);
  return to;
}
