import { EventEmitter } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { DiskAnswer, DiskRequest, DiskWorkerData } from './disk-worker.ts';

export interface DiskStoreOptions extends DiskWorkerData {
  warn(message: string, details: Record<string, unknown>): void;
}

type Unsent = DiskRequest extends infer Request
  ? Request extends unknown
    ? Omit<Request, 'id'>
    : never
  : never;

/** After the disk failed (full, read-only, gone) it is left alone for so long, milliseconds. */
const REST = 60_000;
/** Writes that may wait for a slow disk; further ones are dropped, as a cache may. */
const WAITING_WRITES = 500;

/**
 * A storage adapter for Keyv: bytes by key in one SQLite file of bounded size, least recently used out first,
 * owned by a thread of its own. It never fails a caller: a disk that fails is a miss, and says so once.
 */
export class DiskStore extends EventEmitter {
  /** What Keyv asks of an adapter. */
  readonly opts = {};
  namespace?: string;
  readonly tier = 'disk';
  readonly #options: DiskStoreOptions;
  readonly #worker: Worker;
  readonly #pending = new Map<number, (value: Uint8Array | null) => void>();
  #bytes = 0;
  #requests = 0;
  #writes = 0;
  #restUntil = 0;
  readonly #ended: Promise<unknown>;
  #closed: Promise<void> | undefined;

  constructor(options: DiskStoreOptions) {
    super();
    this.#options = options;
    const workerData: DiskWorkerData = { path: options.path, limit: options.limit };
    this.#worker = new Worker(new URL('./disk-worker.ts', import.meta.url), {
      workerData,
      name: 'tile cache',
    });
    this.#worker.unref();
    this.#worker.on('message', (answer: DiskAnswer) => this.#answered(answer));
    this.#worker.on('error', (error) => this.#rest(String(error), Number.POSITIVE_INFINITY));
    this.#ended = new Promise((resolve) => this.#worker.once('exit', resolve));
    this.#worker.once('exit', () => this.#rest('closed', Number.POSITIVE_INFINITY, false));
  }

  /** What is kept takes so many, as of the last answer of the thread that keeps it. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Keyv wraps what it keeps; entries here have no expiry, so only the bytes are stored. */
  async get(key: string): Promise<{ value: Buffer } | undefined> {
    const value = await this.#ask({ op: 'get', key });
    return value ? { value: Buffer.from(value.buffer, value.byteOffset, value.byteLength) } : undefined;
  }

  /** Counts as a use, so that what is kept because it is there stays there. */
  async has(key: string): Promise<boolean> {
    return (await this.#ask({ op: 'has', key })) !== null;
  }

  async set(key: string, { value }: { value: Uint8Array }): Promise<boolean> {
    if (this.#writes >= WAITING_WRITES) return false;
    this.#writes++;
    // a copy, since the bytes are in use here and may lie in a larger buffer
    await this.#ask({ op: 'set', key, value: Uint8Array.from(value) });
    this.#writes--;
    return true;
  }

  async delete(key: string): Promise<boolean> {
    await this.#ask({ op: 'delete', key });
    return true;
  }

  async clear(): Promise<void> {
    await this.#ask({ op: 'clear' });
  }

  /** Writes what is left to write and closes the file. */
  disconnect(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    if (this.#restUntil !== Number.POSITIVE_INFINITY) this.#restUntil = 0;
    await this.#ask({ op: 'close' });
    this.#worker.ref();
    await this.#ended;
  }

  #ask(request: Unsent): Promise<Uint8Array | null> {
    if (performance.now() < this.#restUntil) return Promise.resolve(null);
    const id = ++this.#requests;
    const { promise, resolve } = Promise.withResolvers<Uint8Array | null>();
    // only work under way keeps the program from ending
    if (this.#pending.size === 0) this.#worker.ref();
    this.#pending.set(id, resolve);
    const transfer = request.op === 'set' ? [request.value.buffer as ArrayBuffer] : [];
    this.#worker.postMessage({ ...request, id }, transfer);
    return promise;
  }

  #answered({ id, value, error, bytes, renewed }: DiskAnswer) {
    this.#bytes = bytes;
    if (error) this.#rest(error, REST);
    if (renewed) {
      const { path, warn } = this.#options;
      warn('the tile cache on disk was damaged and is begun anew', { path, error: renewed });
    }
    this.#pending.get(id)?.(value ?? null);
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.#worker.unref();
  }

  #rest(error: string, milliseconds: number, warn = true) {
    const resting = performance.now() < this.#restUntil;
    this.#restUntil = performance.now() + milliseconds;
    const { path } = this.#options;
    if (warn && !resting) {
      this.#options.warn('the tile cache on disk fails; tiles are kept in memory only', { path, error });
    }
    if (milliseconds !== Number.POSITIVE_INFINITY) return;
    for (const resolve of this.#pending.values()) resolve(null);
    this.#pending.clear();
  }
}
