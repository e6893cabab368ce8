import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

let folder: string | null = null;
let count = 0;

/** Writes an archive into a folder for temporary files, where it stays until this process ends; answers its path. */
export async function keepTemporarily(archive: AsyncIterable<Uint8Array>): Promise<string> {
  if (folder === null) {
    const made = mkdtempSync(join(tmpdir(), 'pathglow-'));
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  const path = join(folder, `${count++}.zip`);
  await pipeline(
    Readable.from(archive, { objectMode: false }),
    createWriteStream(path, { mode: 0o600, flags: 'wx' }),
  );
  return path;
}
