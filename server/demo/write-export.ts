import { rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DemoOptions, demoActivities } from './athlete.ts';
import { exportZip } from './export-writer.ts';

/** Writes the demo athlete's bulk export into a folder, unless it is there already; answers its path. */
export async function writeDemoExport(folder: string, options: DemoOptions = {}): Promise<string> {
  const path = join(folder, 'demo-export.zip');
  if (await stat(path).catch(() => null)) return path;
  await writeFile(`${path}.new`, exportZip([...demoActivities(options)]));
  await rename(`${path}.new`, path);
  return path;
}
