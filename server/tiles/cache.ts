import Keyv from 'keyv';
import { LRUCache } from 'lru-cache';
import { open, seal } from '../athletes/seal.ts';
import type { DiskStore } from './disk-store.ts';

export interface TileCacheOptions {
  /** Bytes. */
  memoryLimit: number;
  /** Absent: memory only. */
  disk?: DiskStore;
  warn(message: string, details: Record<string, unknown>): void;
}

/** What an entry costs beside its bytes. */
const OVERHEAD = 200;

/**
 * Uncoloured tiles by address: in memory, and below that sealed with their athlete's key on disk. As an address
 * names its content, nothing here is ever stale and nothing is ever invalidated.
 */
export class TileCache {
  readonly #memory: LRUCache<string, Buffer>;
  readonly #disk: Keyv<Buffer> | null;
  readonly #warn: TileCacheOptions['warn'];

  constructor({ memoryLimit, disk, warn }: TileCacheOptions) {
    this.#warn = warn;
    this.#memory = new LRUCache({
      maxSize: Math.max(1, memoryLimit),
      sizeCalculation: (png) => png.length + OVERHEAD,
    });
    this.#disk = disk ? new Keyv({ store: disk, useKeyPrefix: false, emitErrors: false }) : null;
    if (this.#disk) {
      // bytes in, bytes out: Keyv's own serialisation would make base64 JSON of them
      this.#disk.serialize = undefined;
      this.#disk.deserialize = undefined;
    }
  }

  /** From memory, at once. */
  remembered(address: string): Buffer | undefined {
    return this.#memory.get(address);
  }

  /** From disk, then kept in memory. A damaged or foreign entry is a miss: said once, and taken away. */
  async read(address: string, key: Buffer): Promise<Buffer | undefined> {
    const sealed = await this.#disk?.get(address);
    if (!sealed) return undefined;
    try {
      const png = open(key, sealed, contextOf(address));
      this.#memory.set(address, png);
      return png;
    } catch (error) {
      this.#warn('a cached tile cannot be opened and is drawn again', { address, error: String(error) });
      await this.#disk?.delete(address);
      return undefined;
    }
  }

  /** Whether it is kept somewhere; using it is another matter. */
  async has(address: string): Promise<boolean> {
    return this.#memory.has(address) || ((await this.#disk?.has(address)) ?? false);
  }

  /**
   * Keeps a tile in memory at once and on disk soon. `onlyIfRoom`: in memory only where nothing else has to go for it,
   * since nobody has asked for it yet.
   */
  write(address: string, key: Buffer, png: Buffer, { onlyIfRoom = false } = {}): void {
    const room = this.#memory.maxSize - this.#memory.calculatedSize;
    if (!onlyIfRoom || png.length + OVERHEAD <= room) this.#memory.set(address, png);
    this.#disk?.set(address, seal(key, png, contextOf(address))).catch((error) => {
      this.#warn('a tile was not written to disk', { address, error: String(error) });
    });
  }

  figures(): { memoryBytes: number; memoryTiles: number } {
    return { memoryBytes: this.#memory.calculatedSize, memoryTiles: this.#memory.size };
  }

  async close(): Promise<void> {
    await this.#disk?.disconnect();
  }
}

/** Binds the sealed bytes to their address, so that no entry can stand in for another. */
function contextOf(address: string): string {
  return `tile:${address}`;
}
