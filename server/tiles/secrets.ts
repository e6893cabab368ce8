import { deriveKey } from '../athletes/seal.ts';
import type { Geometry } from '../index/subject.ts';

/** What of an athlete's data key tiles need. */
export interface TileSecrets {
  /** Keys the addresses, of either geometry by a key of its own: what others see tells nothing of what is whole. */
  address: Record<Geometry, Buffer>;
  /** Seals cached tiles. */
  cache: Buffer;
}

const derived = new WeakMap<Buffer, TileSecrets>();

/** Derived once for as long as the keyring hands out the same key, and forgotten with it. */
export function secretsOf(dataKey: Buffer): TileSecrets {
  let secrets = derived.get(dataKey);
  if (!secrets) {
    secrets = {
      address: {
        own: deriveKey(dataKey, 'tile addresses'),
        public: deriveKey(dataKey, 'public tile addresses'),
      },
      cache: deriveKey(dataKey, 'cached tiles'),
    };
    derived.set(dataKey, secrets);
  }
  return secrets;
}
