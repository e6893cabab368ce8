/** Files out of a drop: loose ones, and those in dropped folders. */

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
export async function filesOf(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  const loose = [...transfer.files];
  const found = entries.some((entry) => entry?.isDirectory)
    ? (await Promise.all(entries.map((entry) => (entry ? filesIn(entry) : [])))).flat()
    : loose;
  // one file dropped by itself is sent whatever its name: the server says best what is wrong with it
  return found.length === 1 && loose.length === 1 ? found : found.filter((file) => isWanted(file.name));
}

async function filesIn(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    return [
      await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)),
    ];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: File[] = [];
  // a folder is told in batches, of which the last is empty
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (batch.length === 0) return found;
    for (const inner of batch) found.push(...(await filesIn(inner)));
  }
}
