import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@keyv/redis';

export interface RedisStoreOptions {
  /** redis: or rediss:, with user and password. */
  url: string;
  warn(message: string, details: Record<string, unknown>): void;
  /** Milliseconds until an answer is a miss. */
  patience?: number;
  /** Milliseconds for which it is left alone after it failed. */
  rest?: number;
}

const PREFIX = 'pathglow:tile:';
/** Seconds after which a tile goes, used or not: an address that nobody makes any more would stay for ever. */
const KEPT = 30 * 24 * 3600;
/** A tile is drawn in less. */
const PATIENCE = 500;
const REST = 10_000;
const LONGEST_RECONNECT = 5000;

/** Strings come as bytes: the kind of a reply is the character it begins with on the wire. */
const BYTES = { ['$'.charCodeAt(0)]: Buffer };

/**
 * A storage adapter for Keyv: bytes by key in a Redis or Valkey that several processes share. How much it keeps is its
 * own setting. It never fails a caller: one that is away, or slow, is a miss, and that is said once.
 */
export class RedisStore extends EventEmitter {
  /** What Keyv asks of an adapter. */
  readonly opts = {};
  namespace?: string;
  readonly tier = 'shared';
  readonly #options: RedisStoreOptions;
  readonly #client: ReturnType<typeof clientOf>;
  #restUntil = 0;
  #failing = false;
  #closed = false;

  constructor(options: RedisStoreOptions) {
    super();
    this.#options = options;
    this.#client = clientOf(options.url);
    this.#client.on('error', (error) => this.#failed(error));
    this.#client.connect().catch((error) => this.#failed(error));
  }

  /** Keyv wraps what it keeps; only the bytes are stored. */
  async get(key: string): Promise<{ value: Buffer } | undefined> {
    const value = await this.#ask((client) => client.get(PREFIX + key));
    return value ? { value } : undefined;
  }

  async has(key: string): Promise<boolean> {
    return (await this.#ask((client) => client.exists(PREFIX + key))) === 1;
  }

  async set(key: string, { value }: { value: Uint8Array }): Promise<boolean> {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    const done = await this.#ask((client) =>
      client.set(PREFIX + key, bytes, { expiration: { type: 'EX', value: KEPT } }),
    );
    return done !== undefined;
  }

  async delete(key: string): Promise<boolean> {
    return (await this.#ask((client) => client.unlink(PREFIX + key))) === 1;
  }

  /** What others share is not this process's to clear. */
  async clear(): Promise<void> {}

  async disconnect(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#client.destroy();
  }

  async #ask<Answer>(
    ask: (client: ReturnType<typeof clientOf>) => Promise<Answer>,
  ): Promise<Answer | undefined> {
    if (this.#closed || !this.#client.isReady || performance.now() < this.#restUntil) return undefined;
    const waited = new AbortController();
    const { patience = PATIENCE } = this.#options;
    const late = sleep(patience, undefined, { signal: waited.signal, ref: false }).then(() => {
      throw new Error('it does not answer in time');
    });
    try {
      const answer = await Promise.race([ask(this.#client), late]);
      if (this.#failing) this.#options.warn('the shared tile cache answers again', {});
      this.#failing = false;
      return answer;
    } catch (error) {
      this.#failed(error);
      return undefined;
    } finally {
      waited.abort();
    }
  }

  #failed(error: unknown) {
    if (this.#closed) return;
    this.#restUntil = performance.now() + (this.#options.rest ?? REST);
    if (!this.#failing) {
      this.#options.warn('the shared tile cache fails; tiles are kept in memory only', {
        error: String(error),
      });
    }
    this.#failing = true;
  }
}

function clientOf(url: string) {
  return createClient({
    url,
    // what cannot be asked now is a miss, not a question for later
    disableOfflineQueue: true,
    socket: {
      connectTimeout: 5000,
      reconnectStrategy: (retries) => Math.min(100 * 2 ** retries, LONGEST_RECONNECT),
    },
  }).withTypeMapping(BYTES);
}
