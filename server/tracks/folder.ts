import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { faultOf, type Listed } from './entry.ts';
import { TrackFileError } from './recording.ts';

/** What systems leave lying about. */
export const HIDDEN = /(^|\/)(\.[^/]|__MACOSX(\/|$)|Thumbs\.db$|desktop\.ini$)/i;

/** Folders in folders. */
const DEEPEST = 64;

/**
 * All files below a folder, in order of their names, hidden ones left out. Links are followed, into each folder
 * once, so that one which leads back ends. What cannot be opened is listed with its fault. Throws `too_many_files`.
 */
export async function listFolder(root: string, most: number): Promise<Listed[]> {
  const listed: Listed[] = [];
  const visited = new Set<string>();

  async function visit(folder: string, prefix: string, depth: number): Promise<void> {
    const { dev, ino } = await stat(folder);
    if (visited.has(`${dev}:${ino}`) || depth > DEEPEST) return;
    visited.add(`${dev}:${ino}`);
    const names = await readdir(folder);
    for (const name of names.sort()) {
      if (HIDDEN.test(name)) continue;
      const path = join(folder, name);
      const ref = { path, member: null };
      try {
        const found = await stat(path);
        if (found.isDirectory()) await visit(path, `${prefix}${name}/`, depth + 1);
        else if (found.isFile()) listed.push({ name: prefix + name, size: found.size, ref });
      } catch (error) {
        if (error instanceof TrackFileError) throw error;
        const { code, message } = faultOf(error);
        listed.push({ name: prefix + name, size: 0, ref, fault: new TrackFileError(code, message) });
      }
      if (listed.length > most) {
        throw new TrackFileError('too_many_files', `there are more than ${most.toLocaleString('en')} files`);
      }
    }
  }

  await visit(root, '', 0);
  return listed;
}
