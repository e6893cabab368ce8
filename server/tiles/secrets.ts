import { deriveKey } from '../athletes/seal.ts';

/** What of an athlete's data key tiles need. */
export interface TileSecrets {
  /** Keys the addresses: the map's secret. */
  address: Buffer;
  /** Seals cached tiles. */
  cache: Buffer;
}

const derived = new WeakMap<Buffer, TileSecrets>();

/** Derived once for as long as the keyring hands out the same key, and forgotten with it. */
export function secretsOf(dataKey: Buffer): TileSecrets {
  let secrets = derived.get(dataKey);
  if (!secrets) {
    secrets = { address: deriveKey(dataKey, 'tile addresses'), cache: deriveKey(dataKey, 'cached tiles') };
    derived.set(dataKey, secrets);
  }
  return secrets;
}
