import Keyv from 'keyv';
import { LRUCache } from 'lru-cache';
import { open, seal } from '../athletes/seal.ts';
import type { DiskStore } from './disk-store.ts';
import type { RedisStore } from './redis-store.ts';

export interface TileCacheOptions {
  /** Bytes. */
  memoryLimit: number;
  /** What is below memory: this machine's disk, or what several processes share; absent: nothing. */
  store?: DiskStore | RedisStore;
  warn(message: string, details: Record<string, unknown>): void;
}

/** What an entry costs beside its bytes. */
const OVERHEAD = 200;

/**
 * Uncoloured tiles by address: in memory, and below that, on disk or shared, sealed with their athlete's key. As an address
 * names its content, nothing here is ever stale and nothing is ever invalidated.
 */
export class TileCache {
  readonly #memory: LRUCache<string, Buffer>;
  readonly #store: Keyv<Buffer> | null;
  readonly #bytesOnDisk: () => number;
  /** What is on its way below. */
  readonly #writing = new Set<Promise<void>>();
  /** Where what `read` finds has been. */
  readonly tier: 'disk' | 'shared';
  readonly #warn: TileCacheOptions['warn'];

  constructor({ memoryLimit, store, warn }: TileCacheOptions) {
    this.#warn = warn;
    this.tier = store?.tier ?? 'disk';
    this.#memory = new LRUCache({
      maxSize: Math.max(1, memoryLimit),
      sizeCalculation: (png) => png.length + OVERHEAD,
    });
    this.#bytesOnDisk = () => (store?.tier === 'disk' ? store.bytes : 0);
    this.#store = store ? new Keyv({ store, useKeyPrefix: false, emitErrors: false }) : null;
    if (this.#store) {
      // bytes in, bytes out: Keyv's own serialisation would make base64 JSON of them
      this.#store.serialize = undefined;
      this.#store.deserialize = undefined;
    }
  }

  /** From memory, at once. */
  remembered(address: string): Buffer | undefined {
    return this.#memory.get(address);
  }

  /** From below, then kept in memory. A damaged or foreign entry is a miss: said once, and taken away. */
  async read(address: string, key: Buffer): Promise<Buffer | undefined> {
    const sealed = await this.#store?.get(address);
    if (!sealed) return undefined;
    try {
      const png = open(key, sealed, contextOf(address));
      this.#memory.set(address, png);
      giveBack(sealed);
      return png;
    } catch (error) {
      this.#warn('a cached tile cannot be opened and is drawn again', { address, error: String(error) });
      await this.#store?.delete(address);
      return undefined;
    }
  }

  /** Whether it is kept somewhere; using it is another matter. */
  async has(address: string): Promise<boolean> {
    return this.#memory.has(address) || ((await this.#store?.has(address)) ?? false);
  }

  /**
   * Keeps a tile in memory at once and below it soon. `onlyIfRoom`: in memory only where nothing else has to go for it,
   * since nobody has asked for it yet.
   */
  write(address: string, key: Buffer, png: Buffer, { onlyIfRoom = false } = {}): void {
    const room = this.#memory.maxSize - this.#memory.calculatedSize;
    if (!onlyIfRoom || png.length + OVERHEAD <= room) this.#memory.set(address, png);
    if (!this.#store) return;
    const writing = this.#store
      .set(address, seal(key, png, contextOf(address)))
      .catch((error) => this.#warn('a tile was not kept', { address, error: String(error) }))
      .then(() => void this.#writing.delete(writing));
    this.#writing.add(writing);
  }

  /** Resolves when all that was written until now is below, as far as it will ever be. */
  async settled(): Promise<void> {
    await Promise.all(this.#writing);
  }

  figures(): { memoryBytes: number; memoryTiles: number; diskBytes: number } {
    return {
      memoryBytes: this.#memory.calculatedSize,
      memoryTiles: this.#memory.size,
      diskBytes: this.#bytesOnDisk(),
    };
  }

  async close(): Promise<void> {
    await this.#store?.disconnect();
  }
}

/**
 * Gives back the memory of bytes that nothing else uses, where they have it to themselves. Left to the collector, every
 * few hundred tiles from the disk would hold up all requests for a full collection.
 */
function giveBack({ buffer, length }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === length) buffer.transfer(0);
}

/** Binds the sealed bytes to their address, so that no entry can stand in for another. */
function contextOf(address: string): string {
  return `tile:${address}`;
}
