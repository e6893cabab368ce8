import { isDeepStrictEqual } from 'node:util';
import { forEachChunk } from '../geo/chunks.ts';
import { COARSE_LEVELS, LEVELS } from '../geo/levels.ts';
import type { Bounds } from '../geo/tile.ts';
import { Change } from './change.ts';
import type { Filter, Filterable } from './filter.ts';
import { Level } from './level.ts';
import { linesOf } from './lines.ts';
import { Masks } from './masks.ts';
import { isAnythingNear, type Nearby, slotsNear } from './near.ts';
import { type Drawing, groupByActivity } from './refs.ts';
import { hasTag, TagSum, writeTag } from './tag-sum.ts';
import type { Window } from './window.ts';

/** An activity as the index takes it. */
export interface IndexedActivity extends Filterable {
  activityId: string;
  /** 16 bytes: the keyed digest of coarse and fine together. */
  tag: Uint8Array;
  coarse: Uint8Array;
  /** Null when it is to follow by `appendFine`. */
  fine: Uint8Array | null;
}

interface Entry extends Filterable {
  activityId: string;
  slot: number;
  hasFine: boolean;
  /** First chunk and number of chunks, a pair a level. */
  chunks: Uint32Array;
}

/** Changes remembered for the address table; whoever is further behind starts anew. */
const REMEMBERED_CHANGES = 512;

/**
 * One athlete's tracks, ready to be asked which of them touch a tile and to be drawn from. Lives on one thread;
 * only the geometry blocks are shared. Every method but `plant` works at once, without yielding.
 */
export class AthleteIndex {
  /** The athlete's revision in the database up to which this index is complete. */
  revision: string;
  readonly #levels: Level[] = LEVELS.map(() => new Level());
  readonly #entries = new Map<string, Entry>();
  /** By slot; what was removed stays until the athlete is loaded anew. */
  readonly #owners: Entry[] = [];
  readonly #masks = new Masks();
  readonly #changes: Change[] = [];
  #generation = 0;
  /** Four lanes a slot. */
  #tags = new Uint32Array(0);
  #slots = 0;
  /** By slot: the number of the last search that found it. */
  #found = new Uint32Array(0);
  #search = 0;

  constructor(revision = '0') {
    this.revision = revision;
  }

  /** Counts the changes of content: what was worked out at one generation holds as long as it is the same. */
  get generation(): number {
    return this.#generation;
  }

  get activityCount(): number {
    return this.#entries.size;
  }

