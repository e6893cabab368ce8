import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another running server has the data folder. */
export class FolderInUse extends Error {
  constructor(folder: string) {
    super(
      `Another server is using ${folder}. Stop it first, hand it files with \`npm run pathglow -- import\`, ` +
        'or choose another folder with DATA_DIR.',
    );
    this.name = 'FolderInUse';
  }
}

/** How commands reach the server that has the folder. */
export interface Control {
  pid: number;
  /** Without a slash at the end. */
  url: string;
  secret: string;
}

/** A data folder that this process alone has. */
export interface DataFolder {
  path: string;
  /** Says how this server is reached. */
  announce(control: Control): Promise<void>;
  release(): Promise<void>;
}

/**
 * Takes a data folder, made if need be. The lock is SQLite's on a file of its own: the system drops it with the process
 * that holds it, however that ends, so that no number of a dead process is ever mistaken for a living one. Throws
 * FolderInUse.
 */
export async function takeFolder(path: string): Promise<DataFolder> {
  await mkdir(path, { recursive: true });
  const lock = new DatabaseSync(join(path, 'lock'), { timeout: 0 });
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive');
  } catch (error) {
    lock.close();
    if (/locked|busy/i.test(String(error))) throw new FolderInUse(path);
    throw error;
  }
  const control = join(path, 'control.json');
  return {
    path,
    async announce(about) {
      await writeFile(`${control}.new`, JSON.stringify(about), { mode: 0o600 });
      await chmod(`${control}.new`, 0o600);
      await rename(`${control}.new`, control);
    },
    async release() {
      await rm(control, { force: true });
      lock.close();
    },
  };
}

/** How the running server of a folder is reached; null when there is none, or none that listens yet. */
export async function readControl(path: string): Promise<Control | null> {
  const text = await readFile(join(path, 'control.json'), 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as Control);
}
