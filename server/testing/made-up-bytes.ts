import { seeded } from './sample-activities.ts';

/** Bytes that do not compress, the same for the same seed. */
export function madeUpBytes(length: number, seed = 1): Uint8Array {
  const random = seeded(seed);
  return Uint8Array.from({ length }, () => random() * 256);
}
