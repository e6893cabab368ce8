import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/**
 * Sealing: AES-256-GCM with a random nonce, bound to a context that says what the bytes are for.
 *
 *   | version 1 | nonce 12 | ciphertext | authentication tag 16 |
 */

export const KEY_BYTES = 32;

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const OVERHEAD = 1 + NONCE_BYTES + TAG_BYTES;

/** Sealed bytes that are damaged, were sealed with another key, or for another purpose. */
export class SealError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SealError';
  }
}

/** Seals bytes with a key of 32 bytes; they open with the same key and context only. */
export function seal(key: Buffer, plain: Uint8Array, context: string): Buffer {
  const sealed = Buffer.allocUnsafe(plain.length + OVERHEAD);
  sealed[0] = VERSION;
  const nonce = randomBytes(NONCE_BYTES);
  nonce.copy(sealed, 1);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const body = cipher.update(plain);
  body.copy(sealed, 1 + NONCE_BYTES);
  cipher.final();
  cipher.getAuthTag().copy(sealed, sealed.length - TAG_BYTES);
  return sealed;
}

/** Opens what `seal` made. Throws SealError. */
export function open(key: Buffer, sealed: Uint8Array, context: string): Buffer {
  if (sealed.length < OVERHEAD || sealed[0] !== VERSION) throw new SealError('not sealed, or cut off');
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce)
    .setAAD(Buffer.from(context))
    .setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const plain = decipher.update(sealed.subarray(1 + NONCE_BYTES, sealed.length - TAG_BYTES));
  try {
    decipher.final();
  } catch {
    throw new SealError('sealed with another key, for another purpose, or damaged');
  }
  return plain;
}

/** A key of 32 bytes for one purpose, made from another (HKDF-SHA-256, RFC 5869): neither tells the other. */
export function deriveKey(key: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), purpose, KEY_BYTES));
}
