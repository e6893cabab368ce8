import { randomBytes } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { KEY_BYTES } from './seal.ts';

/** The master key in a data folder, mode 0600; made when there is none. Throws when the file is not a key. */
export async function masterKeyIn(folder: string): Promise<Buffer> {
  const existing = await existingMasterKey(folder);
  if (existing) return existing;
  const key = randomBytes(KEY_BYTES);
  await writeKey(pathIn(folder), key);
  return key;
}

/**
 * Changes the master key in a data folder for a new one: `change` makes the data keys follow. The new key is on the
 * disk before anything is wrapped with it, so whoever is interrupted goes on with the same one when called again.
 */
export async function renewMasterKey(
  folder: string,
  change: (before: Buffer, after: Buffer) => Promise<void>,
): Promise<Buffer> {
  const before = await masterKeyIn(folder);
  const next = `${pathIn(folder)}.next`;
  let after = await readKey(next);
  if (after === null) {
    after = randomBytes(KEY_BYTES);
    await writeKey(next, after);
  }
  await change(before, after);
  await rename(next, pathIn(folder));
  return after;
}

/** The master key in a data folder; null when there is none. Throws when the file is not a key. */
export async function existingMasterKey(folder: string): Promise<Buffer | null> {
  return readKey(pathIn(folder));
}

async function readKey(path: string): Promise<Buffer | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  if (!/^[0-9a-f]{64}\n?$/i.test(text)) throw new Error(`${path} is not a master key: 64 hexadecimal digits`);
  return Buffer.from(text.trim(), 'hex');
}

function pathIn(folder: string): string {
  return join(folder, 'master.key');
}

/** On disk before it is used: what it seals must never outlive it. */
async function writeKey(path: string, key: Buffer): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(`${key.toString('hex')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}
