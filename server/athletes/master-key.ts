import { randomBytes } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { KEY_BYTES } from './seal.ts';

/** The master key in a data folder, mode 0600; made when there is none. Throws when the file is not a key. */
export async function masterKeyIn(folder: string): Promise<Buffer> {
  return (await existingMasterKey(folder)) ?? makeKey(pathIn(folder));
}

/** The master key in a data folder; null when there is none. Throws when the file is not a key. */
export async function existingMasterKey(folder: string): Promise<Buffer | null> {
  const path = pathIn(folder);
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
async function makeKey(path: string): Promise<Buffer> {
  const key = randomBytes(KEY_BYTES);
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(`${key.toString('hex')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  return key;
}