  /** Adds an activity, in place of the one with the same id. Throws RangeError on damaged geometry. */
  add(activity: IndexedActivity): void {
    const first = this.#levels.map((level) => level.nextChunk);
    this.append(activity);
    for (const [at, level] of this.#levels.entries()) level.plantSince(first[at]);
  }

  /** Like `add`, but the activity is found only after the next `plant`: for loading many at once. */
  append(activity: IndexedActivity): void {
    const { activityId, tag, coarse, fine, sport, startedAt, commute, virtual, visibility } = activity;
    this.remove(activityId);
    const slot = this.#slots++;
    this.#reserve(this.#slots);
    writeTag(tag, this.#tags, slot * 4);
    const chunks = new Uint32Array(LEVELS.length * 2);
    const labels = { sport, startedAt, commute, virtual, visibility };
    const entry = { activityId, slot, hasFine: fine !== null, chunks, ...labels };
    this.#entries.set(activityId, entry);
    this.#owners[slot] = entry;
    this.#masks.set(slot, entry);
    this.#note(entry);
    this.#appendGeometry(entry, coarse);
    if (fine) this.#appendGeometry(entry, fine);
  }

  /** The fine part of an activity appended without; passed over when that has changed or gone meanwhile. */
  appendFine(activityId: string, tag: Uint8Array, fine: Uint8Array): void {
    const entry = this.#entries.get(activityId);
    if (!entry || entry.hasFine || !hasTag(tag, this.#tags, entry.slot * 4)) return;
    this.#appendGeometry(entry, fine);
    entry.hasFine = true;
  }

  /**
   * Takes over the sport, start and flags of an activity whose geometry is held already, whole. Returns false,
   * having done nothing, when it is not.
   */
  relabel(activity: Filterable & { activityId: string; tag: Uint8Array }): boolean {
    const { activityId, tag, sport, startedAt, commute, virtual, visibility } = activity;
    const entry = this.#entries.get(activityId);
    if (!entry?.hasFine || !hasTag(tag, this.#tags, entry.slot * 4)) return false;
    const relabelled = { ...entry, sport, startedAt, commute, virtual, visibility };
    if (isDeepStrictEqual(entry, relabelled)) return true;
    this.#entries.set(activityId, relabelled);
    this.#owners[entry.slot] = relabelled;
    this.#masks.set(entry.slot, relabelled);
    this.#note(entry);
    this.#note(relabelled);
    return true;
  }

  /** The ids of the activities whose fine part is still to come. */
  withoutFine(): string[] {
    return [...this.#entries.values()].filter((entry) => !entry.hasFine).map((entry) => entry.activityId);
  }

  /** Makes what was appended findable, in slices of some milliseconds. */
  *plant(part: 'coarse' | 'fine'): Generator<void> {
    const levels =
      part === 'coarse' ? this.#levels.slice(0, COARSE_LEVELS) : this.#levels.slice(COARSE_LEVELS);
    for (const level of levels) {
      yield* level.plant();
      level.trim();
    }
  }

  /** Does nothing when there is no such activity. */
  remove(activityId: string): void {
    const entry = this.#entries.get(activityId);
    if (!entry) return;
    this.#entries.delete(activityId);
    this.#masks.clear(entry.slot);
    for (const [at, level] of this.#levels.entries()) {
      level.remove(entry.slot, entry.chunks[at * 2], entry.chunks[at * 2 + 1]);
    }
    this.#note(entry);
  }

  /** The sum of the tags of the filter's activities whose drawn line touches the window. */
  touching(window: Window, filter: Filter): TagSum {
    const level = this.#levels[window.level];
    const mask = this.#maskOf(filter);
    const { area, reach } = window;
    const { slotBounds } = level;
    const found = this.#found;
    const tags = this.#tags;
    const search = this.#nextSearch();
    const sum = new TagSum();

    // An activity wholly inside touches; only those across the tile's edges need a closer look.
    let open = 0;
    const slots = Math.min(this.#slots, slotBounds.length / 4);
    for (let slot = 0, at = 0; slot < slots; slot++, at += 4) {
      if (mask[slot] === 0) continue;
      const left = slotBounds[at];
      const top = slotBounds[at + 1];
      const right = slotBounds[at + 2];
      const bottom = slotBounds[at + 3];
      if (left >= area.minX && top >= area.minY && right < area.maxX && bottom < area.maxY) {
        found[slot] = search;
        sum.add(tags, at);
      } else if (
        left <= area.maxX + reach &&
        top <= area.maxY + reach &&
        right >= area.minX - reach &&
        bottom >= area.minY - reach
      ) {
        open++;
      }
    }
    if (open === 0) return sum;

    // Chunks wholly inside decide most; the exact test is for those that nothing else decided.
    const owners = level.slots;
    const across: number[] = [];
    level.visit(area, reach, (chunk, inside) => {
      const slot = owners[chunk];
      if (mask[slot] === 0 || found[slot] === search) return true;
      if (inside) {
        found[slot] = search;
        sum.add(tags, slot * 4);
        open--;
      } else {
        across.push(chunk);
      }
      return open > 0;
    });
    for (const chunk of across) {
      const slot = owners[chunk];
      if (found[slot] !== search && level.touches(chunk, window)) {
        found[slot] = search;
        sum.add(tags, slot * 4);
      }
    }
    return sum;
  }

  /** What to draw for `touching`, together with the sum it belongs to; null when nothing touches. */
  drawing(window: Window, filter: Filter): (Drawing & { sum: TagSum }) | null {
    const sum = this.touching(window, filter);
    if (sum.count === 0) return null;
    const level = this.#levels[window.level];
    const found = this.#found;
    const search = this.#search;
    const owners = level.slots;
    const chunks: number[] = [];
    level.visit(window.area, window.reach, (chunk) => {
      if (found[owners[chunk]] === search) chunks.push(chunk);
      return true;
    });
    return { ...groupByActivity(level, chunks, this.#slots, sum.count), sum };
  }

  /** The bounds of all the filter's activities, from their simplest lines; null when there are none. */
  extent(filter: Filter): Bounds | null {
    return this.#levels[0].extent(this.#maskOf(filter), this.#slots);
  }

  /** The filter's activities whose drawn line touches the window, in no order. */
  near(window: Window, filter: Filter): Nearby[] {
    const slots = slotsNear(this.#levels[window.level], window, this.#maskOf(filter));
    return slots.map((slot) => this.#owners[slot]);
  }

  /** Whether there is any of them. */
  anything(window: Window, filter: Filter): boolean {
    return isAnythingNear(this.#levels[window.level], window, this.#maskOf(filter));
  }

  /** An activity as it is drawn at a level: lines of x, y in world units; null when there is no such activity. */
  lines(activityId: string, level: number): Float64Array[] | null {
    const entry = this.#entries.get(activityId);
    const [first, count] = entry ? entry.chunks.subarray(level * 2, level * 2 + 2) : [0, 0];
    return entry ? linesOf(this.#levels[level], first, count) : null;
  }

  /** What changed after a generation, oldest first; null when that is too long ago to tell. */
  changesSince(generation: number): readonly Change[] | null {
    const missed = this.#generation - generation;
    return missed > this.#changes.length ? null : this.#changes.slice(this.#changes.length - missed);
  }

  /** Bytes held, estimated. */
  get memory(): number {
    const levels = this.#levels.reduce((sum, level) => sum + level.memory, 0);
    return levels + this.#slots * 32 + this.#entries.size * 500;
  }

  /** Bytes of it that belong to what has been removed. */
  get wasted(): number {
    return this.#levels.reduce((sum, level) => sum + level.wasted, 0);
  }

  #maskOf(filter: Filter): Uint8Array {
    return this.#masks.of(filter, this.#slots, this.#entries.values());
  }

  #nextSearch(): number {
    if (this.#search === 2 ** 32 - 1) {
      this.#found.fill(0);
      this.#search = 0;
    }
    return ++this.#search;
  }

  #appendGeometry(entry: Entry, geometry: Uint8Array) {
    const { slot, chunks } = entry;
    try {
      forEachChunk(geometry, (offset, level, pointCount, bounds) => {
        const chunk = this.#levels[level].append(slot, geometry, offset, offset + 8 + pointCount * 4, bounds);
        if (chunks[level * 2 + 1]++ === 0) chunks[level * 2] = chunk;
      });
    } catch (error) {
      // half an activity is none: its tag would promise pixels that are not there
      this.remove(entry.activityId);
      throw error;
    }
  }

  #note(entry: Entry) {
    this.#changes.push(new Change(++this.#generation, entry, this.#levels, entry.chunks));
    if (this.#changes.length > REMEMBERED_CHANGES) this.#changes.shift();
  }

  #reserve(slots: number) {
    if (slots <= this.#found.length) return;
    const capacity = Math.max(256, Math.ceil(slots * 1.25));
    const tags = new Uint32Array(capacity * 4);
    tags.set(this.#tags);
    this.#tags = tags;
    // the numbers of past searches are not needed
    this.#found = new Uint32Array(capacity);
  }
}
