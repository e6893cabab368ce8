/** Files out of a drop: loose ones, and those in dropped folders. */

/** A file, and where it was: the list of an export names its recordings by their folder. */
export interface Picked {
  path: string;
  file: File;
}

/** What can be imported, by the end of its name. */
export const ACCEPTED = '.gpx,.tcx,.fit,.gz,.zip';

const WANTED = /\.(gpx|tcx|fit|gz|zip)$/i;
/** An export unpacked: its list names the recordings beside it. */
const LIST = /(^|\/)activities\.csv$/i;

export function isWanted(name: string): boolean {
  return WANTED.test(name) || LIST.test(name);
}

/** Whether a drag brings files, and not a piece of text. */
export function bringsFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes('Files') ?? false;
}

/** The wanted files of a drop. To be called in the event itself: its content is gone right after. */
export async function filesOf(transfer: DataTransfer): Promise<Picked[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  const loose = [...transfer.files].map(picked);
  const found = entries.some((entry) => entry?.isDirectory)
    ? (await Promise.all(entries.map((entry) => (entry ? filesIn(entry) : [])))).flat()
    : loose;
  // one file dropped by itself is sent whatever its name: the server says best what is wrong with it
  return found.length === 1 && loose.length === 1 ? found : found.filter(({ path }) => isWanted(path));
}

/** A file of a picker or a drop. */
export function picked(file: File): Picked {
  return { path: file.webkitRelativePath || file.name, file };
}

async function filesIn(entry: FileSystemEntry): Promise<Picked[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [{ path: entry.fullPath.replace(/^\//, ''), file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: Picked[] = [];
  // a folder is told in batches, of which the last is empty
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (batch.length === 0) return found;
    for (const inner of batch) found.push(...(await filesIn(inner)));
  }
}
